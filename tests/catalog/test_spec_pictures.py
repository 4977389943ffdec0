"""Pictures of specs: the same measure for all, within their frame, and words that say what they show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models.specs import SoundBalance
from catalog.spec_pictures import PICTURES, WIDTH, SpecPicture, picture_of
from catalog.spec_pictures.battery import HOURS_A_DAY
from catalog.spec_pictures.sound import BALANCE_WORDS
from catalog.spec_sheet import SPECS


@dataclass(frozen=True)
class Said:
    value: str | None = None
    number: Decimal | None = None


def drawn(key: str, number: str | int | Decimal, **others: int) -> SpecPicture:
    sheet = {key: Said(str(number), Decimal(number))} | {
        name: Said(str(one), Decimal(one)) for name, one in others.items()
    }
    picture = picture_of(key, sheet)
    assert picture is not None
    return picture


def balanced(word: str) -> SpecPicture:
    picture = picture_of("sound_balance", {"sound_balance": Said(word)})
    assert picture is not None
    return picture


def filled(picture: SpecPicture) -> float:
    """The area of the rectangles of the last stroke, which is what is said."""
    sizes = re.findall(r"h([\d.]+)v([\d.]+)h-", picture.strokes[-1].d)
    return sum(float(wide) * float(tall) for wide, tall in sizes)


def test_every_picture_stands_on_the_line_of_a_spec_of_the_sheet() -> None:
    assert set(PICTURES) <= {spec.key for spec in SPECS}
    assert picture_of("driver_mm", {"driver_mm": Said("40 mm", Decimal(40))}) is None


@pytest.mark.parametrize("key", PICTURES)
def test_what_is_not_known_is_not_drawn(key: str) -> None:
    assert picture_of(key, {}) is None
    assert picture_of(key, {key: Said()}) is None


@pytest.mark.parametrize("key", ["weight_g", "battery_hours"])
def test_nothing_is_drawn_of_a_figure_that_cannot_be(key: str) -> None:
    assert picture_of(key, {key: Said("0", Decimal(0))}) is None


@pytest.mark.parametrize(
    ("grams", "words"),
    [
        ("2", "a sheet of paper"),
        ("11.8", "two sheets of paper"),
        ("29", "six sheets of paper"),
        ("30", "an egg"),
        ("254", "four eggs"),
        ("386.2", "six eggs"),
        ("1500", "25 eggs"),
    ],
)
def test_a_weight_is_told_in_things_everybody_has_lifted(grams: str, words: str) -> None:
    assert drawn("weight_g", grams).words == f"About as heavy as {words}"


def test_what_it_outweighs_stands_out_on_the_scale() -> None:
    assert [stroke.opacity for stroke in drawn("weight_g", 254).strokes[:4]] == ["1", "1", ".22", ".22"]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("1", "Less than a day of two hours"),
        ("2", "About 1 day of two hours"),
        ("30", "About 15 days of two hours"),
        ("300", "About 150 days of two hours, more than the boxes show"),
    ],
)
def test_a_battery_is_told_in_days_of_two_hours(hours: str, words: str) -> None:
    assert HOURS_A_DAY == 2
    assert drawn("battery_hours", hours).words == words


@pytest.mark.parametrize(
    ("decibels", "words"),
    [(0, "nearly"), (10, "about half"), (20, "about a quarter"), (35, "about a tenth"), (90, "less than a thirtieth")],
)
def test_ten_decibels_sound_half_as_loud(decibels: int, words: str) -> None:
    picture = drawn("isolation_db", decibels)
    assert picture.words == f"What is around you sounds {words} as loud"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (4, 40_000, "Reaches all that people hear"),
        (20, 20_000, "Reaches all that people hear"),
        (50, 20_000, "Leaves out the deepest tones that people hear"),
        (100, 8_000, "Leaves out the deepest tones and the highest tones that people hear"),
    ],
)
def test_a_range_is_held_against_what_people_hear(low: int, high: int, words: str) -> None:
    assert drawn("frequency_high_hz", high, frequency_low_hz=low).words == words


def test_half_a_range_is_no_range() -> None:
    assert picture_of("frequency_high_hz", {"frequency_high_hz": Said("20,000 Hz", Decimal(20_000))}) is None


def test_every_word_for_the_balance_of_sound_has_a_curve_of_its_own() -> None:
    assert set(BALANCE_WORDS) == set(SoundBalance.labels)
    assert len({balanced(word).strokes for word in BALANCE_WORDS}) == len(BALANCE_WORDS)
    assert balanced("Neutral").marks == ("bass", "mids", "treble")


@given(one=st.decimals(1, 480, places=1), other=st.decimals(1, 480, places=1))
def test_the_heavier_and_the_longer_lasting_never_fill_less(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert filled(drawn("weight_g", less)) <= filled(drawn("weight_g", more))
    assert filled(drawn("battery_hours", less)) <= filled(drawn("battery_hours", more))


@given(decibels=st.integers(0, 32767))
def test_more_isolation_never_leaves_more_of_the_street(decibels: int) -> None:
    assert filled(drawn("isolation_db", decibels + 1)) <= filled(drawn("isolation_db", decibels))


@given(number=st.decimals(Decimal("0.1"), Decimal("99999.9"), places=1), low=st.integers(1, 10_000_000))
def test_whatever_the_figure_every_picture_stays_in_its_frame(number: Decimal, low: int) -> None:
    pictures = [drawn(key, number) for key in ("weight_g", "battery_hours", "isolation_db")]
    pictures += [drawn("frequency_high_hz", low + 1, frequency_low_hz=low), *map(balanced, BALANCE_WORDS)]
    for picture in pictures:
        assert picture.words
        for stroke in picture.strokes:
            for x, y, wide, tall in re.findall(r"M([\d.-]+) ([\d.-]+)h([\d.-]+)v([\d.-]+)h-", stroke.d):
                assert 0 <= float(x) <= float(x) + float(wide) <= WIDTH
                assert 0 <= float(y) <= float(y) + float(tall) <= picture.height
