from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds import Kind
from catalog.side_by_side import ASKED_OF, BY_KEY, Difference, Side, best_places, difference, in_words, remarks, shared
from catalog.spec_sheet import MICROPHONE, SPECS, Better


@dataclass(frozen=True)
class Said:
    value: str | None
    number: Decimal | None = None


def grams(*numbers: str | None) -> list[Said]:
    return [Said(f"{one} g" if one else None, Decimal(one) if one else None) for one in numbers]


def side(name: str, kind: Kind | None, *, has_microphone: bool | None = None) -> Side:
    return Side(name=name, kind=kind, has_microphone=has_microphone)


NUMBERS = st.lists(st.none() | st.decimals(min_value=0, max_value=999, places=1), min_size=1, max_size=5)


def test_the_best_value_has_the_word_of_its_spec() -> None:
    assert remarks("weight_g", grams("250", "190", None)) == ("", "lightest", "")
    assert remarks("battery_hours", grams("30", "50")) == ("", "longest")
    assert remarks("driver_mm", grams("30", "40")) == ("", "")


def test_who_shares_the_best_value_is_said_to_share_it() -> None:
    assert remarks("weight_g", grams("190", "250", "190")) == ("lightest, tied", "", "lightest, tied")


@given(NUMBERS, st.sampled_from(Better))
def test_no_known_number_beats_the_best_and_some_known_one_is_beaten(
    numbers: list[Decimal | None], better: Better
) -> None:
    places = best_places(numbers, better)
    known = [number for number in numbers if number is not None]
    sign = 1 if better is Better.HIGHER else -1
    for place in places:
        best = numbers[place]
        assert best is not None
        assert all(sign * best >= sign * other for other in known)
    assert bool(places) == (len(set(known)) > 1)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("Yes", "No"), Difference.DIFFERS),
        (("Yes", "No", None), Difference.DIFFERS),
        (("Yes", "Yes"), Difference.SAME),
        (("Yes", "Yes", None), Difference.SAME_WHERE_KNOWN),
        (("Yes", None), Difference.OPEN),
        ((None, None), Difference.OPEN),
    ],
)
def test_unknown_is_no_difference(values: tuple[str | None, ...], said: Difference) -> None:
    assert difference([Said(value) for value in values]) is said


def test_what_is_asked_of_some_only_is_a_spec_of_the_sheet() -> None:
    assert ASKED_OF.keys() <= BY_KEY.keys()


def test_two_of_a_kind_leave_out_without_a_word_what_neither_is_asked_about() -> None:
    found = shared([side("One", Kind.HEADPHONES), side("Two", Kind.HEADPHONES)])
    assert "certifications" not in found.keys
    assert "high_fidelity" in found.keys
    assert found.left_out == ()


def test_headphones_beside_a_headset_are_compared_on_what_both_are_judged_on_and_the_rest_is_said() -> None:
    found = shared([side("One", Kind.HEADPHONES, has_microphone=True), side("Talk", Kind.HEADSET)])
    assert not {"certifications", "professional_look", "accurate_sound", "high_fidelity"} & found.keys
    assert "mic_form" in found.keys
    assert found.left_out == (
        "Only headphones are judged on “Made for monitoring” and “Made for critical listening”.",
        "Only headsets are judged on “Looks professional” and “Certifications”.",
    )


def test_without_a_microphone_nothing_is_compared_about_one_but_that_there_is_none() -> None:
    found = shared([side("One", Kind.HEADPHONES, has_microphone=False), side("Talk", Kind.HEADSET)])
    asked = [spec.key for spec in SPECS if spec.group == MICROPHONE and spec.key in found.keys]
    assert asked == ["mic_grade"]
    assert "Only what has a microphone is judged on" in found.left_out[-1]
    assert found.left_out[-1].endswith(": One has none.")


def test_a_microphone_that_is_not_known_of_may_be_there() -> None:
    assert "sidetone" in shared([side("One", Kind.HEADPHONES), side("Talk", Kind.HEADSET)]).keys


def test_what_is_of_no_known_kind_is_asked_everything() -> None:
    assert shared([side("Odd", None)]).keys == BY_KEY.keys()


@given(
    st.lists(st.tuples(st.none() | st.sampled_from(Kind), st.none() | st.booleans()), min_size=1, max_size=5),
)
def test_a_shared_measure_is_one_of_each_side(sides: list[tuple[Kind | None, bool | None]]) -> None:
    all_sides = [side("X", kind, has_microphone=has) for kind, has in sides]
    found = shared(all_sides)
    for spec in SPECS:
        assert (spec.key in found.keys) == all(one.is_asked(spec.key) for one in all_sides)


def test_names_are_joined_as_people_say_them() -> None:
    assert [in_words("ABC"[:count]) for count in range(4)] == ["", "A", "A and B", "A, B and C"]
