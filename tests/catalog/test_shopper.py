"""Of all that a reader may be or say, a page knows a few countries and currencies; nothing else makes another one."""

from __future__ import annotations

from itertools import product

import pytest

from catalog.shopper import ELSEWHERE, Market, Shopper, shopper, shopping_as

MARKET = Market(countries=frozenset({"DE", "GB", "US"}), currencies=("EUR", "GBP", "USD"))


@pytest.mark.parametrize(
    ("header", "country", "currency"),
    [
        ("DE", "DE", "EUR"),
        ("GB", "GB", "GBP"),
        ("US", "US", "USD"),
        ("FR", ELSEWHERE, "EUR"),
        ("PL", ELSEWHERE, "USD"),
        ("XX", "", "USD"),
        ("T1", "", "USD"),
        ("", "", "USD"),
        ("DEU", "", "USD"),
        ("Δ€", "", "USD"),
    ],
)
def test_a_header_is_a_country_somebody_names_or_elsewhere(header: str, country: str, currency: str) -> None:
    seen = MARKET.seen_from(header)
    assert (seen.country, seen.currency) == (country, currency)


@pytest.mark.parametrize(
    ("country", "currency", "key", "pairs"),
    [
        ("DE", "", "DE.EUR", [("country", "DE")]),
        ("de", "usd", "DE.USD", [("country", "DE"), ("currency", "USD")]),
        ("", "GBP", "US.GBP", [("currency", "GBP")]),
        ("other", "", "other.USD", [("country", "other"), ("currency", "USD")]),
        ("PL", "", "other.USD", [("country", "other"), ("currency", "USD")]),
        ("FR", "", "other.EUR", [("country", "other"), ("currency", "EUR")]),
        ("<script>", "';--", "US.USD", []),
        ("", "JPY", "US.USD", []),
        ("", "", "US.USD", []),
    ],
)
def test_what_a_reader_says_goes_before_the_header_and_nonsense_says_nothing(
    country: str, currency: str, key: str, pairs: list[tuple[str, str]]
) -> None:
    found, said = MARKET.chosen(MARKET.seen_from("US"), country=country, currency=currency)
    assert (found.key, list(said)) == (key, pairs)
    again = {"country": "", "currency": "", **dict(said)}
    assert MARKET.chosen(MARKET.seen_from("US"), **again) == (found, said), "the cache and the view mean the same"


def test_whatever_is_asked_there_are_no_more_readers_than_countries_times_currencies() -> None:
    odd = ["", "DE", "de", "FR", "PL", "XX", "other", "Other", "A" * 5000, "\x00", "é", "12", "G"]
    codes = [f"{a}{b}" for a, b in product("ABCDEFGXZ", repeat=2)]
    keys = {
        MARKET.chosen(MARKET.seen_from(header), country=country, currency=currency)[0].key
        for header in (*odd, *codes[:20])
        for country in (*odd, *codes)
        for currency in ("", "EUR", "eur", "JPY", "💶", "USD")
    }
    assert len(keys) <= (len(MARKET.countries) + 2) * len(MARKET.currencies)


def test_a_shop_that_names_no_country_keeps_nobody_out() -> None:
    german, stranger = Shopper(country="DE"), Shopper()
    assert german.is_out_of_reach(["US", "CA"])
    assert not german.is_out_of_reach(["DE"])
    assert not german.is_out_of_reach([])
    assert not stranger.is_out_of_reach(["US"])
    assert Shopper(country=ELSEWHERE).is_out_of_reach(["US"])
    assert (german.country_words, Shopper(country=ELSEWHERE).country_words) == ("Germany", "your country")


def test_where_no_shop_names_a_country_no_page_is_made_for_one() -> None:
    nobody = Market(currencies=("EUR", "USD"))
    assert nobody.seen_from("DE") == Shopper(currency="EUR")
    assert nobody.chosen(Shopper(), country="DE", currency="") == (Shopper(), ())


def test_a_page_knows_its_reader_only_while_it_is_built() -> None:
    with shopping_as(Shopper(country="DE", currency="EUR")):
        assert shopper().key == "DE.EUR"
    assert shopper() == Shopper()
