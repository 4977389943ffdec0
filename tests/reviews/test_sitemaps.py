from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from reviews import sitemaps
from tests.factories import make_article, make_product, make_published_article
from tests.reviews.scored import make_method

pytestmark = pytest.mark.django_db
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://127.0.0.1:8000"


def entries(client: Client, address: str) -> dict[str, str | None]:
    response = client.get(address)
    assert response.status_code == 200
    root = ElementTree.fromstring(response.content)
    return {entry.findtext(f"{NS}loc") or "": entry.findtext(f"{NS}lastmod") for entry in root}


def test_the_index_names_files_that_are_there(client: Client) -> None:
    make_product()
    for address in entries(client, "/sitemap.xml"):
        assert entries(client, address.removeprefix(SITE)) is not None


def test_an_article_changed_when_it_was_last_published(client: Client) -> None:
    make_published_article("guide", now=datetime(2026, 1, 1, tzinfo=UTC))
    make_article("guide", title="A draft changes nothing")
    make_article("draft")
    assert entries(client, "/sitemap-articles.xml") == {f"{SITE}/guides/guide/": "2026-01-01T00:00:00+00:00"}


def test_a_product_changed_when_its_row_did(client: Client) -> None:
    product = make_product()
    Product.objects.filter(pk=product.pk).update(updated_at=datetime(2026, 1, 2, tzinfo=UTC))
    assert entries(client, "/sitemap-products-1.xml") == {f"{SITE}/products/acme-one/": "2026-01-02T00:00:00+00:00"}


def test_many_products_are_split_over_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    for number in range(3):
        make_product(f"Model {number}")
    assert len(entries(client, "/sitemap-products-1.xml")) == 2
    assert len(entries(client, "/sitemap-products-2.xml")) == 1
    assert client.get("/sitemap-products-3.xml").status_code == 404


def test_the_index_says_of_every_file_when_one_in_it_changed_last(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    for day in (1, 9, 3, 4, 5):
        product = make_product(f"Model {day}")
        Product.objects.filter(pk=product.pk).update(updated_at=datetime(2026, 1, day, tzinfo=UTC))
    with django_assert_num_queries(3):  # the newest article, asked for twice, and all files of products at once
        assert [entry.changed_at for entry in sitemaps.parts()[2:]] == [
            datetime(2026, 1, day, tzinfo=UTC) for day in (9, 4, 5)
        ]
    for address, changed in entries(client, "/sitemap.xml").items():
        own = entries(client, address.removeprefix(SITE)).values()
        assert changed == max(filter(None, own), default=None), address


@pytest.mark.parametrize(
    "part", ["nothing", "products-0", "products-x", "products-", "products-0000019", "products-000001" + "0" * 5000]
)
def test_a_file_that_is_not_in_the_index_is_not_found(client: Client, part: str) -> None:
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


def test_every_page_in_it_answers(client: Client) -> None:
    make_published_article("guide")
    for address in entries(client, "/sitemap-pages.xml"):
        assert client.get(address.removeprefix(SITE)).status_code == 200, address


def test_the_questions_and_every_ranking_by_the_method_in_use_are_in_it(client: Client) -> None:
    assert f"{SITE}/choose/" in entries(client, "/sitemap-pages.xml")
    make_method()
    addresses = entries(client, "/sitemap-pages.xml")
    assert {f"{SITE}/method/", f"{SITE}/rank/everyday/", f"{SITE}/rank/desk/"} <= addresses.keys()
