"""Which sizes a picture gets, and what stays in them when they are cropped."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reviews.renditions import CARD, RATIOS, SOCIAL, WHOLE, Rendition, crop_box, is_made, made, wanted

MIDDLE = (Decimal("0.5"), Decimal("0.5"))


def sizes(width: int, height: int) -> list[Rendition]:
    return wanted(width, height, plain="jpeg", focus=MIDDLE)


def widths(of: list[Rendition], ratio: str, each: str) -> list[int]:
    return [one.width for one in of if (one.ratio, one.format) == (ratio, each)]


def test_a_large_picture_gets_every_width_in_both_better_formats_and_one_plain() -> None:
    found = sizes(4000, 3000)
    for each in ("avif", "webp"):
        assert widths(found, WHOLE, each) == [320, 480, 640, 960, 1280, 1920]
        assert widths(found, CARD, each) == [320, 480, 640, 960]
    assert widths(found, WHOLE, "jpeg") == [960]
    assert [(one.width, one.height) for one in found if one.ratio == SOCIAL] == [(1200, 630)]


def test_nothing_is_made_larger_than_the_picture_is() -> None:
    assert widths(sizes(700, 500), WHOLE, "avif") == [320, 480, 640, 700]
    assert widths(sizes(200, 150), WHOLE, "avif") == [200]
    assert widths(sizes(320, 200), WHOLE, "avif") == [320]


@given(st.integers(1, 16_000), st.integers(1, 16_000))
def test_any_shape_gets_sizes_that_can_be_made(width: int, height: int) -> None:
    found = sizes(width, height)
    assert len({(one.format, one.ratio, one.width) for one in found}) == len(found)
    assert all(0 < one.width <= width and one.height > 0 for one in found)


FOCUS = st.decimals(0, 1, places=3)


@given(st.integers(1, 5000), st.integers(1, 5000), FOCUS, FOCUS)
def test_a_crop_lies_within_the_picture_and_around_its_focus(width: int, height: int, x: Decimal, y: Decimal) -> None:
    for ratio in RATIOS.values():
        left, top, right, bottom = crop_box(width, height, ratio, (x, y))
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert left - 0.01 <= float(x) * width <= right + 0.01
        assert top - 0.01 <= float(y) * height <= bottom + 0.01


def test_the_focus_decides_what_of_a_wide_picture_stays() -> None:
    image = Image.new("RGB", (1000, 100), "white")
    image.paste((255, 0, 0), (900, 0, 1000, 100))
    square = Rendition("png", CARD, 100, 75, "")
    right = Image.open(BytesIO(made(image, square, (Decimal(1), MIDDLE[1]))))
    left = Image.open(BytesIO(made(image, square, (Decimal(0), MIDDLE[1]))))
    assert right.getpixel((90, 30)) == (255, 0, 0)
    assert left.getpixel((90, 30)) == (255, 255, 255)
    assert crop_box(1000, 100, Fraction(1), (Decimal("0.3"), MIDDLE[1])) == (250.0, 0, 350.0, 100)


@pytest.mark.parametrize("kind", ["avif", "webp", "jpeg", "png"])
def test_every_format_is_what_its_name_says_and_has_its_size(kind: str) -> None:
    content = made(Image.new("RGB", (640, 480), "teal"), Rendition(kind, WHOLE, 320, 240, ""), MIDDLE)
    image = Image.open(BytesIO(content))
    assert (str(image.format).lower(), image.size) == (kind, (320, 240))


def test_a_see_through_picture_stands_on_white_where_the_format_knows_no_ground() -> None:
    clear = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
    shared = Image.open(BytesIO(made(clear, Rendition("jpeg", SOCIAL, 200, 105, ""), MIDDLE)))
    kept = Image.open(BytesIO(made(clear, Rendition("webp", WHOLE, 200, 150, ""), MIDDLE)))
    assert min(shared.getpixel((9, 9))) > 250  # type: ignore[type-var, arg-type]
    assert kept.mode == "RGBA"


def test_a_size_is_made_again_only_when_what_it_is_made_from_changed() -> None:
    before = wanted(1000, 800, plain="jpeg", focus=MIDDLE)
    stored = [
        {"format": one.format, "ratio": one.ratio, "width": one.width, "height": one.height, "recipe": one.recipe}
        for one in before
    ]
    assert all(is_made(one, stored) for one in before)
    moved = wanted(1000, 800, plain="jpeg", focus=(Decimal("0.2"), MIDDLE[1]))
    assert {one.ratio for one in moved if not is_made(one, stored)} == {CARD, SOCIAL}
