"""Which colours and sizes is the site made of, and can they be read on one another?

A pure module. It reads the stylesheet itself: what the gallery shows cannot differ from what readers get.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"^\s*--([a-z0-9-]+):\s*([^;]+);", re.MULTILINE)
_HEX = r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})"
_BOTH = re.compile(rf"light-dark\(\s*({_HEX})\s*,\s*({_HEX})\s*\)")
_ONE = re.compile(_HEX)


@dataclass(frozen=True, slots=True)
class Colour:
    """As `#rrggbb`, by light and by dark."""

    light: str
    dark: str


def tokens(css: str) -> dict[str, str]:
    """Every custom property that the stylesheet sets, with its first value."""
    found: dict[str, str] = {}
    for name, value in _TOKEN.findall(css):
        found.setdefault(name, value.strip())
    return found


def colours(css: str) -> dict[str, Colour]:
    """Those tokens that are a colour, in the stylesheet's order."""
    found = {}
    for name, value in tokens(css).items():
        if both := _BOTH.fullmatch(value):
            found[name] = Colour(_long(both[1]), _long(both[2]))
        elif _ONE.fullmatch(value):
            found[name] = Colour(_long(value), _long(value))
    return found


def contrast(one: str, other: str) -> float:
    """How far two colours (`#rrggbb`) are apart, 1 to 21 (WCAG 2.2, "contrast ratio"). Text needs 4.5, large text 3."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def sizes(css: str, prefix: str) -> Mapping[str, str]:
    """The tokens whose names begin so: `sizes(css, "size-")`."""
    return {name: value for name, value in tokens(css).items() if name.startswith(prefix)}


def _long(colour: str) -> str:
    digits = colour.removeprefix("#")
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)).lower()


def _luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
