from __future__ import annotations

import re

from catalog.deal import deal
from reviews.pages.deal_words import DealWords, deal_words
from tests.catalog.watched import NOW, watched


def words(*runs: tuple[int, str], **more: object) -> DealWords:
    found = deal(watched(*runs, **more), now=NOW)  # type: ignore[arg-type]
    assert found is not None
    return deal_words(found)


def test_a_reduction_names_its_measure_the_day_it_began_and_the_days_watched() -> None:
    said = words((40, "100"), (5, "79"))
    assert said.headline == "A real reduction"
    assert said.text == (
        "$79.00 at Shop, 21 % under $100.00, the lowest price of the 30 days before 21 Nov 2026 "
        "(observed on 30 of 30 days)."
    )


def test_the_lowest_since_we_watch_needs_a_long_watch() -> None:
    assert words((80, "100"), (5, "79")).headline == "Lowest since we watch"
    assert words((80, "79"), (40, "100"), (5, "79")).headline == "A real reduction"


def test_raised_first_and_then_cut_is_said_with_both_prices() -> None:
    said = words((25, "80"), (10, "120"), (5, "80"))
    assert (said.headline, said.tone) == ("Raised first, then cut", "no")
    assert "is down from $120.00, but no lower than $80.00" in said.text


def test_a_real_cut_that_looks_larger_than_it_is_says_so() -> None:
    said = words((25, "100"), (10, "150"), (5, "90"))
    assert "10 % under $100.00" in said.text
    assert "It stood at $150.00 just before, which is not the measure." in said.text


def test_usual_and_higher_name_the_median() -> None:
    assert words((60, "100")).text == (
        "$100.00 at Shop; usual is $100.00, its median over the last 90 days (observed on 30 of 30 days)."
    )
    assert "20 % above $100.00" in words((60, "100"), (10, "120")).text


def test_a_low_price_that_has_stood_long_is_not_called_usual_beside_a_higher_usual_price() -> None:
    for said in (words((60, "100"), (40, "80")), words((60, "100"), (10, "70"), (10, "80"))):
        assert said.headline == "No new reduction"
        assert "$80.00 at Shop is under $100.00, its median over the last 90 days" in said.text


def test_a_few_cents_under_the_median_are_the_usual_price() -> None:
    assert words((60, "100"), (10, "98"), (10, "99")).headline == "The usual price"


def test_too_little_watched_claims_no_percentage() -> None:
    said = words((40, "100"), (5, "79"), unseen=range(10, 33))
    assert said.headline == "Too little observed to say"
    assert not re.search(r"[0-9] %", said.text)


def test_every_currency_keeps_its_decimals() -> None:
    assert "KWD" in words((40, "100.5"), (5, "79.125"), currency="KWD").text
    assert "79.125 KWD" in words((40, "100.5"), (5, "79.125"), currency="KWD").text
