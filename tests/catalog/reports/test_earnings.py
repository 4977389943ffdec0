"""A purchase is the sum of what was said of it, in whatever order and however often it was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.earnings import Statement, Status, as_kept, kept_key, problem, said_key, sum_of, tracking_places

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def said(
    status: Status = Status.PENDING, commission: str | None = "5.00", *, hour: int = 0, **more: object
) -> Statement:
    values: dict[str, object] = {
        "network_key": "T1",
        "event_key": f"{status} {commission} {hour}",
        "status": status,
        "commission_amount": None if commission is None else Decimal(commission),
        "currency": "EUR",
        "occurred_at": NOON,
        "happened_at": NOON + timedelta(hours=hour),
    }
    return Statement(**{**values, **more})  # type: ignore[arg-type]


def test_the_last_statement_decides_the_status_and_the_amounts() -> None:
    found = sum_of([said(), said(Status.APPROVED, "4.50", hour=9, sale_amount=Decimal(90))])

    assert (found.status, found.commission_amount, found.sale_amount) == (Status.APPROVED, Decimal("4.50"), Decimal(90))
    assert found.changed_at == NOON + timedelta(hours=9)


def test_an_older_statement_that_comes_late_changes_nothing() -> None:
    newest = [said(Status.APPROVED, "4.50", hour=9), said(Status.REVERSED, "0", hour=20)]

    assert sum_of([*newest, said(Status.APPROVED, "7.00", hour=3)]) == sum_of(newest)


def test_what_was_approved_may_be_reversed_and_approved_again() -> None:
    story = [said(Status.APPROVED, hour=1), said(Status.REVERSED, "0", hour=2), said(Status.APPROVED, "5.00", hour=3)]

    assert [sum_of(story[:end]).status for end in (1, 2, 3)] == [Status.APPROVED, Status.REVERSED, Status.APPROVED]


def test_what_is_settled_does_not_become_pending_again() -> None:
    late = said(Status.PENDING, "99.00", hour=9)
    found = sum_of([said(Status.DECLINED, "0", hour=5), late])

    assert (found.status, found.commission_amount) == (Status.DECLINED, Decimal(0))


def test_at_one_moment_the_further_status_decides() -> None:
    assert sum_of([said(Status.APPROVED, "5.00"), said(Status.PENDING, "5.00")]).status is Status.APPROVED


def test_an_unsigned_message_counts_only_until_the_report_says_anything() -> None:
    unsigned = said(Status.APPROVED, "500.00", hour=9, is_provisional=True, sub_id="abc")
    alone, confirmed = sum_of([unsigned]), sum_of([unsigned, said(Status.PENDING, "5.00")])

    assert alone.is_provisional
    assert alone.commission_amount == 500
    assert not confirmed.is_provisional
    assert (confirmed.status, confirmed.commission_amount) == (Status.PENDING, Decimal("5.00"))
    assert confirmed.sub_id == "abc", "a report without the sub-id does not take the click away"


def test_corrections_are_added_once_each_and_the_amount_said_whole_stays() -> None:
    back = said(Status.APPROVED, "-2.00", hour=4, is_correction=True, event_key="C7", sale_amount=Decimal(-40))
    whole = said(Status.PENDING, "5.00", sale_amount=Decimal(100))
    locked = said(Status.APPROVED, "0", hour=8, is_correction=True, event_key="locked")
    found = sum_of([whole, back, locked, replace(back, status=Status.PENDING)])

    assert (found.status, found.commission_amount, found.sale_amount) == (Status.APPROVED, Decimal("3.00"), Decimal(60))


@pytest.mark.parametrize(("approved", "status"), [(False, Status.DECLINED), (True, Status.REVERSED)])
def test_what_corrections_took_back_whole_is_declined_or_after_approval_reversed(
    approved: bool, status: Status
) -> None:
    story = [said(), said(Status.APPROVED, "-5.00", hour=4, is_correction=True)]
    if approved:
        story.append(said(Status.APPROVED, "0", hour=2, is_correction=True))
    else:
        story[1] = replace(story[1], status=Status.PENDING)

    assert sum_of(story).status is status
    assert sum_of(story).commission_amount == 0


def test_an_amount_left_out_stays_as_it_was_said() -> None:
    found = sum_of([said(sale_amount=Decimal(100)), said(Status.APPROVED, None, hour=2)])

    assert (found.commission_amount, found.sale_amount) == (Decimal("5.00"), Decimal(100))


def test_amounts_of_two_currencies_are_never_added() -> None:
    dollars = said(Status.APPROVED, "1.00", hour=3, currency="USD", is_correction=True)

    assert (sum_of([said(), dollars]).commission_amount, sum_of([said(), dollars]).currency) == (Decimal("5.00"), "EUR")
    restated = sum_of([said(sale_amount=Decimal(100)), said(Status.APPROVED, "6.00", hour=3, currency="USD")])
    assert (restated.commission_amount, restated.sale_amount, restated.currency) == (Decimal("6.00"), None, "USD")


STATEMENTS = st.lists(
    st.builds(
        lambda number, status, commission, hour, correction, provisional, currency, sub_id: said(
            status,
            commission,
            hour=hour,
            event_key=f"E{number} {hour} {correction}",
            is_correction=correction,
            is_provisional=provisional,
            currency=currency,
            sub_id=sub_id,
        ),
        st.integers(0, 3),
        st.sampled_from(Status),
        st.sampled_from([None, "0", "5.00", "-5.00", "1.2345"]),
        st.integers(0, 3),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["EUR", "EUR", "USD"]),
        st.sampled_from(["", "a", "b"]),
    ),
    min_size=1,
    max_size=9,
)


@given(STATEMENTS, st.data())
def test_any_order_and_any_repetition_gives_the_same_purchase(story: list[Statement], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(story + data.draw(st.lists(st.sampled_from(story), max_size=4))))

    assert sum_of(shuffled) == sum_of(story)


def test_the_same_words_have_one_key_and_other_words_another() -> None:
    one = said()

    assert kept_key(one) == kept_key(replace(one, happened_at=NOON + timedelta(days=1), commission_amount=Decimal(5)))
    assert kept_key(one) != kept_key(replace(one, commission_amount=Decimal("5.01")))
    assert said_key(kept_key(one)) == one.event_key


def test_long_keys_fit_the_ledger_and_stay_apart() -> None:
    long, other = said(event_key="x" * 300), said(event_key="x" * 299 + "y")

    assert len(kept_key(long)) <= 160
    assert kept_key(long) != kept_key(other)
    assert kept_key(as_kept(long)) == kept_key(long)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"network_key": ""}, "no key"),
        ({"network_key": "k" * 121}, "120 characters"),
        ({"sub_id": "s" * 256}, "255 characters"),
        ({"reason": "a\0b"}, "zero byte"),
        ({"currency": "XXX"}, "currency"),
        ({"happened_at": datetime(2026, 1, 1)}, "zone"),  # noqa: DTZ001 - that is the point
        ({"commission_amount": Decimal("1e9")}, "larger than any purchase"),
        ({"sale_amount": Decimal("NaN")}, "larger than any purchase"),
    ],
    ids=str,
)
def test_what_the_ledger_cannot_hold_is_named(change: dict[str, object], word: str) -> None:
    assert word in problem(replace(said(), **change))  # type: ignore[arg-type]
    assert problem(said()) == ""


def test_statements_about_two_purchases_have_no_sum() -> None:
    with pytest.raises(ValueError, match="one purchase"):
        sum_of([said(), replace(said(), network_key="T2")])
    with pytest.raises(ValueError, match="one purchase"):
        sum_of([])


def test_tracking_ids_lead_to_the_beginning_of_places() -> None:
    assert tracking_places("a=earmark-guides-20, q=earmark-quiz-20") == {
        "earmark-guides-20": "a",
        "earmark-quiz-20": "q",
    }
    assert tracking_places("earmark-20") == {}
