from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.alternatives import ASPECTS, LACKS, SAID_BY, Chosen, Facts, choose, given_up, near
from catalog.kinds import Kind, ProductType
from catalog.spec_sheet import SPECS, Sort

OVER, IN = ProductType.OVER_EAR, ProductType.IN_EAR


def facts(number: int = 1, **changes: Any) -> Facts:
    values: dict[str, Any] = {"product_id": number, "slug": f"m{number}", "kind": Kind.HEADPHONES, "types": (OVER,)}
    return Facts(**{**values, **changes})


def grams(number: int, weight: str, **changes: Any) -> Facts:
    return facts(number, numbers={"weight_g": Decimal(weight)}, **changes)


def chosen(subject: Facts, *others: Facts, **changes: Any) -> tuple[Chosen, ...]:
    return choose(subject, others, currency="USD", **changes)


def known(key: str, number: str) -> dict[str, Any]:
    return {"numbers": {key: Decimal(number)}}


def scoring(number: str, use_case: str = "calls") -> dict[str, Any]:
    return {"scores": {use_case: Decimal(number)}}


def flagged(key: str, value: bool) -> dict[str, Any]:
    return {"flags": {key: value}}


EXAMPLES = [
    ({"price": Decimal(200)}, {"price": Decimal(120)}, "Cheaper", "$80.00 cheaper"),
    (scoring("7.0"), scoring("7.8"), "Better score", "0.8 higher for calls"),
    (known("weight_g", "250"), known("weight_g", "190.5"), "Lighter", "59.5\N{NO-BREAK SPACE}g lighter"),
    (
        known("battery_hours", "30"),
        known("battery_hours", "50"),
        "Longer battery",
        "20\N{NO-BREAK SPACE}h more battery",
    ),
    (flagged("wireless", False), flagged("wireless", True), "Wireless", "no cable"),
    (flagged("wireless", True), flagged("wireless", False), "Wired", "a cable: nothing to charge"),
    (flagged("anc", False), flagged("anc", True), "With noise cancelling", "active noise cancelling"),
    (flagged("anc", True), flagged("anc", False), "Without noise cancelling", "no active noise cancelling"),
    ({"mic_grade": "none"}, {"mic_grade": "communication"}, "Better microphone", "a microphone made for talking"),
    (known("release_year", "2022"), known("release_year", "2025"), "Newer", "from 2025, not 2022"),
]


def test_every_aspect_has_an_example_here() -> None:
    assert [aspect for _, _, aspect, _ in EXAMPLES] == list(ASPECTS)


@pytest.mark.parametrize(("ours", "theirs", "aspect", "said"), EXAMPLES)
def test_each_aspect_says_its_difference(ours: Any, theirs: Any, aspect: str, said: str) -> None:
    (found,) = chosen(facts(**ours), facts(2, **theirs))
    assert (found.aspect, found.difference) == (aspect, said)
    assert chosen(facts(**ours), facts(2)) == ()
    assert chosen(facts(), facts(2, **theirs)) == ()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"price": Decimal(200)}, {"price": Decimal(181)}),
        ({"numbers": {"weight_g": Decimal(250)}}, {"numbers": {"weight_g": Decimal(240)}}),
        ({"numbers": {"battery_hours": Decimal(30)}}, {"numbers": {"battery_hours": Decimal(33)}}),
        ({"scores": {"calls": Decimal("7.0")}}, {"scores": {"calls": Decimal("7.2")}}),
        ({"scores": {"calls": Decimal("7.0")}}, {"scores": {"travel": Decimal("9.9")}}),
        ({"numbers": {"weight_g": Decimal(0)}}, {"numbers": {"weight_g": Decimal(0)}}),
    ],
)
def test_what_nobody_would_choose_by_is_no_difference(ours: Any, theirs: Any) -> None:
    assert chosen(facts(**ours), facts(2, **theirs)) == ()


def test_the_nearest_type_comes_first_then_who_gives_up_least_then_who_gains_most() -> None:
    subject = grams(1, "300", types=(OVER, ProductType.WIRELESS), flags={"foldable": True})
    far = grams(2, "100", types=(IN, ProductType.WIRELESS))
    loser = grams(3, "150", flags={"foldable": False})
    near_one, lighter = grams(4, "250"), grams(5, "240")
    assert chosen(subject, far, loser, near_one, lighter, most=1)[0].product_id == 5
    assert chosen(subject, far, loser, near_one, most=1)[0].product_id == 4
    assert chosen(subject, far, loser, most=1)[0].product_id == 3
    assert chosen(subject, far, most=1)[0].product_id == 2


def test_another_kind_or_type_is_no_alternative() -> None:
    subject = grams(1, "300")
    assert chosen(subject, grams(2, "100", kind=Kind.HEADSET, types=(ProductType.GAMING,))) == ()
    assert chosen(subject, grams(2, "100", types=(IN,))) == ()
    assert chosen(replace(subject, kind=None, types=()), grams(2, "100", kind=None, types=())) == ()


def test_what_would_be_given_up_is_said_in_words() -> None:
    subject = facts(
        price=Decimal(100), mic_grade="communication", flags={"anc": True, "foldable": True, "multipoint": True},
        numbers={"weight_g": Decimal(200), "battery_hours": Decimal(40)}, scores={"calls": Decimal("8.0")},
    )  # fmt: skip
    other = facts(
        2, price=Decimal(150), mic_grade="none", flags={"anc": False, "foldable": True},
        numbers={"weight_g": Decimal(250), "battery_hours": Decimal(20)}, scores={"calls": Decimal("7.0")},
    )  # fmt: skip
    assert given_up(subject, other, currency="USD") == (
        "$50.00 dearer",
        "50\N{NO-BREAK SPACE}g heavier",
        "20\N{NO-BREAK SPACE}h less battery",
        "1.0 lower for calls",
        "no microphone made for talking",
        "no active noise cancelling",
    )
    assert given_up(subject, subject, currency="USD") == ()


def test_what_it_was_chosen_for_is_not_told_again_as_a_loss() -> None:
    (found,) = chosen(facts(**flagged("wireless", True)), facts(2, **flagged("wireless", False)))
    assert (found.aspect, found.gives_up) == ("Wired", ())


def test_what_can_be_lacked_is_a_yes_or_no_of_the_spec_sheet() -> None:
    assert LACKS.keys() <= {spec.key for spec in SPECS if spec.sort is Sort.FLAG}


# --- for any facts -------------------------------------------------------------------------------------------------

AMOUNT = st.integers(10, 9990).map(lambda tenths: Decimal(tenths) / 10)
SCORE = st.integers(0, 100).map(lambda tenths: Decimal(tenths) / 10)
FLAGS = st.dictionaries(st.sampled_from(("wireless", "anc", "foldable")), st.booleans())


def any_facts(number: int) -> st.SearchStrategy[Facts]:
    return st.builds(
        Facts,
        product_id=st.just(number),
        slug=st.just(f"m{number}"),
        kind=st.sampled_from(Kind),
        types=st.lists(st.sampled_from((OVER, IN, ProductType.WIRELESS)), min_size=1, unique=True).map(tuple),
        price=st.none() | AMOUNT,
        flags=FLAGS,
        numbers=st.dictionaries(st.sampled_from(("weight_g", "battery_hours", "release_year")), AMOUNT),
        mic_grade=st.sampled_from((None, "none", "incidental", "communication")),
        scores=st.dictionaries(st.sampled_from(("calls", "travel")), SCORE),
    )


WORLDS = st.tuples(*map(any_facts, range(5)))


def is_true(found: Chosen, ours: Facts, theirs: Facts) -> bool:
    """Whether the facts bear the claim out, judged apart from the code that made it."""

    def both(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> Any:
        return (one[key], other[key]) if key in one and key in other else (None, None)

    weight, battery = (
        both(ours.numbers, theirs.numbers, "weight_g"),
        both(ours.numbers, theirs.numbers, "battery_hours"),
    )
    year, wireless = both(ours.numbers, theirs.numbers, "release_year"), both(ours.flags, theirs.flags, "wireless")
    anc, said = both(ours.flags, theirs.flags, "anc"), found.difference
    number = Decimal((re.findall(r"[\d.]+\d|\d", said) or ["0"])[0])
    use_case = both(ours.scores, theirs.scores, said.rpartition("for ")[2])
    claims: dict[str, bool] = {
        "Cheaper": None not in (ours.price, theirs.price) and ours.price - theirs.price == number > 0,  # type: ignore[operator]
        "Better score": None not in use_case and use_case[1] - use_case[0] == number > 0,
        "Lighter": None not in weight and weight[0] - weight[1] == number > 0,
        "Longer battery": None not in battery and battery[1] - battery[0] == number > 0,
        "Wireless": wireless == (False, True),
        "Wired": wireless == (True, False),
        "With noise cancelling": anc == (False, True),
        "Without noise cancelling": anc == (True, False),
        "Better microphone": ours.mic_grade in ("none", "incidental") and theirs.mic_grade == "communication",
        "Newer": None not in year and year[1] > year[0],
    }
    return claims[found.aspect]


@given(WORLDS)
def test_every_claim_is_true_of_the_facts_and_no_product_stands_twice(world: tuple[Facts, ...]) -> None:
    subject, *others = world
    found = choose(subject, others, currency="USD")
    by_id = {one.product_id: one for one in others}
    assert len({one.product_id for one in found}) == len(found)
    assert len({one.aspect for one in found}) == len(found)
    for one in found:
        assert near(subject, by_id[one.product_id])
        assert is_true(one, subject, by_id[one.product_id]), one
        losses = given_up(subject, by_id[one.product_id], currency="USD")
        assert one.gives_up == tuple(words for words in losses if words != SAID_BY.get(one.aspect))


@given(WORLDS, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_makes_no_difference(world: tuple[Facts, ...], dice: Any) -> None:
    subject, *others = world
    shuffled = list(others)
    dice.shuffle(shuffled)
    assert choose(subject, shuffled, currency="USD") == choose(subject, others, currency="USD")


@given(any_facts(1))
def test_a_product_of_which_nothing_is_known_is_neither_better_nor_worse(subject: Facts) -> None:
    blank = Facts(product_id=2, slug="m2", kind=subject.kind, types=subject.types)
    assert choose(subject, [blank], currency="USD") == ()
    assert choose(blank, [subject], currency="USD") == ()
    assert given_up(subject, blank, currency="USD") == ()


@given(any_facts(1), any_facts(2))
def test_what_is_given_up_one_way_is_gained_the_other_way(ours: Facts, theirs: Facts) -> None:
    for words in given_up(ours, theirs, currency="USD"):
        assert "lighter" not in words
        assert "cheaper" not in words
    heavier = any("heavier" in words for words in given_up(ours, theirs, currency="USD"))
    assert heavier == (ASPECTS["Lighter"](theirs, ours, "USD") is not None)
