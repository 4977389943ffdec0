from __future__ import annotations

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews.pages.catalogue import PER_PAGE, CataloguePage, catalogue_page, read_search
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


def page_of(**query: str) -> CataloguePage:
    return catalogue_page(query, now=timezone.now())


def test_the_state_of_the_filters_is_in_the_address_of_the_next_page() -> None:
    for number in range(PER_PAGE + 1):
        make_product(f"Model {number:02}", brand="Sony", kind="headphones", type="over-ear", specs={"wireless": True})
    page = page_of(q="sony", kind="headphones", type="over-ear", brand="sony", wireless="1", sort="newest")
    assert (page.count, page.pages, page.first, page.last) == (25, 2, 1, 24)
    assert page.next_url == ("/products/?q=sony&kind=headphones&type=over-ear&brand=sony&wireless=1&sort=newest&page=2")
    second = page_of(q="sony", wireless="1", page="2")
    assert (second.first, second.last) == (25, 25)
    assert second.previous_url == "/products/?q=sony&wireless=1"


def test_a_page_number_that_makes_no_sense_shows_the_nearest_page() -> None:
    make_product()
    for written in ("0", "-1", "x", "99", "9" * 40, "9" * 5000, "²"):
        assert page_of(page=written).number == 1


def test_what_the_address_says_wrongly_is_named_and_left_out(client: Client) -> None:
    make_product()
    search, problems = read_search({"kind": "hat", "type": "gaming<b>", "sort": "commission", "q": "a\x00b"})
    assert len(problems) == 3
    assert search.q == "ab"
    html = client.get("/products/?kind=hat&type=gaming<b>").content.decode()
    assert "There is no kind “hat”" in html
    assert "gaming&lt;b&gt;" in html
    assert "One product" in html


def test_filtered_lists_are_not_for_search_engines(client: Client) -> None:
    assert b'content="noindex"' in client.get("/products/?q=sony").content
    assert b'content="noindex"' not in client.get("/products/").content


def test_the_list_asks_as_many_questions_at_twenty_products_as_at_two() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = page_of()
        with CaptureQueriesContext(connection) as rendering:
            render_to_string("reviews/catalogue.html", {"page": page})
        assert len(rendering) == 0
        return len(captured)

    shop = make_merchant()
    for number in range(2):
        make_seen_offer(make_product(f"Few {number}"), shop)
    few = queries()
    for number in range(18):
        make_seen_offer(make_product(f"Many {number}"), shop)
    assert queries() == few


def test_an_empty_result_says_what_to_do(client: Client) -> None:
    html = client.get("/products/?q=nothing").content.decode()
    assert "No product fits" in html
    assert "Take a filter away" in html


def test_the_disclosure_stands_before_the_first_paid_link(client: Client) -> None:
    make_seen_offer(make_product(), make_merchant())
    html = client.get("/products/").content.decode()
    assert html.index("commission") < html.index('rel="sponsored')
