"""What does a newcomer see who has set the site up and written nothing yet, and who has one of each?"""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_product

pytestmark = pytest.mark.django_db

LISTS = [
    *("/", "/headphones/", "/headphones/over-ear/", "/headsets/", "/headsets/gaming/"),
    *("/guides/", "/reviews/", "/best/", "/products/", "/products/?view=table", "/products/?q=acme", "/compare/"),
    *("/brands/", "/search/", "/search/?q=acme", "/authors/", "/corrections/", "/method/", "/choose/"),
    *("/disclosure/", "/how-we-work/", "/how-we-rank/", "/privacy/", "/feed/", "/sitemap.xml", "/llms.txt"),
]
COUNTED_BADLY = ("All 0 ", "All 1 ", "1 products", "1 makers", "1 articles")


@pytest.mark.parametrize("address", LISTS)
def test_every_list_stands_without_a_row_and_promises_no_list_of_nothing(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert [words for words in COUNTED_BADLY if words in response.content.decode()] == []


@pytest.mark.parametrize("address", [*LISTS, "/brands/acme/"])
def test_one_product_is_not_counted_as_many(client: Client, address: str) -> None:
    make_product(kind="headphones", type="over-ear")
    html = client.get(address).content.decode()
    assert [words for words in COUNTED_BADLY if words in html] == []


def test_a_catalogue_without_products_asks_nobody_to_give_up_a_filter(client: Client) -> None:
    html = client.get("/products/").content.decode()
    assert "We know no product yet." in html
    assert "Give up" not in html
    assert "Give up" in client.get("/products/?wireless=yes").content.decode()
