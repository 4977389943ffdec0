"""A link's QR code says its whole address, and phones find it: contrast, quiet zone, and every module in its place."""

from __future__ import annotations

import struct
import zlib
from xml.etree import ElementTree

import pytest

from catalog.links import qr_codes
from tests.catalog.qr_reader import read_modules

ADDRESSES = [
    pytest.param("https://earmark.example/go/one/?p=qr-abcdefg", id="short"),
    pytest.param(f"https://www.a-longer-name-of-a-site.example/go/{'a' * 40}/?p=qr-abcdefg", id="the longest code"),
    pytest.param("http://127.0.0.1:8000/go/x/?p=qr-2345672", id="a demo"),
]


def _png_modules(picture: bytes, pixels: int) -> list[list[bool]]:
    """The dark modules of a PNG of one bit a pixel, as its first pixels say."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, rest = {}, picture[8:]
    while rest:
        (size,) = struct.unpack(">I", rest[:4])
        chunks.setdefault(rest[4:8], b"")
        chunks[rest[4:8]] += rest[8 : 8 + size]
        rest = rest[12 + size :]
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (width, depth, colour) == (height, 1, 0), "grey, one bit"
    rows = zlib.decompress(chunks[b"IDAT"])
    stride = 1 + (width + 7) // 8
    return [
        [not rows[y * stride + 1 + x // 8] >> (7 - x % 8) & 1 for x in range(0, width, pixels)]
        for y in range(0, height, pixels)
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_png_is_read_back(address: str) -> None:
    modules = _png_modules(qr_codes.png(address, pixels=3), 3)
    edge = qr_codes.QUIET_ZONE
    assert len(modules) == qr_codes.side(address)
    inner = [row[edge:-edge] for row in modules[edge:-edge]]
    assert sum(map(sum, modules)) == sum(map(sum, inner)), "nothing dark in the quiet zone"
    assert read_modules(inner) == address


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_svg_is_as_large_and_dark_on_light(address: str) -> None:
    drawn = ElementTree.fromstring(qr_codes.svg(address))
    side = qr_codes.side(address)
    assert (drawn.get("width"), drawn.get("height")) == (str(side), str(side))
    light, dark = drawn.iter("{http://www.w3.org/2000/svg}path")
    assert light.get("fill") == "#fff"
    assert dark.get("stroke") == "#000"
    assert "style" not in qr_codes.svg(address).decode()


def test_the_quiet_zone_is_the_standard_s() -> None:
    assert qr_codes.QUIET_ZONE == 4
