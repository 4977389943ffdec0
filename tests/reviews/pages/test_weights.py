from __future__ import annotations

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from reviews import selectors
from reviews.pages.article import ArticlePage, article_page
from reviews.pages.weights_list import RankPage, rank_page, ranked_use_case
from reviews.services.articles import BlockInput
from tests.factories import make_product, make_published_article
from tests.reviews.html import Reader
from tests.reviews.scored import NOW, give, make_method

pytestmark = pytest.mark.django_db


@pytest.fixture
def scored() -> list[Product]:
    """One sounds best, Two is the most comfortable, Three was not carried about."""
    method = make_method()
    products = [make_product(name, kind="headphones", type="over-ear") for name in ("One", "Two", "Three")]
    give(method, products[0], sound="9.0", comfort="5.0", carrying="6.0")
    give(method, products[1], sound="6.0", comfort="9.0", carrying="6.0")
    give(method, products[2], sound="8.0", comfort="8.0")
    return products


def page_of(*written: str, use_case: str = "everyday") -> RankPage:
    found = ranked_use_case(use_case)
    assert found is not None
    return rank_page(written, method=found[0], use_case=found[1])


def best_of(products: list[Product]) -> None:
    cards = [BlockInput("product_card", {"text": "Why.", "badge": ""}, products=[one]) for one in products]
    make_published_article("list", kind="best_of", use_case="everyday", blocks=cards)


def names(page: RankPage) -> list[str]:
    return [line.name for line in page.weights.lines]


def test_by_our_weights_the_list_is_ours_and_in_the_structured_data(client: Client, scored: list[Product]) -> None:
    assert names(page_of()) == ["Acme One", "Acme Two"]
    html = client.get("/rank/everyday/").content.decode()
    listed = Reader(html).node("ItemList")["itemListElement"]
    assert [one["name"] for one in listed] == ["Acme One", "Acme Two"]
    assert "noindex" not in html


def test_by_the_reader_s_weights_it_is_ranked_anew_with_both_places_and_what_moved_each(
    client: Client, scored: list[Product]
) -> None:
    page = page_of("sound.2,comfort.10")
    assert [(line.name, line.moved) for line in page.weights.lines] == [
        ("Acme Two", "up 1 place"),
        ("Acme One", "down 1 place"),
    ]
    assert page.weights.lines[0].why == "Comfort counts more: 62 %, not 30 %; it has 9.0 there."
    html = client.get("/rank/everyday/?w=sound.2,comfort.10").content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert "ours: place 2, 6.9" in html
    assert [node["@type"] for node in Reader(html).nodes()] == ["BreadcrumbList"]
    assert 'rel="canonical" href="http://127.0.0.1:8000/rank/everyday/"' in html


def test_what_is_not_scored_on_something_that_counts_stands_apart_until_it_does_not_count(
    client: Client, scored: list[Product]
) -> None:
    assert [(one.name, one.missing) for one in page_of().weights.apart] == [("Acme Three", ("Carrying",))]
    assert "not scored on carrying" in client.get("/rank/everyday/").content.decode()
    assert names(page_of(use_case="desk")) == ["Acme Three", "Acme One", "Acme Two"]


def test_a_form_s_numbers_lead_to_the_one_spelling_and_ours_to_none(client: Client, scored: list[Product]) -> None:
    answer = client.get("/rank/everyday/", {"w[]": ["2", "10", "4"]})
    assert answer.status_code == 302
    assert answer["Location"] == "/rank/everyday/?w=sound.2,comfort.10#your-weights"
    assert client.get("/rank/everyday/?w=10&w=6&w=4")["Location"] == "/rank/everyday/#your-weights"


@pytest.mark.parametrize("query", ["w=noise.5", "w=1&w=2", "w=0&w=0&w=0", "w=sound.99", "w=<b>"])
def test_weights_that_make_no_sense_are_named_and_ours_are_shown(
    client: Client, scored: list[Product], query: str
) -> None:
    answer = client.get(f"/rank/everyday/?{query}")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "note-warn" in html
    assert "<b>" not in html
    assert html.index("Acme One</a>") < html.index("Acme Two</a>")


def test_every_weight_has_a_labelled_number_and_says_ours(client: Client, scored: list[Product]) -> None:
    page = Reader(client.get("/rank/everyday/?w=sound.3").content.decode())
    numbers = [field for field in page.all("input") if field.get("type") == "number"]
    assert [(one["name"], one["value"], one["min"], one["max"]) for one in numbers] == [
        ("w[]", "3", "0", "10"),
        ("w[]", "6", "0", "10"),
        ("w[]", "4", "0", "10"),
    ]
    assert {one["id"] for one in numbers} <= {label.get("for") for label in page.all("label")}


def test_there_is_no_list_for_a_use_that_we_do_not_rank_for(client: Client) -> None:
    assert client.get("/rank/everyday/").status_code == 404
    make_method()
    assert client.get("/rank/no-such-use/").status_code == 404
    assert "No product is scored" in client.get("/rank/everyday/").content.decode()


# --- in a "best of" ------------------------------------------------------------------------------------------------


def test_a_guide_keeps_the_editor_s_order_and_has_a_section_of_its_own(client: Client, scored: list[Product]) -> None:
    best_of(scored)
    plain = client.get("/best/list/").content.decode()
    own = client.get("/best/list/?w=sound.2,comfort.10").content.decode()
    for html in (plain, own):
        cards = html[: html.index('id="your-weights"')]
        found = re.findall(r'id="card-acme-(\w+)"', cards)
        assert found == ["one", "two", "three"]
    assert "noindex" not in plain
    assert '<meta name="robots" content="noindex">' in own
    assert "up 1 place" in own
    assert Reader(own).nodes() == Reader(plain).nodes()
    answer = client.get("/best/list/?w=2&w=10&w=4")
    assert answer["Location"] == "/best/list/?w=sound.2,comfort.10#your-weights"


def test_only_a_best_of_with_a_use_case_is_weighed(client: Client, scored: list[Product]) -> None:
    cards = [BlockInput("product_card", {"text": "Why.", "badge": ""}, products=[one]) for one in scored]
    make_published_article("plain", kind="best_of", blocks=cards)
    make_published_article("guide", kind="guide", use_case="everyday", blocks=cards)
    for address in ("/best/plain/", "/guides/guide/"):
        assert "your-weights" not in client.get(address).content.decode()


# --- how it is made ------------------------------------------------------------------------------------------------


def article_of() -> ArticlePage:
    article = selectors.published_article("best_of", "list")
    assert article is not None
    return article_page(article, now=NOW, weights=["sound.2"])


def test_more_products_ask_no_more_questions_and_the_templates_none() -> None:
    method = make_method()

    def queries(count: int) -> tuple[int, int]:
        for number in range(Product.objects.count(), count):
            give(method, make_product(f"M{number}"), sound="8.0", comfort="7.0", carrying="6.0")
        with CaptureQueriesContext(connection) as listed:
            page_of("sound.2")
        return len(listed), count

    assert queries(2)[0] == queries(12)[0]
    best_of(list(Product.objects.select_related("brand")))
    pages = (("reviews/rank.html", page_of("sound.2")), ("reviews/article.html", article_of()))
    for template, page in pages:
        with CaptureQueriesContext(connection) as captured:
            render_to_string(template, {"page": page})
        assert len(captured) == 0, template


def test_a_list_that_is_cut_says_so_and_leads_to_all_of_them(
    client: Client, scored: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get("/rank/everyday/").content.decode()
    assert "are listed." not in whole
    monkeypatch.setattr("reviews.pages.weights_list.MOST_LISTED", 1)
    assert (page_of().left_out, page_of().apart_left_out) == (1, 0)
    cut = render_to_string("reviews/rank.html", {"page": page_of()})
    assert "The first 1 of 2 are listed." in cut
    assert 'href="/products/?sort=score%3Aeveryday"' in cut
    assert client.get("/products/?sort=score:everyday").status_code == 200
