"""Countries come from a file on this machine; whatever is wrong with it, nobody waits and nothing breaks (L4)."""

from __future__ import annotations

import os
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from catalog.clicks.geo import GeoFile


def text(value: str) -> bytes:
    return bytes([2 << 5 | len(value)]) + value.encode()


def number(kind: int, value: int) -> bytes:
    size = (value.bit_length() + 7) // 8
    control = bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])
    return control + value.to_bytes(size, "big")


def mapping(**values: bytes) -> bytes:
    return bytes([7 << 5 | len(values)]) + b"".join(text(name) + value for name, value in values.items())


def mmdb(network: str, value: bytes) -> bytes:
    """A file in MaxMind's format that knows one network."""
    prefix = IPv4Network(network)
    depth = prefix.prefixlen
    tree = b""
    for level in range(depth):
        right = int(prefix.network_address) >> (31 - level) & 1
        onward = level + 1 if level + 1 < depth else depth + 16
        pair = [depth, onward] if right else [onward, depth]
        tree += b"".join(one.to_bytes(3, "big") for one in pair)
    metadata = mapping(
        binary_format_major_version=number(5, 2),
        binary_format_minor_version=number(5, 0),
        build_epoch=number(9, 1_800_000_000),
        database_type=text("Test-Country"),
        description=mapping(en=text("one network")),
        ip_version=number(5, 4),
        languages=bytes([1, 4]) + text("en"),
        node_count=number(6, depth),
        record_size=number(5, 24),
    )
    return tree + b"\0" * 16 + value + b"\xab\xcd\xefMaxMind.com" + metadata


GERMANY = mapping(country=mapping(iso_code=text("DE")))
AUSTRIA = mapping(country=mapping(iso_code=text("AT")))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "countries.mmdb"
    path.write_bytes(mmdb("198.51.100.0/24", GERMANY))
    return path


def test_an_address_is_in_its_networks_country(file: Path) -> None:
    countries = GeoFile(file)
    assert [countries.country(one) for one in ("198.51.100.7", "203.0.113.9")] == ["DE", ""]


@pytest.mark.parametrize("address", ["", "::1", "2001:db8::1", "198.51.100", "unknown", "198.51.100.7:80", "\0", "ü"])
def test_what_is_no_address_or_not_in_the_file_has_no_country(file: Path, address: str) -> None:
    assert GeoFile(file).country(address) == ""


@pytest.mark.parametrize(
    "value",
    [text("DE"), mapping(country=text("DE")), mapping(country=mapping(iso_code=text("de"))), mapping(city=text("x"))],
    ids=["text", "no map", "small letters", "no country"],
)
def test_a_file_of_another_kind_says_nothing(file: Path, value: bytes) -> None:
    file.write_bytes(mmdb("198.51.100.0/24", value))
    assert GeoFile(file).country("198.51.100.7") == ""


@pytest.mark.parametrize("content", [b"", b"no database", b"\xab\xcd\xefMaxMind.com", None])
def test_a_broken_or_missing_file_is_a_line_in_the_log(
    file: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    file.unlink() if content is None else file.write_bytes(content)
    assert GeoFile(file).country("198.51.100.7") == ""
    assert f"{file} cannot be read" in caplog.text


def test_a_file_that_was_replaced_is_read_again_and_a_broken_one_is_not(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.clicks.geo.LOOK_AGAIN_SECONDS", 0.0)
    countries = GeoFile(file)
    assert countries.country("198.51.100.7") == "DE"
    new = file.with_suffix(".new")
    new.write_bytes(mmdb("198.51.100.0/24", AUSTRIA))
    os.utime(new, (1, 1))
    new.replace(file)
    countries.look_again()
    assert countries.country("198.51.100.7") == "AT"
    file.write_bytes(b"half a file")
    countries.look_again()
    assert countries.country("198.51.100.7") == "AT"
