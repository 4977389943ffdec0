"""A partner's machine changes products: with a key, not over what somebody else changed, each row by itself."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.api.product_input import ProductIn, columns_of, whole
from catalog.models import Brand, Product, ProductCode, SpecEvidence
from catalog.spec_sheet import SPECS
from catalog.tables.products import PRODUCTS
from partners.models import ApiKey
from partners.services.api_keys import issue_key
from reviews.models import RowChange
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
ONE = "/api/v1/products/acme-one/"
BULK = "/api/v1/products/bulk/"
GTIN, OTHER_GTIN = "4006381333931", "0012345678905"


def key_with(*scopes: str) -> str:
    ends = timezone.now() + timedelta(days=30)
    return issue_key(name=f"Key {scopes}", contact="", scopes=scopes, expires_at=ends)[1]


@pytest.fixture
def auth() -> dict[str, str]:
    return {"Authorization": f"Bearer {key_with('products:write')}"}


@pytest.fixture
def product() -> Product:
    return make_product("One", specs={"weight_g": "254.0", "anc": True}, kind="headphones", type="over-ear")


def tag(client: Client, path: str = ONE) -> str:
    return str(client.get(path)["ETag"])


def send(client: Client, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json", headers=headers)


def change(client: Client, auth: dict[str, str], body: Any, **more: str) -> Any:
    return send(client, "PATCH", ONE, body, {**auth, "If-Match": tag(client), **more})


class TestPatch:
    def test_what_is_named_changes_and_the_rest_stays(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        answer = change(client, auth, {"summary": "Light.", "specs": {"anc": False, "radios": ["bluetooth"]}})
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert (told["summary"], told["specs"]["anc"], told["specs"]["radios"]) == ("Light.", False, ["bluetooth"])
        assert told["specs"]["weight_g"] == "254.0"
        assert answer["ETag"] == tag(client)
        assert SpecEvidence.objects.filter(product=product, spec="anc", source="editor").exists()

    def test_null_is_not_known(self, client: Client, auth: dict[str, str], product: Product) -> None:
        assert change(client, auth, {"specs": {"weight_g": None}}).json()["specs"]["weight_g"] is None

    def test_who_says_so_stands_in_the_claim_ledger(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        said = {"spec": "anc", "source": "Acme", "url": "https://acme.example/one", "checked_on": "2026-11-20"}
        assert change(client, auth, {"sources": [said]}).status_code == 200
        entry = SpecEvidence.objects.get(product=product, spec="anc", source="Acme")
        assert (entry.source_url, str(entry.checked_on)) == ("https://acme.example/one", "2026-11-20")

    def test_without_the_tag_it_is_asked_for(self, client: Client, auth: dict[str, str], product: Product) -> None:
        assert send(client, "PATCH", ONE, {"summary": "x"}, auth).status_code == 428

    def test_what_somebody_else_changed_is_not_undone(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        read = tag(client)
        product.specs.foldable = True
        product.specs.save()
        answer = send(client, "PATCH", ONE, {"summary": "Light."}, {**auth, "If-Match": read})
        assert answer.status_code == 412
        product.refresh_from_db()
        assert product.summary == ""

    def test_a_price_that_moved_is_no_change_of_the_product(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        read = tag(client)
        make_seen_offer(product, make_merchant(api_allowed=True))
        assert tag(client) != read
        assert send(client, "PATCH", ONE, {"summary": "x"}, {**auth, "If-Match": read}).status_code == 200

    def test_the_log_of_changes_names_the_key(self, client: Client, auth: dict[str, str], product: Product) -> None:
        change(client, auth, {"summary": "Light."})
        line = RowChange.objects.get(door="api", table_name="catalog_product")
        assert (line.name, line.said["summary"]) == (ApiKey.objects.get().prefix, [None, "Light."])

    @pytest.mark.parametrize("written", ["W/{}", '"other", {}', "*"])
    def test_the_tag_may_come_as_caches_write_it(
        self, client: Client, auth: dict[str, str], product: Product, written: str
    ) -> None:
        sent = {**auth, "If-Match": written.format(tag(client))}
        assert send(client, "PATCH", ONE, {"summary": "x"}, sent).status_code == 200

    def test_sent_again_it_is_answered_again(self, client: Client, auth: dict[str, str], product: Product) -> None:
        sent = {**auth, "If-Match": tag(client), "Idempotency-Key": "k1"}
        first = send(client, "PATCH", ONE, {"summary": "Light."}, sent)
        again = send(client, "PATCH", ONE, {"summary": "Light."}, sent)
        assert (again.status_code, again.content, again["ETag"]) == (200, first.content, first["ETag"])
        assert again["Idempotency-Replayed"] == "true"

    def test_of_a_merged_record_nothing_changes(self, client: Client, auth: dict[str, str], product: Product) -> None:
        Product.objects.filter(pk=product.pk).update(merged_into=make_product("Two"))
        assert send(client, "PATCH", ONE, {"summary": "x"}, {**auth, "If-Match": "*"}).status_code == 404

    @pytest.mark.parametrize(
        ("body", "field", "status"),
        [
            ({"speck": {}}, "speck", 400),
            ({"slug": "other"}, "slug", 400),
            ({"merged_into": "acme-two"}, "merged_into", 400),
            ({"id": 7}, "id", 400),
            ({"updated_at": "2020-01-01T00:00:00Z"}, "updated_at", 400),
            ({"specs": {"loudness": 3}}, "specs.loudness", 400),
            ({"specs": {"product": 3}}, "specs.product", 400),
            ({"specs": {"anc": "yes"}}, "specs.anc", 400),
            ({"specs": {"weight_g": 254}}, "specs.weight_g", 400),
            ({"specs": {"radios": ["telepathy"]}}, "specs.radios.0", 400),
            ({"gtin": ["4006381333930"]}, "gtin.0", 400),
            ({"colour": "red"}, "colour", 400),
            ({"model": "a\u0000b"}, "model", 400),
            ({"sources": [{"spec": "anc", "source": "x", "url": "javascript:alert(1)"}]}, "sources.0.url", 400),
            ({"type": "gaming"}, "product", 409),
            ({"specs": {"frequency_low_hz": 900, "frequency_high_hz": 20}}, "product", 409),
        ],
        ids=lambda given: json.dumps(given)[:40] if isinstance(given, dict) else None,
    )
    def test_what_is_wrong_is_named_and_nothing_is_stored(
        self, client: Client, auth: dict[str, str], product: Product, body: Any, field: str, status: int
    ) -> None:
        before = tag(client)
        answer = change(client, auth, {"summary": "Never.", **body})
        assert answer.status_code == status, answer.content
        assert field in [error["field"] for error in answer.json()["errors"]]
        assert tag(client) == before

    def test_a_code_of_another_product_is_refused_with_its_name(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        ProductCode.objects.create(product=make_product("Two"), scheme="gtin", value=GTIN)
        answer = change(client, auth, {"gtin": [GTIN]})
        assert answer.status_code == 409
        assert "acme-two" in answer.json()["errors"][0]["problem"]


class TestPut:
    def test_what_is_left_out_is_not_known_any_more(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        ProductCode.objects.create(product=product, scheme="gtin", value=GTIN)
        body = {"brand": "Acme", "model": "One", "specs": {"anc": True}}
        answer = send(client, "PUT", ONE, body, {**auth, "If-Match": tag(client)})
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert (told["kind"], told["specs"]["weight_g"], told["specs"]["anc"]) == (None, None, True)
        assert not ProductCode.objects.exists()

    def test_a_new_one_is_made_only_when_it_is_said_to_be_new(self, client: Client, auth: dict[str, str]) -> None:
        body = {"brand": "Acme", "model": "One", "gtin": [GTIN], "kind": "headset"}
        assert send(client, "PUT", ONE, body, auth).status_code == 428
        assert send(client, "PUT", ONE, body, {**auth, "If-Match": '"x"'}).status_code == 412
        made = send(client, "PUT", ONE, body, {**auth, "If-None-Match": "*"})
        assert (made.status_code, made["Location"]) == (201, f"http://testserver{ONE}")
        assert client.get(ONE).json() == made.json()
        assert send(client, "PUT", ONE, body, {**auth, "If-None-Match": "*"}).status_code == 412

    def test_brand_and_model_are_needed(self, client: Client, auth: dict[str, str]) -> None:
        answer = send(client, "PUT", ONE, {}, {**auth, "If-None-Match": "*"})
        assert {error["field"] for error in answer.json()["errors"]} == {"brand", "model"}


@pytest.mark.parametrize(("method", "path"), [("PATCH", ONE), ("PUT", ONE), ("POST", BULK)])
def test_the_scope_is_asked_for(client: Client, product: Product, method: str, path: str) -> None:
    assert send(client, method, path, {}, {"If-Match": "*"}).status_code == 401
    other = {"Authorization": f"Bearer {key_with('links:write')}", "If-Match": "*"}
    assert send(client, method, path, {}, other).status_code == 403


def bulk(client: Client, auth: dict[str, str], *rows: Any) -> list[dict[str, Any]]:
    answer = send(client, "POST", BULK, {"products": rows}, auth)
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(len(rows)))
    return results


class TestBulk:
    def test_new_changed_same_and_refused_stand_side_by_side(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        results = bulk(
            client,
            auth,
            {"brand": "Acme", "model": "Two", "specs": {"wireless": True}},
            {"slug": "acme-one", "summary": "Light."},
            {"slug": "acme-one-x", "summary": "Nobody's."},
            {"brand": "Acme", "model": "Three", "gtin": ["123"]},
            {"brand": "Acme", "model": "One", "kind": "headphones"},
        )
        assert [one["outcome"] for one in results] == ["created", "changed", "refused", "refused", "same"]
        assert [one["slug"] for one in results] == ["acme-two", "acme-one", None, None, "acme-one"]
        assert results[3]["problems"][0]["field"] == "gtin.0"
        assert Product.objects.count() == 2

    def test_the_same_message_again_changes_nothing(self, client: Client, auth: dict[str, str]) -> None:
        row = {"brand": "Acme", "model": "Two", "gtin": [GTIN], "specs": {"wireless": True, "weight_g": "200"}}
        assert bulk(client, auth, row)[0]["outcome"] == "created"
        assert bulk(client, auth, row)[0]["outcome"] == "same"

    def test_found_by_a_code_it_keeps_its_name_and_its_other_codes(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        for scheme, value in (("gtin", GTIN), ("mpn", "AC-1")):
            ProductCode.objects.create(product=product, scheme=scheme, value=value)
        row = {"brand": "ACME Inc.", "model": "One, black", "gtin": [GTIN, OTHER_GTIN], "summary": "By its GTIN."}
        assert bulk(client, auth, row)[0]["slug"] == "acme-one"
        assert (
            bulk(client, auth, {"brand": "acme", "model": "1", "mpn": ["ac-1"], "status": "discontinued"})[0]["slug"]
            == "acme-one"
        )
        product.refresh_from_db()
        assert (product.model, product.summary, product.status) == ("One", "By its GTIN.", "discontinued")
        assert set(product.codes.values_list("value", flat=True)) == {GTIN, OTHER_GTIN, "AC-1"}
        assert Brand.objects.count() == 1

    def test_codes_that_name_two_products_are_refused(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        ProductCode.objects.create(product=product, scheme="gtin", value=GTIN)
        ProductCode.objects.create(product=make_product("Two"), scheme="gtin", value=OTHER_GTIN)
        (result,) = bulk(client, auth, {"gtin": [GTIN, OTHER_GTIN], "summary": "Whose?"})
        assert (result["outcome"], result["problems"][0]["field"]) == ("refused", "gtin")

    def test_a_part_number_of_several_products_names_none_of_them(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        for owner in (product, make_product("Two")):
            ProductCode.objects.create(product=owner, scheme="mpn", value="AC-1")
        (result,) = bulk(client, auth, {"brand": "Acme", "mpn": ["AC-1"], "summary": "Whose?"})
        assert (result["outcome"], result["problems"][0]["field"]) == ("refused", "model")

    def test_the_second_row_about_one_product_is_refused(
        self, client: Client, auth: dict[str, str], product: Product
    ) -> None:
        results = bulk(client, auth, {"slug": "acme-one", "summary": "a"}, {"slug": "acme-one", "summary": "b"})
        assert [one["outcome"] for one in results] == ["changed", "refused"]

    @pytest.mark.parametrize("rows", [[], [{}] * 501, [1], "x", None])
    def test_what_is_no_list_of_rows_is_refused_as_a_whole(
        self, client: Client, auth: dict[str, str], rows: Any
    ) -> None:
        answer = send(client, "POST", BULK, {"products": rows}, auth)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"].startswith("products")

    def test_questions_to_the_database_that_read_do_not_grow_with_rows_that_stay_the_same(
        self, client: Client, auth: dict[str, str], django_assert_max_num_queries: Any
    ) -> None:
        rows = [{"brand": "Acme", "model": f"M{number}", "gtin": []} for number in range(20)]
        bulk(client, auth, *rows)
        # A savepoint is two statements for each row; the rest is fixed.
        with django_assert_max_num_queries(20 + 2 * 2):
            bulk(client, auth, *rows[:2])
        with django_assert_max_num_queries(20 + 2 * 20):
            bulk(client, auth, *rows)


def test_every_column_of_a_product_can_be_said_and_every_spec_of_the_registry() -> None:
    said = set(whole(columns_of({}))) | {"brand", "model"}
    told = {column.name for column in PRODUCTS.columns if not column.is_told and not column.group}
    assert said == told - {"slug"}
    assert set(ProductIn().fields["specs"].fields) == {spec.key for spec in SPECS}  # type: ignore[attr-defined]
