"""A partner's machine makes links and leads them elsewhere; a code is for good, and no link leads where it must not."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Link, Merchant, Offer
from partners.services.api_keys import issue_key
from tests.factories import make_link, make_merchant, make_offer, make_product

pytestmark = pytest.mark.django_db
LINKS = "/api/v1/links/"
ONE = f"{LINKS}one/"


def key_with(*scopes: str) -> dict[str, str]:
    ends = timezone.now() + timedelta(days=30)
    return {"Authorization": f"Bearer {issue_key(name=str(scopes), contact='', scopes=scopes, expires_at=ends)[1]}"}


@pytest.fixture
def auth() -> dict[str, str]:
    return key_with("links:read", "links:write")


@pytest.fixture
def offer() -> Offer:
    return make_offer(make_product("One"), make_merchant("Shop"), merchant_sku="A1")


def send(client: Client, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    return client.generic(method, path, json.dumps(body), content_type="application/json", headers=headers)


def make(client: Client, auth: dict[str, str], **body: Any) -> Any:
    return send(client, "POST", LINKS, {"merchant": "shop", "sku": "A1", **body}, auth)


def change(client: Client, auth: dict[str, str], body: Any) -> Any:
    read = client.get(ONE, headers=auth)["ETag"]
    return send(client, "PATCH", ONE, body, {**auth, "If-Match": read})


def test_a_link_is_made_and_leads_to_the_offer(client: Client, auth: dict[str, str], offer: Offer) -> None:
    made = make(client, auth, code="spring", expires_after_clicks=100, fallback_path="/guides/")
    assert made.status_code == 201, made.content
    assert (made.json()["code"], made.json()["destination"]) == ("spring", offer.url)
    assert made["Location"] == f"http://testserver{LINKS}spring/"
    assert client.get(made["Location"], headers=auth)["ETag"] == made["ETag"]
    link = Link.objects.get(code="spring")
    assert (link.offer, link.expires_after_clicks, link.fallback_path) == (offer, 100, "/guides/")


def test_without_a_code_it_gets_a_readable_one(client: Client, auth: dict[str, str], offer: Offer) -> None:
    assert make(client, auth).json()["code"] == "acme-one-shop"


def test_sent_again_no_second_one_is_made(client: Client, auth: dict[str, str], offer: Offer) -> None:
    auth["Idempotency-Key"] = "k1"
    assert make(client, auth).content == make(client, auth).content
    assert Link.objects.count() == 1


def test_what_is_taken_is_said(client: Client, auth: dict[str, str], offer: Offer) -> None:
    make_link(offer, "one")
    for body in ({"code": "one"}, {}):
        refused = make(client, auth, **body)
        assert refused.status_code == 409
        assert refused.json()["errors"][0]["field"] == "code"


@pytest.mark.parametrize(
    ("body", "field", "status"),
    [
        ({"sku": "Z9"}, "sku", 409),
        ({"merchant": "nobody"}, "sku", 409),
        ({"condition": "used"}, "sku", 409),
        ({"fallback_path": "https://evil.example/"}, "fallback_path", 409),
        ({"fallback_path": "//evil.example/"}, "fallback_path", 409),
        ({"fallback_path": "/go/other/"}, "fallback_path", 409),
        ({"code": "Two Words"}, "code", 400),
        ({"redirect_status": 200}, "redirect_status", 400),
        ({"redirect_status": "302"}, "redirect_status", 400),
        ({"expires_after_clicks": 0}, "expires_after_clicks", 400),
        ({"url": "https://evil.example/"}, "url", 400),
        ({"destination": "https://evil.example/"}, "destination", 400),
        ({"offer": 1}, "offer", 400),
        ({"offer_id": 1}, "offer_id", 400),
        ({"expired_at": None}, "expired_at", 400),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at", 400),
    ],
)
def test_what_is_wrong_is_named_and_no_link_is_made(
    client: Client, auth: dict[str, str], offer: Offer, body: dict[str, Any], field: str, status: int
) -> None:
    answer = make(client, auth, **body)
    assert answer.status_code == status, answer.content
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Link.objects.exists()


def test_no_link_leads_off_the_merchants_hosts_or_to_one_that_is_off(
    client: Client, auth: dict[str, str], offer: Offer
) -> None:
    Offer.objects.update(url="https://evil.example/p/1")
    assert make(client, auth).json()["errors"][0]["field"] == "sku"
    Offer.objects.update(url="https://shop.example/p/1")
    Merchant.objects.update(is_active=False)
    assert make(client, auth).status_code == 409
    assert not Link.objects.exists()


class TestChange:
    @pytest.fixture(autouse=True)
    def _link(self, offer: Offer) -> None:
        make_link(offer, "one", fallback_path="/guides/")

    def test_it_is_led_elsewhere_and_what_is_not_named_stays(self, client: Client, auth: dict[str, str]) -> None:
        other = make_offer(make_product("Two"), make_merchant("Rival"), merchant_sku="B2")
        answer = change(client, auth, {"merchant": "rival", "sku": "B2", "redirect_status": 307})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["destination"], answer.json()["merchant"]) == (other.url, "rival")
        link = Link.objects.get(code="one")
        assert (link.offer, link.redirect_status, link.fallback_path) == (other, 307, "/guides/")
        assert answer["ETag"] == client.get(ONE, headers=auth)["ETag"]

    @pytest.mark.parametrize("name", ["code", "id", "offer", "expired_at", "has_routes", "state"])
    def test_its_code_and_what_is_only_told_never_change(self, client: Client, auth: dict[str, str], name: str) -> None:
        answer = change(client, auth, {name: "two"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)
        assert Link.objects.get().code == "one"

    def test_half_an_offer_names_none(self, client: Client, auth: dict[str, str]) -> None:
        answer = change(client, auth, {"sku": "A1"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "merchant")

    def test_not_over_what_somebody_else_changed(self, client: Client, auth: dict[str, str]) -> None:
        read = client.get(ONE, headers=auth)["ETag"]
        Link.objects.update(is_active=False)
        assert send(client, "PATCH", ONE, {"is_active": True}, {**auth, "If-Match": read}).status_code == 412
        assert send(client, "PATCH", ONE, {"is_active": True}, auth).status_code == 428
        assert not Link.objects.get().is_active

    def test_none_is_none(self, client: Client, auth: dict[str, str]) -> None:
        assert send(client, "PATCH", f"{LINKS}two/", {}, {**auth, "If-Match": "*"}).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("POST", LINKS), ("PATCH", ONE)])
def test_reading_is_not_writing(client: Client, offer: Offer, method: str, path: str) -> None:
    make_link(offer, "one")
    reads = {**key_with("links:read"), "If-Match": "*"}
    assert send(client, method, path, {}, reads).status_code == 403
    assert send(client, method, path, {}, {}).status_code == 401
