"""On what are the pictures of specs drawn, and what does a drawer need to know?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

# Of every picture, in its own units; they differ in height.
WIDTH = 240
EDGE = 4

# A ground to be seen against, what stands beside, and what is said.
FAINT, HALF, FULL = ".22", ".55", "1"


class Known(Protocol):
    """A spec as its sheet prints it, and the bare number behind it; None where it is not known."""

    @property
    def value(self) -> str | None: ...
    @property
    def number(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path: filled where `width` is 0, else a line of that width. `opacity` as SVG writes it."""

    d: str
    opacity: str = FULL
    width: int = 0
    dash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecPicture:
    """`words` say what the picture says. `marks` name its left, middle and right; `scale` what it is measured by."""

    height: int
    strokes: tuple[Stroke, ...]
    words: str
    marks: tuple[str, ...] = ()
    scale: str = ""

    @property
    def width(self) -> int:
        return WIDTH


def plain(number: float) -> str:
    """The coordinate as short as it can be written."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as part of a path."""
    return f"M{plain(x)} {plain(y)}h{plain(width)}v{plain(height)}h{plain(-width)}z"
