"""Filter and order by price count in the reader's currency, in shops' own prices first, and of shops that reach him."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.facets import answer
from catalog.facets.asked import Asked, Found, Range
from catalog.facets.index import Index
from catalog.facets.rows import OfferRow, ProductRow, Shown, prices_of
from catalog.money.conversion import Conversion, Rate
from catalog.shopper import ELSEWHERE, same_reach

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SHOWN = Shown(
    ("EUR", "GBP", "USD"),
    Conversion({"USD": Rate(Decimal("1.25"), date(2026, 11, 25)), "GBP": Rate(Decimal("0.8"), date(2026, 11, 25))}),
)


def offer(
    total: str, currency: str = "USD", *, may_convert: bool = True, is_new: bool = True, to: str = ""
) -> OfferRow:
    return OfferRow(
        merchant="shop",
        is_new=is_new,
        availability="in_stock",
        total=Decimal(total),
        currency=currency,
        seen_at=NOW - timedelta(hours=1),
        until=NOW + timedelta(hours=1),
        may_convert=may_convert,
        delivers_to=frozenset(to.split()),
    )


def row(number: int, *offers: OfferRow) -> ProductRow:
    return ProductRow(id=number, brand="acme", brand_name="Acme", model=f"Model {number}", offers=offers)


@pytest.mark.parametrize(
    ("offers", "euros"),
    [
        ((offer("100.00"),), "80.00"),
        ((offer("100.00"), offer("90.00", "EUR")), "90.00"),
        ((offer("100.00"), offer("50.00", "GBP")), "62.50"),
        ((offer("10.00", may_convert=False), offer("100.00")), "80.00"),
        ((offer("10.00", may_convert=False),), None),
        ((offer("10.00", is_new=False),), None),
    ],
)
def test_a_price_in_euros_is_a_shops_own_or_the_least_converted_one(
    offers: tuple[OfferRow, ...], euros: str | None
) -> None:
    assert prices_of(offers, NOW, SHOWN).get("EUR") == (None if euros is None else Decimal(euros))


def test_without_rates_of_this_week_only_the_shops_own_are_known() -> None:
    late = NOW + timedelta(days=30)
    lasting = OfferRow("shop", True, "in_stock", Decimal(100), "USD", NOW, late + timedelta(days=1))
    assert prices_of([lasting], late, SHOWN) == {"USD": Decimal(100)}
    assert prices_of([lasting], NOW) == {"USD": Decimal(100)}


def test_the_filter_and_the_order_are_those_of_the_currency_that_is_asked_for() -> None:
    rows = [row(1, offer("100.00")), row(2, offer("90.00", "EUR")), row(3, offer("60.00", "GBP")), row(4)]
    index = Index.of(rows, {}, NOW, SHOWN)
    euros = Asked(currency="EUR", sort="price")
    found = answer.find(index, euros, start=0, size=9)
    assert found.ids == (3, 1, 2, 4), "75, 80 and 90 euros; none comes last"
    assert found.spans["price"] == (Decimal("75.00"), Decimal("90.00"))
    few = answer.find(index, Asked(currency="EUR", ranges={"price": Range(high=Decimal(80))}), start=0, size=9)
    assert set(few.ids) == {1, 3}
    dollars = answer.find(index, Asked(currency="USD", sort="price"), start=0, size=9)
    assert dollars.ids == (3, 1, 2, 4), "93.75, 100 and 112.50 dollars"


def test_what_ceases_to_hold_takes_its_converted_prices_along() -> None:
    index = Index.of([row(1, offer("100.00"))], {}, NOW, SHOWN)
    index.turn(NOW + timedelta(hours=2))
    asked = Asked(currency="EUR", ranges={"price": Range(low=Decimal(1))})
    assert answer.find(index, asked, start=0, size=9).count == 0


def test_countries_that_the_same_shops_deliver_to_are_one_reach() -> None:
    shops = (["DE", "AT"], [], ["US"], ["US", "DE", "AT"])
    assert same_reach(["AT", "DE", "US"], shops) == {"AT": "AT", "DE": "AT", "US": "US", ELSEWHERE: ELSEWHERE}
    assert same_reach(["DE"], (["DE"], ["DE"])) == {ELSEWHERE: ELSEWHERE}, "to Germany all of them deliver"
    assert same_reach([], ([], [])) == {}, "no shop says anything"


def test_only_prices_of_shops_that_may_deliver_there_count() -> None:
    shown = Shown(SHOWN.currencies, SHOWN.conversion, same_reach(["AT", "DE", "US"], (["DE", "AT"], ["US"])))
    rows = [
        row(1, offer("50.00", to="US"), offer("100.00", to="DE AT")),
        row(2, offer("70.00")),
        row(3, offer("60.00", "EUR", to="AT DE"), offer("40.00", to="US")),
    ]
    index = Index.of(rows, {}, NOW, shown)

    def asked(country: str, currency: str = "USD", **more: Any) -> Found:
        return answer.find(index, Asked(country=country, currency=currency, sort="price", **more), start=0, size=9)

    cheap = {"ranges": {"price": Range(high=Decimal(70))}}
    assert asked("").ids == (3, 1, 2)
    assert asked("US").ids == (3, 1, 2)
    assert asked("DE").ids == (2, 3, 1), "70, 75 and 100 dollars"
    assert asked("DE", **cheap).ids == (2,)
    assert asked("AT", "EUR").ids == (2, 3, 1), "Austria is reached as Germany is: 56, 60 and 80 euros"
    assert asked(ELSEWHERE).ids == (2, 1, 3), "only what is brought anywhere has a price"
    assert asked("DE").spans["price"] == (Decimal("70.00"), Decimal("100.00"))
    assert asked("FR").ids == asked("").ids, "a country the index has not heard of yet asks all shops"

    index.put(row(3, offer("40.00", to="US")))
    assert asked("DE", **cheap).ids == (2,)
    assert asked("DE").ids == (2, 1, 3), "what nobody brings there has no price there"
