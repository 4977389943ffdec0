from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from catalog.http import DoorError, WebDoor
from tests.catalog.shop import Shop, open_shop

PUBLIC = "93.184.216.34"


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


def refusal(door: WebDoor, url: str) -> DoorError:
    with pytest.raises(DoorError) as caught, door.get(url) as reply:
        reply.read()
    return caught.value


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.5",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[::7f00:1]",
    ],
)
def test_every_spelling_of_a_private_address_is_refused(host: str) -> None:
    error = refusal(WebDoor(user_agent="x", timeout_seconds=1), f"http://{host}/")
    assert "address, which is never read from" in str(error) or "not a web address" in str(error)
    assert error.permanent


def test_a_name_that_leads_to_a_private_address_is_refused(shop: Shop) -> None:
    door = WebDoor(user_agent="x", resolve=lambda host, port: ["127.0.0.1"])
    assert "loopback" in str(refusal(door, f"http://shop.example:{shop.host.split(':')[1]}/"))
    assert shop.asked == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    door = WebDoor(user_agent="x", resolve=lambda host, port: [PUBLIC, "10.0.0.1"])
    assert "private" in str(refusal(door, "http://shop.example/"))


def test_a_name_server_that_changes_its_mind_is_asked_only_once(shop: Shop) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    port = shop.host.split(":")[1]
    shop.serves("/", b"pinned")
    door = WebDoor(user_agent="x", allowed_private=frozenset({f"shop.example:{port}"}), resolve=rebinding)
    with door.get(f"http://shop.example:{port}/") as reply:
        assert reply.read() == b"pinned"
    assert asked == ["shop.example"]
    assert shop.asked[0][1]["host"] == f"shop.example:{port}"


def test_each_request_is_checked_anew_when_a_name_rebinds(shop: Shop) -> None:
    port = shop.host.split(":")[1]
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    door = WebDoor(user_agent="x", timeout_seconds=0.2, resolve=lambda host, port: next(answers))
    next(answers)
    assert "loopback" in str(refusal(door, f"http://shop.example:{port}/"))


def test_a_redirect_to_a_private_address_is_refused(shop: Shop) -> None:
    with open_shop() as inner:
        inner.serves("/admin", b"secret")
        url = shop.serves("/go", lambda visit: visit.answer(b"", status=302, location=inner.url("/admin")))
        assert "loopback" in str(refusal(shop.door(), url))
        assert inner.asked == []


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.com/x"])
def test_a_redirect_to_another_protocol_is_refused(shop: Shop, location: str) -> None:
    url = shop.serves("/go", lambda visit: visit.answer(b"", status=302, location=location))
    assert refusal(shop.door(), url).permanent


def test_the_exemption_is_for_one_port_only(shop: Shop) -> None:
    with open_shop() as other:
        assert "loopback" in str(refusal(shop.door(), other.url("/")))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://user:secret@example.com/", "user name or password"),
        ("http://example.com\\@127.0.0.1/", "user name or password"),
        ("ftp://example.com/", "Only http and https"),
        ("javascript:alert(1)", "not a web address"),
        ("http://", "not a web address"),
        ("http://exa mple.com/", "not a web address"),
        ("http://example.com:99999/", "not a web address"),
        ("http://[fe80::1%25eth0]/", "not a web address"),
        ("", "not a web address"),
    ],
)
def test_addresses_that_are_none_are_refused_with_a_reason(url: str, reason: str) -> None:
    assert reason in str(refusal(WebDoor(user_agent="x"), url))


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    assert "could not be resolved" in str(refusal(WebDoor(user_agent="x", resolve=unknown), "http://shop.example/"))
