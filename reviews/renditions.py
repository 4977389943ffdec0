"""Which sizes of a picture do pages show, and how is each made? AVIF and WebP beside one plain file for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from PIL import Image

WHOLE, CARD, SOCIAL = "", "4:3", "1.91:1"
RATIOS = {CARD: Fraction(4, 3), SOCIAL: Fraction(1200, 630)}
# Two to a doubling: a browser never loads more than half as much again as it needs. 1920: a column on a dense screen.
WIDTHS = {WHOLE: (320, 480, 640, 960, 1280, 1920), CARD: (320, 480, 640, 960)}
PLAIN_WIDTH = 960
SOCIAL_WIDTH = 1200
# Raised when what comes out is different: then all sizes are made again.
RECIPE = "1"

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg", "png": "image/png"}
SUFFIXES = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "png": "png"}
_BETTER = ("avif", "webp")
# On photographs of headphones about the same to the eye; AVIF at speed 8 is a seventh larger than at 6 and takes a
# third of the time.
_SAVING: dict[str, dict[str, Any]] = {
    "avif": {"quality": 55, "speed": 8},
    "webp": {"quality": 78, "method": 4},
    "jpeg": {"quality": 80, "progressive": True, "optimize": True},
    "png": {"optimize": True},
}

Focus = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Rendition:
    """A size to make. `recipe` says from what: a rendition that has the same one is there already."""

    format: str
    ratio: str
    width: int
    height: int
    recipe: str


def wanted(width: int, height: int, *, plain: str, focus: Focus) -> list[Rendition]:
    """All sizes of a picture of so many pixels; `plain` is the format ("jpeg", "png") that every browser reads.

    None is larger than the picture: pixels that are not there are not made up. The plain one of the whole comes first.
    """
    return [plain_size(width, height, plain=plain), *_sizes(width, height, plain=plain, focus=focus)]


def plain_size(width: int, height: int, *, plain: str) -> Rendition:
    """The one that is made at once, while the editor waits: the picture can be shown from then on."""
    shown = min(width, PLAIN_WIDTH)
    return Rendition(plain, WHOLE, shown, _high(shown, Fraction(width, height)), RECIPE)


def _sizes(width: int, height: int, *, plain: str, focus: Focus) -> Iterator[Rendition]:
    for ratio, widths in WIDTHS.items():
        shape = RATIOS.get(ratio, Fraction(width, height))
        recipe = _recipe(ratio, focus)
        most = width if ratio == WHOLE else _cropped(width, height, shape)[0]
        kept = [one for one in widths if one < most] + [min(most, widths[-1])]
        for each in _BETTER:
            for one in dict.fromkeys(kept):
                yield Rendition(each, ratio, one, _high(one, shape), recipe)
        if ratio != WHOLE:
            one = min(most, PLAIN_WIDTH)
            yield Rendition(plain, ratio, one, _high(one, shape), recipe)
    # Networks that show links read JPEG and want this shape; what is smaller they stretch.
    most = min(_cropped(width, height, RATIOS[SOCIAL])[0], SOCIAL_WIDTH)
    yield Rendition("jpeg", SOCIAL, most, _high(most, RATIOS[SOCIAL]), _recipe(SOCIAL, focus))


def made(image: Image.Image, rendition: Rendition, focus: Focus) -> bytes:
    """The file of this size. `image` is as `reviews.picture_files` keeps pictures: RGB or RGBA."""
    box = crop_box(image.width, image.height, RATIOS.get(rendition.ratio), focus)
    size = (rendition.width, rendition.height)
    drawn = image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    drawn.info = {}
    if rendition.format == "jpeg" and drawn.mode != "RGB":
        ground = Image.new("RGB", size, "white")
        ground.paste(drawn, mask=drawn.getchannel("A") if "A" in drawn.getbands() else None)
        drawn = ground
    with BytesIO() as out:
        drawn.save(out, rendition.format.upper(), **_SAVING[rendition.format])
        return out.getvalue()


def crop_box(width: int, height: int, ratio: Fraction | None, focus: Focus) -> tuple[float, float, float, float]:
    """The largest part of this shape around the focus: in its middle, as far as the edges allow."""
    if ratio is None:
        return (0, 0, width, height)
    wide, high = _cropped(width, height, ratio)
    left = min(max(float(focus[0]) * width - wide / 2, 0), width - wide)
    top = min(max(float(focus[1]) * height - high / 2, 0), height - high)
    return (left, top, left + wide, top + high)


def is_made(rendition: Rendition, stored: Iterable[Any]) -> dict[str, Any] | None:
    """The stored one that is this very size, made by the same recipe."""
    for entry in stored:
        if (entry["format"], entry["ratio"], entry["width"]) == (rendition.format, rendition.ratio, rendition.width):
            return dict(entry) if entry.get("recipe") == rendition.recipe else None
    return None


def _recipe(ratio: str, focus: Focus) -> str:
    return f"{RECIPE}@{focus[0]:.3f},{focus[1]:.3f}" if ratio in RATIOS else RECIPE


def _cropped(width: int, height: int, ratio: Fraction) -> tuple[int, int]:
    if Fraction(width, height) > ratio:
        return max(1, round(height * ratio)), height
    return width, max(1, round(width / ratio))


def _high(width: int, shape: Fraction) -> int:
    return max(1, round(width / shape))
