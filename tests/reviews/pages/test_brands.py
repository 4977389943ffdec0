from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Brand
from reviews.pages.brands import brand_page, brands_page
from tests.factories import make_author, make_merchant, make_product, make_review, make_seen_offer

pytestmark = pytest.mark.django_db


def test_makers_stand_under_their_letter_with_the_number_of_their_models() -> None:
    make_product("One", brand="Acme")
    make_product("Two", brand="acorn")
    make_product("Three", brand="acorn")
    make_product("Four", brand="1MORE")
    make_product("Five", brand="808 Audio")
    Brand.objects.create(name="Nobody", slug="nobody")
    page = brands_page()
    assert [(letter.letter, [(line.name, line.count) for line in letter.brands]) for letter in page.letters] == [
        ("0–9", [("1MORE", 1), ("808 Audio", 1)]),
        ("A", [("Acme", 1), ("acorn", 2)]),
    ]
    assert page.count == 4
    assert page.json_ld[-1]["numberOfItems"] == 4


def test_a_makers_page_shows_its_models_types_and_what_was_written_about_them() -> None:
    one = make_product("One", brand="Acme", kind="headphones", type="over-ear")
    make_product("Two", brand="Acme", kind="headphones", type="over-ear")
    make_product("Talk", brand="Acme", kind="headset", type="gaming")
    make_product("Other", brand="Else")
    make_review(one)
    make_review(Brand.objects.get(name="Else").products.get())
    page = brand_page(one.brand, now=timezone.now())
    assert page is not None
    assert [card.name for card in page.products] == ["Acme One", "Acme Talk", "Acme Two"]
    assert [(line.label, line.count) for line in page.types] == [("Over-ear headphones", 2), ("Gaming headsets", 1)]
    assert page.types[0].url == "/products/?kind=headphones&type=over-ear&brand=acme"
    assert [card.url for card in page.articles] == ["/reviews/acme-one-review/"]


def test_a_merged_record_is_no_model_and_its_review_still_counts() -> None:
    kept = make_product("One", brand="Acme")
    merged = make_product("Uno", brand="Akme")
    make_review(merged)
    merged.merged_into = kept
    merged.save()
    page = brand_page(kept.brand, now=timezone.now())
    assert page is not None
    assert page.product_count == 1
    assert [card.url for card in page.articles] == ["/reviews/akme-uno-review/"]
    assert brand_page(merged.brand, now=timezone.now()) is None


def test_a_maker_without_models_and_an_unknown_one_have_no_page(client: Client) -> None:
    Brand.objects.create(name="Nobody", slug="nobody")
    assert client.get("/brands/nobody/").status_code == 404
    assert client.get("/brands/no-such/").status_code == 404


def test_more_models_and_more_makers_ask_no_more_questions() -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as one:
            brand_page(Brand.objects.get(name="Acme"), now=timezone.now())
        with CaptureQueriesContext(connection) as everyone:
            brands_page()
        return len(one), len(everyone)

    author, shop = make_author(), make_merchant()
    first = make_product("First", brand="Acme", kind="headphones", type="over-ear")
    make_review(first, author=author)
    make_seen_offer(first, shop)
    few = queries()
    for number in range(10):
        product = make_product(f"More {number}", brand="Acme", kind="headphones", type="over-ear")
        make_seen_offer(product, shop)
        make_review(product, author=author)
        make_product("Thing", brand=f"Maker {number}")
    assert queries() == few
