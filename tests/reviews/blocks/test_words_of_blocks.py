"""What the smaller blocks say: disclosure, questions, pros and cons, verdict, text."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from reviews.blocks import BLOCKS
from reviews.blocks.disclosure import DEFAULT_TEXT
from tests.reviews.blocks.facts import here, product


def html_of(kind: str, data: dict[str, Any], products: int = 0, **around: Any) -> str:
    view = BLOCKS[kind].build(data, [product(number) for number in range(1, products + 1)], here(**around))
    return render_to_string(f"blocks/{kind}.html", {"block": view})


def test_an_empty_disclosure_says_the_usual_words_in_plain_language() -> None:
    html = html_of("disclosure", {"text": ""})
    assert "commission" in html
    assert DEFAULT_TEXT[:40] in html
    assert 'href="/disclosure/"' in html


def test_a_disclosure_can_say_its_own_words() -> None:
    html = html_of("disclosure", {"text": "A maker lent us this.\n\nWe returned it."})
    assert html.count("<p>") == 2
    assert DEFAULT_TEXT[:40] not in html


def test_answers_stand_on_the_page_without_a_click() -> None:
    html = html_of("faq", {"title": "Q", "items": [{"question": "A?", "answer": "B.\n\nC."}]})
    assert "<h3>A?</h3>" in html
    assert "<p>B.</p><p>C.</p>" in html
    assert "<details" not in html


def test_pros_and_cons_are_two_named_lists() -> None:
    html = html_of("pros_cons", {"pros": ["light"], "cons": ["dear"]}, products=1)
    assert '<ul aria-label="Pros">' in html
    assert '<ul aria-label="Cons">' in html
    assert "Pros and cons of Acme Model 1" in html
    assert "<h2" not in html


def test_a_verdict_without_a_product_carries_no_link() -> None:
    html = html_of("verdict", {"title": "Verdict", "html": "<p>Neither.</p>"})
    assert "/go/" not in html
    assert '<h2 id="verdict">Verdict</h2>' in html


def test_ids_that_the_page_has_already_are_not_given_twice() -> None:
    html = html_of("verdict", {"title": "Price", "html": "<h3>Price</h3><p>x</p>"}, taken_ids=frozenset({"price"}))
    assert '<h2 id="price-2">' in html
    assert '<h3 id="price-3">' in html


def test_text_links_to_our_own_pages_by_address() -> None:
    html = html_of("prose", {"html": '<p><a href="product:a">A</a></p>'}, links={"product:a": "/products/a/"})
    assert '<a href="/products/a/">A</a>' in html
