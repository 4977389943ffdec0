"""No price, no shop and no foreign address goes out by mail; our own pages do."""

from __future__ import annotations

import pytest

from reviews.letter_words import forbidden_words

SITE = "https://ears.example"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Now $199 at last", "$199"),
        ("only 89,90 € today", "89,90 €"),
        ("EUR 120 and less", "EUR 120"),
        ("for 300 dollars", "300 dollars"),
        ("see https://www.amazon.com/dp/B0?tag=x-20.", "amazon.com/dp/B0"),
        ("see amzn.to/3xyz now", "amzn.to/3xyz"),
        ("at amazon.de they say", "amazon.de"),
        ("take https://ears.example/go/abc/", "/go/abc/"),
        ("HTTPS://EARS.EXAMPLE.evil.test/x", "evil.test"),
    ],
)
def test_it_is_refused_and_named(text: str, named: str) -> None:
    (problem, *_) = list(forbidden_words(text, site_url=SITE))
    assert named in problem


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The WH-1000XM5 after 30 hours and 250 g.",
        "Read https://ears.example/reviews/one/ first.",
        "From 20 Hz to 40,000 Hz, three years on, 2.4 GHz.",
    ],
)
def test_ordinary_words_and_our_own_pages_pass(text: str) -> None:
    assert list(forbidden_words(text, site_url=SITE)) == []
