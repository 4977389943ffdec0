"""What hangs on specs, the line, scores, deals and the age of evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.deal import Deal, Verdict
from reviews.conditions import CONDITIONS
from reviews.conditions.base import Outcome, State
from reviews.watch_facts import Proof, Sibling, Watched
from tests.reviews.conditions.facts import NOW, facts, offer, spec, watched


def judged(key: str, product: Watched, *others: Watched, **asked: Any) -> Outcome:
    stored, problems = CONDITIONS[key].fit(asked)
    assert not problems
    return CONDITIONS[key].judge(stored, facts(product, *others))


@given(weight=st.decimals("1", "5000", places=1), limit=st.decimals("1", "5000", places=1))
def test_weight_is_compared_as_a_number(weight: Decimal, limit: Decimal) -> None:
    product = watched(specs={"weight_g": spec(f"{weight} g", str(weight))})
    assert (judged("weight_below", product, grams=limit).state is State.HOLDS) == (weight < limit)


@given(has=st.integers(0, 200), wanted=st.integers(0, 200))
def test_at_least_and_at_most_meet_in_one_point(has: int, wanted: int) -> None:
    product = watched(specs={"battery_hours": spec(f"{has} h", str(has))})
    least = judged("spec_at_least", product, spec="battery_hours", number=wanted).state
    most = judged("spec_at_most", product, spec="battery_hours", number=wanted).state
    assert (least, most) == (
        State.HOLDS if has >= wanted else State.BROKEN,
        State.HOLDS if has <= wanted else State.BROKEN,
    )


@pytest.mark.parametrize(
    ("printed", "number", "asked", "state"),
    [
        ("Yes", None, "yes", "holds"),
        ("No", None, "Yes", "broken"),
        ("32\N{NO-BREAK SPACE}Ω", "32", "32", "holds"),
        ("32\N{NO-BREAK SPACE}Ω", "32", "32.0 Ω", "holds"),
        ("32\N{NO-BREAK SPACE}Ω", "32", "300", "broken"),
        ("3.5 mm jack, USB-C", None, "USB-C", "holds"),
        ("3.5 mm jack, USB-C", None, "XLR", "broken"),
    ],
)
def test_a_spec_is_compared_as_it_is_printed(printed: str, number: str | None, asked: str, state: str) -> None:
    product = watched(specs={"impedance_ohm": spec(printed, number)})
    assert judged("spec_equals", product, spec="impedance_ohm", value=asked).state == state


def test_a_discontinued_product_is_not_made_any_more() -> None:
    assert judged("still_made", watched()).state is State.HOLDS
    assert judged("still_made", watched(is_discontinued=True)).state is State.BROKEN


def of_line(year: int | None, *siblings: tuple[str, int | None]) -> Outcome:
    released = {"release_year": spec(str(year), str(year))} if year else {}
    product = watched(
        specs=released,
        siblings=tuple(Sibling(name=f"Sony {model}", model=model, release_year=when) for model, when in siblings),
    )
    return judged("newest_of_its_line", product, line="WH-1000XM")


def test_a_newer_one_of_the_line_breaks_it_and_is_named() -> None:
    outcome = of_line(2022, ("WH-1000XM4", 2020), ("WH-1000XM6", 2025), ("WF-1000XM5", 2030))
    assert outcome == Outcome(State.BROKEN, "It is from 2022; Sony WH-1000XM6 came out in 2025.")


def test_it_holds_while_the_others_are_older_or_of_another_line() -> None:
    assert of_line(2022, ("WH-1000XM4", 2020), ("WF-1000XM5", 2030)).state is State.HOLDS


def test_an_unknown_year_leaves_it_undecided() -> None:
    assert of_line(None, ("WH-1000XM4", 2020)).state is State.UNKNOWN
    assert of_line(2022, ("WH-1000XM6", None)).state is State.UNKNOWN


def test_a_score_of_a_use_case_is_not_that_of_the_review() -> None:
    product = watched(review_score=Decimal("8.5"), scores={"calls": Decimal("6.0")})
    assert judged("score_at_least", product, score="8").state is State.HOLDS
    assert judged("score_at_least", product, score="8", use_case="calls").state is State.BROKEN
    assert judged("score_at_least", product, score="8", use_case="travel").state is State.UNKNOWN


@given(scores=st.lists(st.decimals("0", "10", places=1), min_size=2, max_size=6))
def test_the_best_score_is_held_by_those_that_nobody_passes(scores: list[Decimal]) -> None:
    rows = [watched(name=f"P{n}", review_score=score) for n, score in enumerate(scores)]
    for place, row in enumerate(rows):
        state = judged("best_score_among", row, *rows[:place], *rows[place + 1 :]).state
        assert (state is State.HOLDS) == (scores[place] == max(scores))


def test_an_unscored_rival_leaves_the_best_undecided_but_a_better_one_breaks_it() -> None:
    own, unscored, better = (
        watched(review_score=Decimal(8)),
        watched(name="Unscored"),
        watched(name="Better", review_score=Decimal(9)),
    )
    assert judged("best_score_among", own, unscored).state is State.UNKNOWN
    assert judged("best_score_among", own, unscored, better).state is State.BROKEN


def test_evidence_ages_day_by_day_and_says_when_to_look_again() -> None:
    checked = (NOW - timedelta(days=10)).date()
    product = watched(proofs=(Proof(spec="weight_g", source="our scale", checked_on=checked),))
    outcome = judged("checked_within", product, days="10", spec="weight_g")
    assert outcome.state is State.HOLDS
    assert outcome.recheck_at == datetime(2026, 5, 5, tzinfo=UTC)
    assert judged("checked_within", product, days="9").state is State.BROKEN
    assert judged("checked_within", product, days="9", spec="anc").state is State.UNKNOWN


def reduced(percent: int, amount: str = "49.90") -> Watched:
    verdict = Verdict.REDUCED if percent else Verdict.USUAL
    found = Deal(
        verdict=verdict,
        merchant="North",
        currency="USD",
        amount=Decimal(amount),
        prior=Decimal(100),
        percent=percent,
    )
    return watched(offer("49.90"), deals=(found,))


def test_a_reduction_is_measured_against_what_we_saw() -> None:
    assert judged("price_drop_at_least", reduced(50), percent="20").state is State.HOLDS
    assert judged("price_drop_at_least", reduced(10), percent="20").state is State.BROKEN
    assert judged("price_drop_at_least", reduced(0), percent="20").state is State.BROKEN


def test_a_history_that_ends_with_another_price_says_nothing() -> None:
    assert judged("price_drop_at_least", reduced(50, amount="45"), percent="20").state is State.UNKNOWN
