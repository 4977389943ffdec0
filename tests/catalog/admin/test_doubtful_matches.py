"""The queue of doubtful matches: decided by one click, in bulk, and taken back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import DoubtfulMatch, Merchant, Offer, Product
from tests.factories import make_doubt, make_merchant, make_product, make_staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/catalog/doubtfulmatch/?decision__exact=open"


@pytest.fixture
def shop() -> Merchant:
    return make_merchant()


@pytest.fixture
def product() -> Product:
    return make_product()


def decide(doubt: DoubtfulMatch, query: str) -> str:
    return reverse("admin:catalog_doubtfulmatch_decide", args=[doubt.pk]) + query


def test_the_queue_opens_with_what_waits(admin_client: Client, shop: Merchant, product: Product) -> None:
    doubt = make_doubt(product, shop)
    answer = admin_client.get("/admin/catalog/doubtfulmatch/", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == QUEUE
    assert decide(doubt, f"?product={product.pk}") in page
    assert "80 %: the model" in page


def test_one_click_matches(admin_client: Client, shop: Merchant, product: Product) -> None:
    doubt = make_doubt(product, shop)
    answer = admin_client.post(
        decide(doubt, f"?product={product.pk}"), headers={"referer": f"http://testserver{QUEUE}"}
    )
    assert answer.headers["Location"].endswith(QUEUE)
    assert Offer.objects.get().product == product


def test_another_product_is_chosen_on_the_items_own_page(
    admin_client: Client, shop: Merchant, product: Product
) -> None:
    doubt, other = make_doubt(product, shop), make_product("Two")
    page = admin_client.get(reverse("admin:catalog_doubtfulmatch_change", args=[doubt.pk]))
    assert page.status_code == 200
    assert "Another product" in page.content.decode()
    admin_client.post(decide(doubt, ""), {"product": other.pk})
    assert Offer.objects.get().product == other


def test_without_a_product_nothing_is_decided(admin_client: Client, shop: Merchant, product: Product) -> None:
    doubt = make_doubt(product, shop)
    answer = admin_client.post(decide(doubt, ""), {}, follow=True)
    assert "Choose the product first" in answer.content.decode()
    assert not Offer.objects.exists()


def test_dismissing_and_taking_it_back(admin_client: Client, shop: Merchant, product: Product) -> None:
    doubt = make_doubt(product, shop)
    admin_client.post(decide(doubt, "?dismiss=1"))
    doubt.refresh_from_db()
    assert (doubt.decision, doubt.decided_by) == ("dismissed", "admin")
    admin_client.post(decide(doubt, "?reopen=1"))
    doubt.refresh_from_db()
    assert doubt.decision == "open"


@pytest.mark.parametrize(("action", "left"), [("match_best", "matched"), ("dismiss", "dismissed")])
def test_many_are_decided_at_once(
    admin_client: Client, shop: Merchant, product: Product, action: str, left: str
) -> None:
    doubts = [make_doubt(product, shop, merchant_sku=f"x{number}") for number in range(3)]
    ids = [doubt.pk for doubt in doubts]
    admin_client.post(QUEUE, {"action": action, "_selected_action": ids})
    assert set(DoubtfulMatch.objects.values_list("decision", flat=True)) == {left}
    admin_client.post("/admin/catalog/doubtfulmatch/?all=", {"action": "reopen", "_selected_action": ids})
    assert set(DoubtfulMatch.objects.values_list("decision", flat=True)) == {"open"}


def test_who_may_only_look_decides_nothing(client: Client, shop: Merchant, product: Product) -> None:
    doubt = make_doubt(product, shop)
    client.force_login(make_staff("visitor", "catalog.view_doubtfulmatch"))
    assert client.get(QUEUE).status_code == 200
    assert client.post(decide(doubt, f"?product={product.pk}")).status_code == 403
    assert "It is Acme One" not in client.get(f"/admin/catalog/doubtfulmatch/{doubt.pk}/change/").content.decode()


def test_a_decision_is_never_made_by_following_a_link(admin_client: Client, shop: Merchant, product: Product) -> None:
    assert admin_client.get(decide(make_doubt(product, shop), f"?product={product.pk}")).status_code == 405


def test_the_queue_asks_the_same_number_of_questions_for_many_items(admin_client: Client, shop: Merchant) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(QUEUE).status_code == 200
        return len(asked)

    for number in range(2):
        make_doubt(make_product(f"M{number}"), shop, merchant_sku=f"x{number}")
    few = questions()
    for number in range(2, 20):
        make_doubt(make_product(f"M{number}"), shop, merchant_sku=f"x{number}")
    assert questions() == few
