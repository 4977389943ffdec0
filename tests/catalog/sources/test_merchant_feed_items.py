from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.reading import Availability, Condition, Reading, Unreadable
from tests.catalog.sources.feeds import NOW, PAYLOADS, item, only, read, reason


def test_reads_an_rss_item_with_everything_it_says() -> None:
    found = read((PAYLOADS / "feed_rss.xml").read_bytes(), "KL-100")
    assert found == [
        Reading(
            sku="KL-100",
            amount=Decimal("1299.00"),
            currency="EUR",
            seen_at=NOW,
            availability=Availability.IN_STOCK,
            condition=Condition.NEW,
            shipping_amount=Decimal("4.90"),
            url="https://klangladen.example/p/kl-100?a=1&b=2",
            title="Nordton Studio One & case",
            brand="Nordton",
            gtin="4006381333931",
            mpn="ST-1",
            raw_price="price 1.299,00 EUR",
        )
    ]


def test_the_price_of_shipping_members_or_a_foreign_vocabulary_is_never_the_price() -> None:
    assert only(read((PAYLOADS / "feed_rss.xml").read_bytes(), "KL-100")).amount == Decimal("1299.00")
    without = item({"id": "A"}).replace("</item>", "<g:shipping><g:price>5 USD</g:price></g:shipping></item>")
    assert "has no price" in reason(read(without, "A"))


def test_reads_an_atom_entry_with_its_link() -> None:
    reading = only(read((PAYLOADS / "feed_atom.xml").read_bytes(), "AT-1"))
    assert (reading.amount, reading.currency, reading.url) == (
        Decimal("79.90"),
        "GBP",
        "https://klangladen.example/p/at-1",
    )
    assert reading.availability is Availability.OUT_OF_STOCK


def test_hands_back_only_what_is_wanted_and_everything_when_nothing_is() -> None:
    body = (PAYLOADS / "feed_rss.xml").read_bytes()
    assert [said.sku for said in read(body, "KL-200", "NOT-THERE")] == ["KL-200"]
    assert [said.sku for said in read(body)] == ["KL-100", "KL-200", "KL-300"]


@pytest.mark.parametrize(
    ("now", "amount"),
    [
        (datetime(2026, 11, 19, 22, 59, tzinfo=UTC), "149.00"),
        (datetime(2026, 11, 19, 23, 0, tzinfo=UTC), "119.00"),
        (datetime(2026, 11, 30, 22, 58, tzinfo=UTC), "119.00"),
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "149.00"),
    ],
)
def test_a_sale_price_holds_inside_its_window_only(now: datetime, amount: str) -> None:
    reading = only(read((PAYLOADS / "feed_rss.xml").read_bytes(), "KL-200", now=now))
    assert (reading.amount, reading.currency) == (Decimal(amount), "EUR")


def sale(**fields: str) -> str:
    return item({"id": "A", "price": "100 EUR", "sale_price": "80 EUR", **fields})


def test_a_sale_without_a_window_always_holds() -> None:
    assert only(read(sale(), "A")).amount == Decimal("80.00")


@pytest.mark.parametrize(
    ("window", "amount"),
    [
        ("2026-11-20/2026-11-22", "80.00"),
        ("2026-11-20/2026-11-21", "100.00"),
        ("2026-11-22T12:00:00Z/2026-11-23T12:00:00Z", "80.00"),
        ("2016-03-01T13:00-0800/2016-03-11T15:30-0800", "100.00"),
    ],
)
def test_reads_the_ways_in_which_windows_are_written(window: str, amount: str) -> None:
    assert only(read(sale(sale_price_effective_date=window), "A")).amount == Decimal(amount)


@pytest.mark.parametrize(
    "window", ["soon", "2026-11-22", "2026-11-30/2026-11-01", "a/b", "2026-11-01/2026-11-02/x", "2026-11-01/9999-12-31"]
)
def test_a_window_that_cannot_be_read_makes_the_price_unreadable(window: str) -> None:
    assert "sale" in reason(read(sale(sale_price_effective_date=window), "A"))


def test_a_sale_above_the_price_is_dropped() -> None:
    assert only(read(sale(sale_price="120 EUR"), "A")).amount == Decimal("100.00")


def test_a_sale_in_another_currency_or_of_nothing_is_unreadable() -> None:
    assert "sale_price is 0" in reason(read(sale(sale_price="0.00 EUR"), "A"))
    assert isinstance(read(sale(sale_price="free"), "A")[0], Unreadable)


@pytest.mark.parametrize(
    ("price", "amount", "currency"),
    [
        ("15.00 USD", "15.00", "USD"),
        ("SEK 100", "100.00", "SEK"),
        ("99,99 SEK", "99.99", "SEK"),
        ("10 000.00 SEK", "10000.00", "SEK"),
        ("10.000 SEK", "10000.00", "SEK"),
        ("1,299.00 USD", "1299.00", "USD"),
        ("1.299,00 EUR", "1299.00", "EUR"),
        ("1980 JPY", "1980", "JPY"),
        ("12.345 KWD", "12.345", "KWD"),
    ],
)
def test_reads_prices_as_real_feeds_write_them(price: str, amount: str, currency: str) -> None:
    reading = only(read(item({"id": "A", "price": price}), "A"))
    assert (str(reading.amount), reading.currency, reading.raw_price) == (amount, currency, f"price {price}")


@pytest.mark.parametrize(
    ("price", "why"),
    [
        ("0", "no currency"),
        ("0.00 USD", "placeholder"),
        ("0.001 USD", "thousandths"),
        ("0.0001 USD", "placeholder"),
        ("", "has no price"),
        ("$1,299.00", "set `currency`"),
        ("1299.00", "set `currency`"),
        ("from 12.00 USD", "others start"),
        ("12.00 BGN", "withdrawn"),
        ("24.99 CLP", "no cents"),
        ("68 50 USD", "groups of digits"),
        ("-3.00 USD", "negative"),
    ],
)
def test_a_price_that_cannot_be_trusted_is_unreadable_with_its_reason(price: str, why: str) -> None:
    said = read(item({"id": "A", "price": price}), "A")
    assert why in reason(said)
    assert "line 1" in reason(said)


def test_the_currency_setting_fills_in_and_never_replaces() -> None:
    assert only(read(item({"id": "A", "price": "$1,299.00"}), "A", currency="USD")).currency == "USD"
    assert only(read(item({"id": "A", "price": "1299.00"}), "A", currency="USD")).currency == "USD"
    assert only(read(item({"id": "A", "price": "1299.00 CAD"}), "A", currency="USD")).currency == "CAD"


def test_two_prices_in_one_item_are_unreadable_unless_they_agree() -> None:
    twice = [("id", "A"), ("price", "10 USD"), ("price", "10.00 USD")]
    assert only(read(item(twice), "A")).amount == Decimal("10.00")
    assert "several price fields" in reason(read(item([*twice, ("price", "12 USD")]), "A"))


def test_an_id_listed_twice_is_read_when_both_agree_and_unreadable_when_they_do_not() -> None:
    def feed(first: str, second: str, condition: str = "new") -> str:
        rows = [f"A\tx\t{first}\tnew", f"A\tx\t{second}\t{condition}"]
        return "\n".join(["id\ttitle\tprice\tcondition", *rows])

    assert only(read(feed("10 USD", "10.00 USD"), "A")).amount == Decimal("10.00")
    assert "lists this id twice, at 850.00 SEK and 10.50 SEK" in reason(read(feed("850.00 SEK", "10.50 SEK"), "A"))
    assert "placeholder" in reason(read(feed("850.00 SEK", "0 SEK"), "A"))
    both = read(feed("850 SEK", "400 SEK", "used"), "A")
    assert [said.condition for said in both if isinstance(said, Reading)] == [Condition.NEW, Condition.USED]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("in stock", Availability.IN_STOCK), ("download", Availability.IN_STOCK), ("soon", Availability.UNKNOWN)],
)
def test_reads_availability(word: str, meaning: Availability) -> None:
    assert only(read(item({"id": "A", "price": "1 USD", "availability": word}), "A")).availability is meaning


def test_availability_that_contradicts_itself_is_unknown() -> None:
    twice = item([("id", "A"), ("price", "1 USD"), ("availability", "in stock"), ("availability", "out of stock")])
    assert only(read(twice, "A")).availability is Availability.UNKNOWN


def test_used_goods_are_told_apart_and_an_unknown_condition_is_refused() -> None:
    assert only(read(item({"id": "A", "price": "1 USD", "condition": "used"}), "A")).condition is Condition.USED
    assert "condition" in reason(read(item({"id": "A", "price": "1 USD", "condition": "burning"}), "A"))


def test_a_price_that_needs_a_contract_is_refused() -> None:
    contract = item({"id": "A", "price": "1 USD", "subscription_cost": "month:24:30 USD"})
    assert "contract" in reason(read(contract, "A"))


def test_only_a_true_gtin_is_kept() -> None:
    assert only(read(item({"id": "A", "price": "1 USD", "gtin": "4006381333930"}), "A")).gtin == ""
    assert only(read(item({"id": "A", "price": "1 USD", "gtin": "junk,4006381333931"}), "A")).gtin == "4006381333931"


def test_one_of_several_shipping_prices_is_nobodys() -> None:
    row = "id\tprice\tshipping\nA\t10 USD\tUS:::5 USD,CA:::9 USD"
    assert only(read(row, "A")).shipping_amount is None
    assert only(read(row.replace(",CA:::9 USD", ""), "A")).shipping_amount == Decimal(5)


def test_another_field_may_hold_our_sku() -> None:
    assert only(read(item({"id": "A", "mpn": "M-1", "price": "1 USD"}), "M-1", identifier="mpn")).mpn == "M-1"
    assert "has no `mpn`" in reason(read(item({"id": "A", "price": "1 USD"}), identifier="mpn"))


def test_a_link_that_is_no_web_address_is_dropped() -> None:
    assert only(read(item({"id": "A", "price": "1 USD", "link": "javascript:alert(1)"}), "A")).url == ""


@pytest.mark.parametrize("window", ["/", " / ", ""])
def test_a_window_that_was_left_empty_is_none(window: str) -> None:
    assert only(read(sale(sale_price="80 EUR", sale_price_effective_date=window), "A")).amount == Decimal("80.00")
