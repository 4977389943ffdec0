"""An editor merges records from the list of products: told first what moves, and able to take it back."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.models import Product, ProductMerge
from tests.factories import make_merchant, make_product, make_review, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db
PRODUCTS, MERGE, MERGES = (f"/admin/catalog/{page}/" for page in ("product", "product/merge", "productmerge"))


@pytest.fixture
def records() -> tuple[Product, Product]:
    kept, double = make_product(), make_product("Two")
    make_seen_offer(double, make_merchant())
    return kept, double


def test_the_action_leads_to_a_page_that_asks_which_record_stays(
    admin_client: Client, records: tuple[Product, Product]
) -> None:
    ids = [one.pk for one in records]
    answer = admin_client.post(PRODUCTS, {"action": "merge", "_selected_action": ids}, follow=True)
    page = answer.content.decode()
    assert answer.request["PATH_INFO"] == MERGE
    assert "Keep Acme One" in page
    assert "Keep Acme Two" in page


def test_the_page_tells_what_moves_and_which_articles_name_it_and_changes_nothing(
    admin_client: Client, records: tuple[Product, Product]
) -> None:
    kept, double = records
    make_review(double)
    page = admin_client.get(MERGE, {"product": [kept.pk, double.pk], "kept": kept.pk}).content.decode()
    assert "1 offer and 0 codes move" in page
    assert "Shop, New, item acme-two, 99.00 USD" in page
    assert "(published)" in page
    assert not ProductMerge.objects.exists()


def test_the_button_merges_and_the_list_of_merges_undoes(
    admin_client: Client, records: tuple[Product, Product]
) -> None:
    kept, double = records
    answer = admin_client.post(MERGE, {"product": [kept.pk, double.pk], "kept": kept.pk}, follow=True)
    assert "1 merged into Acme One" in answer.content.decode()
    double.refresh_from_db()
    assert double.merged_into == kept
    merge = ProductMerge.objects.get()
    assert merge.merged_by == "admin"
    answer = admin_client.post(MERGES, {"action": "undo", "_selected_action": [merge.pk]}, follow=True)
    assert "Merges undone: 1." in answer.content.decode()
    double.refresh_from_db()
    assert double.merged_into is None


def test_a_merged_record_cannot_be_chosen_where_products_are_looked_up(
    admin_client: Client, records: tuple[Product, Product]
) -> None:
    kept, double = records
    asked = {"app_label": "catalog", "model_name": "offer", "field_name": "product", "term": "acme"}
    assert len(admin_client.get("/admin/autocomplete/", asked).json()["results"]) == 2
    Product.objects.filter(pk=double.pk).update(merged_into=kept)
    found = admin_client.get("/admin/autocomplete/", asked).json()["results"]
    assert [row["text"] for row in found] == ["Acme One"]


def test_merging_into_itself_alone_is_refused_with_a_sentence(
    admin_client: Client, records: tuple[Product, Product]
) -> None:
    kept, _ = records
    page = admin_client.get(MERGE, {"product": [kept.pk], "kept": kept.pk}).content.decode()
    assert "Choose another record" in page


def test_who_may_only_look_merges_nothing(client: Client, records: tuple[Product, Product]) -> None:
    kept, double = records
    client.force_login(make_staff("visitor", "catalog.view_product", "catalog.view_productmerge"))
    assert client.get(MERGE, {"product": [kept.pk]}).status_code == 403
    assert client.post(MERGE, {"product": [double.pk], "kept": kept.pk}).status_code == 403
    assert client.get(MERGES).status_code == 200
