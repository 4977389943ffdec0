from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from catalog.plausibility import LastKnown, Verdict, confirms, judge
from catalog.reading import Condition, Reading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAST = LastKnown(amount=Decimal("200.00"), currency="USD", seen_at=NOW - timedelta(hours=6))


def reading(amount: str, **fields: object) -> Reading:
    values: dict[str, object] = {"sku": "A1", "amount": Decimal(amount), "currency": "USD", "seen_at": NOW, **fields}
    return Reading(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["200.00", "120.01", "279.99", "199.99"])
def test_believes_a_change_of_up_to_forty_percent(amount: str) -> None:
    assert judge(reading(amount), LAST, "USD", now=NOW).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("amount", ["20.00", "2000.00", "2.00", "20000", "0.20", "119.00", "281.00", "2060.00"])
def test_holds_a_jump(amount: str) -> None:
    judgement = judge(reading(amount), LAST, "USD", now=NOW)
    assert judgement.verdict is Verdict.HELD
    assert f"200.00 USD before, {Decimal(amount):.2f} USD now" in judgement.reason


def test_says_when_a_decimal_sign_seems_lost() -> None:
    assert "decimal sign" in judge(reading("20000"), LAST, "USD", now=NOW).reason


@pytest.mark.parametrize("amount", ["0", "-5", "NaN", "Infinity"])
def test_rejects_what_is_no_price(amount: str) -> None:
    assert judge(reading(amount), None, "USD", now=NOW).verdict is Verdict.REJECTED


def test_holds_a_currency_that_is_not_the_merchants() -> None:
    judgement = judge(reading("200.00", currency="EUR"), LAST, "USD", now=NOW)
    assert judgement.verdict is Verdict.HELD
    assert judgement.reason == "It is in EUR; this merchant sells in USD."


def test_rejects_used_goods_for_an_offer_of_new_ones() -> None:
    used = reading("200.00", condition=Condition.USED)
    assert judge(used, LAST, "USD", now=NOW).verdict is Verdict.REJECTED
    assert judge(used, LAST, "USD", now=NOW, condition=Condition.USED).verdict is Verdict.ACCEPTED


def test_rejects_a_reading_from_the_future_and_one_older_than_what_is_known() -> None:
    assert judge(reading("200", seen_at=NOW + timedelta(hours=1)), None, "USD", now=NOW).verdict is Verdict.REJECTED
    assert judge(reading("200", seen_at=NOW - timedelta(days=1)), LAST, "USD", now=NOW).verdict is Verdict.REJECTED


def test_believes_the_first_reading_and_the_first_after_the_merchants_currency_changed() -> None:
    assert judge(reading("9999"), None, "USD", now=NOW).verdict is Verdict.ACCEPTED
    euros = LastKnown(amount=Decimal(20), currency="EUR", seen_at=LAST.seen_at)
    assert judge(reading("200"), euros, "USD", now=NOW).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("minutes", "amount", "confirmed"),
    [(10, "20.00", True), (60, "20.20", True), (9, "20.00", False), (10, "20.21", False), (10, "200.00", False)],
)
def test_a_second_look_confirms_when_it_is_later_and_agrees(minutes: int, amount: str, confirmed: bool) -> None:
    later = reading(amount, seen_at=NOW + timedelta(minutes=minutes))
    assert confirms(reading("20.00"), later) is confirmed


def test_a_second_look_in_another_currency_confirms_nothing() -> None:
    later = reading("20.00", currency="EUR", seen_at=NOW + timedelta(minutes=30))
    assert not confirms(reading("20.00"), later)
