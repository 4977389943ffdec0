"""How does an address of ours become a picture that a phone's camera reads?

A pure module. Error correction M (a seventh of it may be damaged) and the quiet zone of four modules the standard asks
for (ISO/IEC 18004); black on white whatever stands around it.
"""

from __future__ import annotations

from io import BytesIO

import segno

QUIET_ZONE = 4
# Pixels of one module of the PNG: about 450 pixels a side, 4 cm in print at 300 dpi.
PIXELS = 10


def svg(address: str) -> bytes:
    """The code as SVG, which prints sharp at any size."""
    return _saved(address, "svg", svgclass=None, lineclass=None, title=address, omitsize=False, light="#fff")


def png(address: str, *, pixels: int = PIXELS) -> bytes:
    """The code as PNG, `pixels` for each module."""
    return _saved(address, "png", scale=pixels)


def side(address: str) -> int:
    """How many modules the picture is wide and high, with its quiet zone."""
    return len(_code(address).matrix) + 2 * QUIET_ZONE


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m", boost_error=False)


def _saved(address: str, kind: str, **options: object) -> bytes:
    written = BytesIO()
    _code(address).save(written, kind=kind, border=QUIET_ZONE, **options)
    return written.getvalue()
