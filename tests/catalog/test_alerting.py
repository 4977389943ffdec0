"""A price that wavers is told once; what a shop's terms forbid is never told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.alerting import AlertKind, Change, Wish, decide, is_still_true, margin, seen_offer
from catalog.reading import Availability, Condition
from catalog.shown_offer import LinkTrouble, OfferFacts, Trouble
from catalog.terms import Terms

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
REST = timedelta(days=14)
BELOW = Wish(kind=AlertKind.BELOW, amount=Decimal(80))
DROP = Wish(kind=AlertKind.DROP, base=Decimal(100))
STOCK = Wish(kind=AlertKind.STOCK)
OPEN = Terms(alerts_allowed=True, mail_allowed=True)


def decided(
    wish: Wish, lowest: str | None = None, *, stocked: bool | None = None, now: datetime = NOW
) -> Change | None:
    amount = None if lowest is None else Decimal(lowest)
    return decide(wish, lowest=amount, is_stocked=stocked, now=now, rest=REST)


def told(wish: Wish, prices: list[str]) -> tuple[list[str], Wish]:
    """At which of the prices it is told, a minute apart."""
    at = []
    for minute, price in enumerate(prices):
        change = decided(wish, price, now=NOW + timedelta(minutes=minute))
        if change is not None:
            wish = change.wish
            at += [price] if change.is_told else []
    return at, wish


def facts(**fields: object) -> OfferFacts:
    values: dict[str, object] = {
        "offer_id": 1,
        "product_id": 1,
        "merchant": "Shop",
        "merchant_slug": "shop",
        "country": "US",
        "terms": OPEN,
        "condition": Condition.NEW,
        "amount": Decimal("79.90"),
        "currency": "USD",
        "shipping_amount": None,
        "availability": Availability.IN_STOCK,
        "seen_at": NOW - timedelta(hours=1),
        "state": "ok",
        "link_code": "one",
    }
    return OfferFacts(**{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("prices", "at"),
    [
        (["90", "80.01"], []),
        (["90", "80"], ["80"]),
        # It wavers around the amount: told once.
        (["80", "80.50", "79", "81", "80", "81.60", "80"], ["80"]),
        # Risen by more than 2 %: the next time counts.
        (["79", "81.61", "80"], ["79", "80"]),
        (["79", "60", "40"], ["79"]),
    ],
)
def test_below_an_amount_is_told_once_until_it_has_risen(prices: list[str], at: list[str]) -> None:
    assert told(BELOW, prices)[0] == at


def test_one_unit_is_the_least_that_counts() -> None:
    assert (margin(Decimal(10)), margin(Decimal(500))) == (Decimal(1), Decimal(10))
    cheap = Wish(kind=AlertKind.BELOW, amount=Decimal(10))
    assert told(cheap, ["10", "10.90", "10", "11.01", "10"])[0] == ["10", "10"]


def test_what_stays_below_is_told_again_after_a_rest() -> None:
    change = decided(BELOW, "79")
    assert change is not None
    assert decided(change.wish, "79", now=NOW + REST - timedelta(seconds=1)) is None
    again = decided(change.wish, "79", now=NOW + REST)
    assert again is not None
    assert again.is_told


@pytest.mark.parametrize(
    ("prices", "at"),
    [
        (["99", "98.50"], []),
        (["98"], ["98"]),
        # Little by little is a drop too.
        (["99.20", "98.60", "98.00"], ["98.00"]),
        # Up by less than 2 % and back is none.
        (["101.50", "100", "99"], []),
        # From where it stood.
        (["120", "110"], ["110"]),
        (["98", "96.04"], ["98", "96.04"]),
    ],
)
def test_any_drop_counts_from_where_the_price_stood(prices: list[str], at: list[str]) -> None:
    assert told(DROP, prices)[0] == at


def test_a_drop_says_what_it_was() -> None:
    change = decided(DROP, "90")
    assert change is not None
    assert (change.was, change.wish.base) == (Decimal(100), Decimal(90))
    first = decided(replace(DROP, base=None), "90")
    assert first is not None
    assert not first.is_told, "nobody knows what it was before"


def test_back_in_stock_is_told_once_after_it_was_sold_out() -> None:
    assert decided(STOCK, stocked=None) is None, "what could not be read is neither"
    change = decided(STOCK, stocked=True)
    assert change is not None
    assert change.is_told
    assert decided(change.wish, stocked=True) is None
    out = decided(change.wish, stocked=False)
    assert out is not None
    assert not out.is_told
    assert decided(out.wish, stocked=True, now=NOW + timedelta(hours=5)) is None, "it comes and goes"
    back = decided(out.wish, stocked=True, now=NOW + timedelta(days=2))
    assert back is not None
    assert back.is_told


@given(st.lists(st.decimals(70, 90, places=2), max_size=40))
def test_between_two_letters_the_price_has_risen_by_the_margin(prices: list[Decimal]) -> None:
    wish, last, most = BELOW, False, Decimal(0)
    for price in prices:
        most = max(most, price)
        change = decide(wish, lowest=price, is_stocked=None, now=NOW, rest=REST)
        if change is None:
            continue
        wish = change.wish
        if change.is_told:
            assert price <= Decimal(80)
            assert not last or most > Decimal(80) + margin(Decimal(80))
            last, most = True, Decimal(0)


@pytest.mark.parametrize(
    "fields",
    [
        {"terms": Terms(alerts_allowed=True)},
        {"terms": Terms(mail_allowed=True)},
        {"terms": replace(OPEN, prices_allowed=False)},
        {"condition": Condition.USED, "terms": replace(OPEN, used_allowed=True)},
        {"seen_at": NOW - timedelta(days=2)},
        {"seen_at": None},
        {"amount": None, "availability": Availability.UNKNOWN},
        {"trouble": LinkTrouble(trouble=Trouble.GONE, checked_at=NOW)},
    ],
)
def test_offers_that_no_alert_may_speak_of(fields: dict[str, object]) -> None:
    assert seen_offer(facts(**fields), now=NOW) is None


def test_what_is_sold_out_has_no_price_but_is_known_to_be_sold_out() -> None:
    seen = seen_offer(facts(availability=Availability.OUT_OF_STOCK), now=NOW)
    assert seen is not None
    assert (seen.amount, seen.is_stocked) == (None, False)
    unknown = seen_offer(facts(availability=Availability.UNKNOWN), now=NOW)
    assert unknown is not None
    assert (unknown.amount, unknown.is_stocked) == (Decimal("79.90"), None)


def test_a_letter_says_only_what_is_still_so() -> None:
    def still(wish: Wish, was: str | None, lowest: str | None, stocked: bool | None = None) -> bool:
        return is_still_true(
            wish, was=Decimal(was) if was else None, lowest=Decimal(lowest) if lowest else None, is_stocked=stocked
        )

    assert still(BELOW, None, "80")
    assert not still(BELOW, None, "80.01")
    assert not still(BELOW, None, None)
    assert still(DROP, "100", "99")
    assert not still(DROP, "100", "100")
    assert not still(STOCK, None, "1", None)
