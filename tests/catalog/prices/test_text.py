from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.money.currencies import decimals
from catalog.prices.text import PriceText, PriceTextError, StartingPriceError, read_price


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1299.00 USD", "1299.00", "USD"),
        ("1.299,00 EUR", "1299.00", "EUR"),
        ("1,299.00", "1299.00", None),
        ("1.299,00", "1299.00", None),
        ("EUR 1 299,00", "1299.00", "EUR"),
        ("CHF 1'299.00", "1299.00", "CHF"),
        ("CHF 1’299.–", "1299", "CHF"),
        ("10.000 SEK", "10000", "SEK"),
        ("1.144.000 SEK", "1144000", "SEK"),
        ("1,980 JPY", "1980", "JPY"),
        ("₹1,23,456.50", "123456.50", "INR"),
        ("12.345 KWD", "12.345", "KWD"),
        ("1,234.567 KWD", "1234.567", "KWD"),
        ("24,990", "24990", None),
        ("20,- €", "20", "EUR"),
        ("1.198,- SEK", "1198", "SEK"),
        ("£39.95", "39.95", "GBP"),
        ("$39.95", "39.95", None),
        ("US$ 39.95", "39.95", "USD"),
        ("AU$59.95", "59.95", "AUD"),
        ("NZD $100.70", "100.70", "NZD"),
        ("12,000원", "12000", "KRW"),
        ("299 Kč", "299", "CZK"),
        ("99,99 zł", "99.99", "PLN"),
        ("1.9545e+02", "195.45", None),
        (",89", "0.89", None),
        (".75 €", "0.75", "EUR"),
        ("109€\n109€\n109", "109", "EUR"),
        ("Price: 59.00 EUR incl. VAT", "59.00", "EUR"),
        ("129,00 € (-15%)", "129.00", "EUR"),
        ("29.1583 GBP", "29.1583", "GBP"),
        ("1299.000 EUR", "1299.000", "EUR"),
        ("１２９．００ EUR", "129.00", "EUR"),
        ("١٢٩٫٥٠ SAR", "129.50", "SAR"),
        ("RUR 100", "100", "RUB"),
        ("99:-", "99", None),
        ("kr 1 299", "1299", None),
        ("kr. 1.299,-", "1299", None),
        ("99.– CHF", "99", "CHF"),
        ("1\u202f299,00 €", "1299.00", "EUR"),
        ("1\u2009299.00 €", "1299.00", "EUR"),
        ("₹ 1,00,000", "100000", "INR"),
        ("Rs. 12,34,567/-", "1234567", None),
        ("12,800円(税込)", "12800", "JPY"),
        ("US $99.00", "99.00", "USD"),
        ("AU $ 99", "99", "AUD"),
        ("CDN$ 1,299", "1299", "CAD"),
        ("1.299.000 ₫", "1299000", "VND"),
        ("1 299 Kč s DPH", "1299", "CZK"),
        ("١٬٢٩٩٫٥٠ ر.س", "1299.50", "SAR"),
        ("د.إ 1,299.00", "1299.00", "AED"),
        ("१,२९९.०० INR", "1299.00", "INR"),
        ("KD 12.500", "12.500", "KWD"),
        ("12,500 TND", "12.500", "TND"),
        ("99,00 €*", "99.00", "EUR"),
        ("99.99 | 99.99", "99.99", None),
    ],
)
def test_reads_the_price_that_is_written(text: str, amount: str, currency: str | None) -> None:
    assert read_price(text) == PriceText(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("call us", "holds no number"),
        ("from 49.95 EUR", "others start"),
        ("ab 2,99 €", "others start"),
        ("30,000원~", "others start"),
        ("$49+", "others start"),
        ("344.99 - 444.99 USD", "is a range"),
        ("£6.95 – £9.95", "is a range"),
        ("$29.75 / Count", "per unit"),
        ("15.95 per month", "per unit"),
        ("1799 p", "minor units"),
        ("1799 GBp", "minor units"),
        ("68 50", "groups of digits"),
        ("1.29.00", "groups of digits"),
        ("12,34,5", "groups of digits"),
        ("68\n50", "several prices"),
        ("69 TL 41.90 TL", "several prices"),
        ("was 120 USD", "former or list price"),
        ("UVP 120 EUR", "former or list price"),
        ("790,00 € HT", "leaves the tax out"),
        ("24.71 EUR + VAT", "leaves the tax out"),
        ("0.999 EUR", "thousands or as thousandths"),
        ("1.234,567 EUR", "three digits"),
        ("-5.00 EUR", "is negative"),
        ("100 DEM", "withdrawn"),
        ("EUR 100 USD", "another currency"),
        ("16.00 ft", "not understood"),
        ("9.99 bananas", "not understood"),
        ("9" * 300, "too long"),
        ("à partir de 99 €", "others start"),
        ("vanaf € 99", "others start"),
        ("As low as $99", "others start"),
        ("between 99 and 129 USD", "not understood"),
        ("99~129 USD", "others start"),
        ("99/129 USD", "per unit"),
        ("129,00€99,00€", "several prices"),
        ("12 x R$ 99,90", "not understood"),
        ("R$ 99,90 em 12x", "not understood"),
        ("49,99 €/Monat", "not understood"),
        ("68⁵⁰", "raised"),
        ("$68⁵⁰", "raised"),
        ("99½ EUR", "raised"),
        ("5.00- USD", "is negative"),
        ("−5 USD", "is negative"),
        ("(5.00) USD", "in brackets"),
        ("12,800円 (税抜)", "leaves the tax out"),
        ("1 299 Kč bez DPH", "leaves the tax out"),
        ("1,500 KWD", "thousands or as thousandths"),
        ("12,500 OMR", "thousands or as thousandths"),
        ("25.000 IQD", "thousands or as thousandths"),
        ("1e99", "more than any shop"),
        ("9999999999999 USD", "more than any shop"),
        ("1299¢", "minor units"),
        ("1_299.00", "not understood"),
        ("1.2k USD", "not understood"),
        ("£99 (€115)", "another currency"),
        ("Member price: $99", "not understood"),
        ("99.99 with coupon", "not understood"),
    ],
)
def test_refuses_what_is_not_one_clear_price_and_says_why(text: str, reason: str) -> None:
    with pytest.raises(PriceTextError, match=reason):
        read_price(text)


@pytest.mark.parametrize("text", ["from 49.95 EUR", "$49+", "ab 2,99 €"])
def test_a_price_from_which_others_start_is_told_apart_from_a_text_that_is_none(text: str) -> None:
    with pytest.raises(StartingPriceError):
        read_price(text)


def test_a_currency_known_from_beside_the_text_fills_in_and_must_not_contradict() -> None:
    assert read_price("48,00", currency="EUR") == PriceText(Decimal("48.00"), "EUR")
    assert read_price("$48", currency="CAD") == PriceText(Decimal(48), "CAD")
    assert read_price("1.299", currency="KWD").amount == Decimal("1.299")
    with pytest.raises(PriceTextError, match="another currency than USD"):
        read_price("48,00 €", currency="USD")


@given(
    cents=st.integers(min_value=1, max_value=10**9),
    currency=st.sampled_from(["USD", "EUR", "JPY", "KWD", "SEK", "TND"]),
    style=st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ".")]),
)
def test_every_amount_written_with_all_its_decimals_is_read_back(
    cents: int, currency: str, style: tuple[str, str]
) -> None:
    amount = Decimal(cents).scaleb(-decimals(currency))
    text = f"{amount:,.{decimals(currency)}f}".translate(str.maketrans({",": style[0], ".": style[1]}))
    try:
        price = read_price(f"{text} {currency}")
    except PriceTextError as refused:
        # A comma before three digits is a thousand to Kuwait and the decimal sign to whoever wrote this.
        assert (currency, style[1], "thousandths" in str(refused)) == ("KWD", ",", True)  # noqa: PT017
    else:
        assert price == PriceText(amount, currency)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    try:
        price = read_price(text)
    except PriceTextError:
        return
    assert price.amount >= 0
    assert price.amount.is_finite()


@pytest.mark.real_data
def test_no_price_string_of_real_shops_is_silently_misread(shared: Path) -> None:
    folder = shared / "fixtures" / "price-strings"
    rows = [
        (row["text"], row["amount"]) for row in json.loads((folder / "collected-from-issues.json").read_text())["items"]
    ]
    groups = json.loads((folder / "price-parser-examples.json").read_text())["groups"]
    rows += [(row["price_raw"] or "", row["amount"]) for group in groups.values() for row in group]
    tally: Counter[str] = Counter()
    wrong = []
    for text, amount in rows:
        try:
            price = read_price(text)
        except PriceTextError:
            tally["refused"] += 1
            continue
        # A number without any currency is no price yet: whoever reads a source refuses it or knows the currency.
        if amount is None and price.currency is None:
            tally["refused"] += 1
        elif amount is None or Decimal(amount) != price.amount:
            wrong.append((text, amount, price))
        else:
            tally["right"] += 1
    print(dict(tally), "wrong:", len(wrong))
    assert wrong == []
    assert tally["right"] > 880


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("129,90 €TTC", "129.90", "EUR"), ("Sale price$79.99", "79.99", None), ("Sale price£ 79.99", "79.99", "GBP")],
)
def test_a_sign_glued_to_a_word_is_still_a_sign(text: str, amount: str, currency: str | None) -> None:
    assert read_price(text) == PriceText(Decimal(amount), currency)


@pytest.mark.parametrize("text", ["79,99 €HT", "Regular price$79.99", "€EACH 5"])
def test_a_word_glued_to_a_sign_still_makes_it_another_thing(text: str) -> None:
    with pytest.raises(PriceTextError):
        read_price(text)
