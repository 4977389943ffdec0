"""Two records of one product become one, everywhere and with all they had, and can be told apart again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Offer, Price, Product, ProductCode, ProductMerge
from catalog.services.merging import MergeError, merge_plan, merge_products, undo_merge
from catalog.services.offers import save_offer
from recommender.selectors import candidates
from reviews.services.articles import BlockInput
from tests.factories import make_merchant, make_product, make_published_article, make_review, make_seen_offer

pytestmark = pytest.mark.django_db


class World:
    def __init__(self) -> None:
        kinds: dict[str, Any] = {"kind": "headphones", "type": "over-ear"}
        self.kept = make_product("One", **kinds)
        self.double = make_product("One Wireless", **kinds)
        self.shop, self.other = make_merchant("Shop"), make_merchant("Other")
        self.offer = make_seen_offer(self.double, self.shop, amount="79.00")
        make_seen_offer(self.kept, self.other, amount="99.00")
        Price.objects.create(
            offer=self.offer,
            amount=79,
            currency="USD",
            availability="in_stock",
            seen_at=timezone.now(),
            source="manual",
        )
        ProductCode.objects.create(product=self.double, scheme="gtin", value="4006381333931")
        ProductCode.objects.create(product=self.double, scheme="mpn", value="WH-1")
        ProductCode.objects.create(product=self.kept, scheme="mpn", value="WH-1")

    def merge(self) -> ProductMerge:
        return merge_products(kept=self.kept, merged=self.double, by="ada", now=timezone.now())


@pytest.fixture
def world() -> World:
    return World()


def everything() -> dict[str, Any]:
    return {
        "products": list(Product.objects.order_by("pk").values_list("pk", "merged_into", "slug", "model")),
        "offers": list(Offer.objects.order_by("pk").values_list("pk", "product", "amount", "seen_at", "url")),
        "codes": list(ProductCode.objects.order_by("pk").values_list("pk", "product", "scheme", "value")),
        "prices": list(Price.objects.order_by("pk").values_list("pk", "offer", "amount")),
    }


def test_offers_with_their_readings_and_codes_move_to_the_record_that_stays(world: World) -> None:
    merge = world.merge()
    world.offer.refresh_from_db()
    assert world.offer.product == world.kept
    assert str(world.offer.amount) == "79.000"
    assert world.offer.prices.count() == 1
    assert sorted(world.kept.codes.values_list("value", flat=True)) == ["4006381333931", "WH-1"]
    assert not world.double.codes.exists()
    assert (merge.merged_by, merge.undone_at) == ("ada", None)


def test_undoing_a_merge_restores_exactly_what_was(world: World) -> None:
    before = everything()
    merge = world.merge()
    assert everything() != before
    assert undo_merge(merge=merge, by="ben", now=timezone.now()) == []
    assert everything() == before
    merge.refresh_from_db()
    assert merge.undone_by == "ben"


def test_a_merge_is_undone_once(world: World) -> None:
    merge = world.merge()
    undo_merge(merge=merge, by="ben", now=timezone.now())
    with pytest.raises(MergeError, match="undone already"):
        undo_merge(merge=merge, by="ben", now=timezone.now())


def test_what_came_to_the_kept_record_afterwards_stays_there(world: World) -> None:
    merge = world.merge()
    new = save_offer(product=world.kept, merchant=world.shop, merchant_sku="later", url="https://shop.example/p/later")
    undo_merge(merge=merge, by="ben", now=timezone.now())
    new.refresh_from_db()
    assert new.product == world.kept


def test_an_offer_given_to_a_third_product_since_is_not_taken_back(world: World) -> None:
    merge = world.merge()
    third = make_product("Three")
    Offer.objects.filter(pk=world.offer.pk).update(product=third)
    told = undo_merge(merge=merge, by="ben", now=timezone.now())
    world.offer.refresh_from_db()
    assert world.offer.product == third
    assert "stays with Acme Three" in told[0]


def test_merges_in_a_row_lead_to_the_last_record_and_are_undone_from_the_last(world: World, client: Client) -> None:
    last = make_product("Last")
    before = everything()
    first = world.merge()
    second = merge_products(kept=last, merged=world.kept, by="ada", now=timezone.now())
    assert client.get(world.double.get_absolute_url()).headers["Location"] == last.get_absolute_url()
    with pytest.raises(MergeError, match="Undo that one first"):
        undo_merge(merge=first, by="ben", now=timezone.now())
    undo_merge(merge=second, by="ben", now=timezone.now())
    undo_merge(merge=first, by="ben", now=timezone.now())
    assert everything() == before


def test_a_product_is_not_merged_into_itself_nor_twice(world: World) -> None:
    with pytest.raises(MergeError, match="into itself"):
        merge_products(kept=world.kept, merged=world.kept, by="ada", now=timezone.now())
    world.merge()
    with pytest.raises(MergeError, match="merged into Acme One already"):
        merge_products(kept=make_product("Three"), merged=world.double, by="ada", now=timezone.now())
    with pytest.raises(MergeError, match="merged into Acme One already"):
        merge_products(kept=world.double, merged=make_product("Four"), by="ada", now=timezone.now())


def test_the_plan_tells_what_both_have(world: World) -> None:
    make_seen_offer(world.kept, world.shop, merchant_sku="second")
    Product.objects.filter(pk=world.double.pk).update(kind="headset", type="gaming")
    world.double.refresh_from_db()
    told = " ".join(merge_plan(kept=world.kept, merged=world.double).warnings)
    assert "Shop sells both" in told
    assert "WH-1; it is kept once" in told
    assert "kind" in told


def test_a_merged_record_is_gone_from_every_list_and_its_address_leads_to_the_kept_one(
    world: World, client: Client
) -> None:
    url, kept_url = world.double.get_absolute_url(), world.kept.get_absolute_url()
    lists = ("/products/?q=wireless", "/headphones/", "/headphones/over-ear/", "/sitemap-products-1.xml")
    assert all(url.encode() in client.get(page).content for page in lists)
    world.merge()
    for page in lists:
        assert url.encode() not in client.get(page).content, page
    assert client.get("/api/v1/products/").json()["results"][0]["slug"] == world.kept.slug
    assert len(client.get("/api/v1/products/").json()["results"]) == 1
    assert client.get(f"/api/v1/products/{world.double.slug}/").status_code == 404
    assert [one.id for one in candidates(now=timezone.now()).facts] == [world.kept.pk]
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Location"]) == (301, kept_url)
    page = client.get(kept_url).content.decode()
    assert "79.00" in page
    assert "99.00" in page


def test_a_picture_of_a_merged_record_leads_to_the_kept_ones(world: World, client: Client) -> None:
    address = f"/pictures/{world.double.slug}.svg"
    assert client.get(address).status_code == 200
    world.merge()
    assert client.get(address).status_code == 301


def test_articles_that_name_the_merged_record_show_the_kept_one_once(world: World, client: Client) -> None:
    cards = [
        BlockInput("product_card", {"text": "First.", "badge": "Best"}, products=[world.double]),
        BlockInput(
            "comparison",
            {"title": "Both", "caption": "", "specs": ["wireless"]},
            products=[world.kept, world.double],
        ),
    ]
    guide = make_published_article("guide", blocks=cards)
    world.merge()
    page = client.get(guide.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert "Acme One Wireless" not in text
    assert world.kept.get_absolute_url() in text
    assert "79.00" in text


def test_the_review_of_the_merged_record_is_the_kept_ones_review(world: World, client: Client) -> None:
    review = make_review(world.double)
    world.merge()
    assert review.get_absolute_url() in client.get(world.kept.get_absolute_url()).content.decode()
    assert client.get(review.get_absolute_url()).status_code == 200


def test_merged_records_cost_an_article_no_further_questions(world: World, client: Client) -> None:
    blocks = [BlockInput("product_card", {"text": "Why.", "badge": ""}, products=[world.double])]
    guide = make_published_article("guide", blocks=blocks)
    client.get(guide.get_absolute_url())
    with CaptureQueriesContext(connection) as before:
        client.get(guide.get_absolute_url())
    world.merge()
    with CaptureQueriesContext(connection) as after:
        client.get(guide.get_absolute_url())
    assert len(after) == len(before)
