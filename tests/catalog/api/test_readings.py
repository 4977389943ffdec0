"""Readings taken elsewhere come in over a signed door and are judged like every other."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from catalog.models import Merchant, Offer, Price
from catalog.reading import Reading
from catalog.services.claims import merchants_due
from catalog.services.pushed_readings import result_of
from catalog.signatures import signature
from tests.factories import make_merchant, make_offer, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/readings/"
SECRET = "a secret of more than twenty-four letters"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setenv("SHOP_PUSH_SECRET", SECRET)
    return make_merchant("Shop", source="pushed", source_settings={"secret": "SHOP_PUSH_SECRET"}, api_allowed=True)


def reading(sku: str = "A1", **given: Any) -> dict[str, Any]:
    return {"sku": sku, "amount": "99.00", "currency": "USD", "seen_at": timezone.now().isoformat(), **given}


def headers(body: bytes, *, id: str = "m1", secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:  # noqa: A002
    stamp = str(int((at or datetime.now(UTC)).timestamp()))
    signed = signature(secret, id=id, timestamp=stamp, body=body)
    return {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signed}


def send(client: Client, *readings: Any, merchant: str = "shop", **signed: Any) -> Any:
    body = json.dumps({"merchant": merchant, "readings": list(readings)}).encode()
    return client.post(DOOR, body, content_type="application/json", headers=headers(body, **signed))


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [result["outcome"] for result in answer.json()["results"]]


def offer_of(shop: Merchant, sku: str = "A1", **fields: Any) -> Offer:
    return make_offer(make_product(sku), shop, merchant_sku=sku, **fields)


def test_a_reading_becomes_the_price_with_what_the_merchant_wrote(shop: Merchant, client: Client) -> None:
    offer = offer_of(shop)
    sent = reading(availability="in_stock", shipping_amount="4.90", raw="99,00 $")
    assert outcomes(send(client, sent)) == ["accepted"]
    offer.refresh_from_db()
    assert (offer.amount, offer.currency, offer.availability) == (Decimal("99.00"), "USD", "in_stock")
    assert offer.shipping_amount == Decimal("4.90")
    assert Price.objects.get().raw == "99,00 $"


def test_it_is_judged_like_every_other(shop: Merchant, client: Client) -> None:
    make_seen_offer(make_product("A1"), shop, merchant_sku="A1", amount="99.00")
    (result,) = send(client, reading(amount="9.90")).json()["results"]
    assert result["outcome"] == "held"
    assert "factor of 10" in result["reason"]


def test_what_is_not_sold_now_is_said_without_an_amount(shop: Merchant, client: Client) -> None:
    offer = make_seen_offer(make_product("A1"), shop, merchant_sku="A1")
    sent = {"sku": "A1", "seen_at": timezone.now().isoformat(), "availability": "out_of_stock"}
    assert outcomes(send(client, sent)) == ["accepted"]
    offer.refresh_from_db()
    assert (offer.amount, offer.availability) == (None, "out_of_stock")


def test_a_message_sent_twice_is_stored_once_and_answered_the_same(shop: Merchant, client: Client) -> None:
    offer_of(shop)
    sent = reading()
    first = send(client, sent)
    again = send(client, sent)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Price.objects.count() == 1


def test_an_id_used_for_something_else_is_refused(shop: Merchant, client: Client) -> None:
    offer_of(shop)
    send(client, reading())
    assert send(client, reading(amount="98.00")).status_code == 422


def test_an_older_reading_does_not_replace_a_newer_one(shop: Merchant, client: Client) -> None:
    offer_of(shop)
    send(client, reading())
    old = (timezone.now() - timedelta(hours=3)).isoformat()
    assert outcomes(send(client, reading(amount="90.00", seen_at=old), id="m2")) == ["older"]
    assert Offer.objects.get().amount == Decimal("99.00")


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a JSON number": ({"amount": 99.0}, "amount"),
    "nothing": ({"amount": None}, "amount"),
    "zero": ({"amount": "0.00"}, "amount"),
    "not a number": ({"amount": "NaN"}, "amount"),
    "too many decimals": ({"amount": "99.001"}, "amount"),
    "no currency": ({"currency": "dollars"}, "currency"),
    "a withdrawn currency": ({"currency": "DEM"}, "currency"),
    "a time without a zone": ({"seen_at": "2026-11-25T12:00:00"}, "seen_at"),
    "a time to come": ({"seen_at": "2999-01-01T00:00:00Z"}, "seen_at"),
    "a clock that was never set": ({"seen_at": "1970-01-01T00:00:00Z"}, "seen_at"),
    "a time before all calendars": ({"seen_at": "0001-01-01T00:00:00+23:59"}, "seen_at"),
    "no time": ({"seen_at": 5}, "seen_at"),
    "an unknown word of stock": ({"availability": "lots"}, "availability"),
    "an unknown condition": ({"condition": "shiny"}, "condition"),
    "an unknown part": ({"discount": "5"}, "discount"),
    "a part that is no text": ({"discount\ud800": "5"}, "discount"),
    "no sku": ({"sku": ""}, "sku"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_reading_is_refused_by_name_and_its_neighbours_are_stored(
    shop: Merchant, client: Client, name: str
) -> None:
    offer_of(shop, "A1")
    offer_of(shop, "B2")
    wrong, part = REFUSED[name]
    results = send(client, reading() | wrong, reading("B2")).json()["results"]
    assert [result["outcome"] for result in results] == ["refused", "accepted"]
    assert f"“{part}”" in results[0]["reason"]


def test_unknown_items_and_items_named_twice_are_said_with_what_to_do(shop: Merchant, client: Client) -> None:
    offer_of(shop)
    answer = send(client, reading("A1"), reading("Z9"), reading("A1", amount="98.00"))
    assert outcomes(answer) == ["accepted", "unknown", "refused"]


FORGERIES: dict[str, dict[str, Any]] = {
    "another secret": {"secret": "another secret of twenty-four letters"},
    "an old message": {"at": datetime(2026, 1, 1, tzinfo=UTC)},
    "another merchant": {"merchant": "other"},
    "another merchant that is sent prices too": {"merchant": "rival"},
    "no merchant of ours": {"merchant": "nobody"},
    "a name that cannot be looked up": {"merchant": "sh\x00op"},
    "a name that is no text": {"merchant": "\ud800"},
}


@pytest.fixture
def rival(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setenv("RIVAL_PUSH_SECRET", "the rival's own secret, as long as ours")
    return make_merchant("Rival", source="pushed", source_settings={"secret": "RIVAL_PUSH_SECRET"})


@pytest.mark.parametrize("name", FORGERIES)
def test_who_does_not_hold_the_secret_is_turned_away_and_learns_nothing(
    shop: Merchant, rival: Merchant, client: Client, name: str
) -> None:
    make_merchant("Other", source="manual")
    offer_of(shop)
    make_offer(make_product("Of the rival"), rival, merchant_sku="A1")
    answer = send(client, reading(), **FORGERIES[name])
    assert answer.status_code == 401
    assert SECRET not in answer.content.decode()
    assert not Price.objects.exists()


def test_whether_a_merchant_is_there_is_not_told(
    shop: Merchant, rival: Merchant, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One text for a wrong secret, a merchant we do not know, one that takes none, and one without its secret."""
    make_merchant("Other", source="manual")
    monkeypatch.delenv("RIVAL_PUSH_SECRET")
    forged = {"secret": "another secret of twenty-four letters"}
    answers = [send(client, reading(), merchant=slug, **forged) for slug in ("shop", "rival", "other", "nobody")]
    monkeypatch.setenv("RIVAL_PUSH_SECRET", "short")
    answers.append(send(client, reading(), merchant="rival", **forged))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_what_our_own_secret_lacks_is_told_to_the_log_and_not_to_the_sender(
    shop: Merchant, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("SHOP_PUSH_SECRET")
    answer = send(client, reading())
    assert answer.status_code == 401
    assert "SHOP_PUSH_SECRET" not in answer.content.decode()
    assert "Shop takes no readings: The environment variable SHOP_PUSH_SECRET" in caplog.text
    assert SECRET not in caplog.text


def test_an_odd_length_is_refused(shop: Merchant, client: Client) -> None:
    answer = client.post(DOOR, b"{}", content_type="application/json", CONTENT_LENGTH="²")
    assert answer.status_code == 413


def test_a_reading_that_was_not_stored_is_not_called_accepted(shop: Merchant) -> None:
    """As when a worker took the offer between our look and our lock."""
    now = timezone.now()
    offer = make_seen_offer(make_product("A1"), shop, merchant_sku="A1", seen_at=now - timedelta(hours=1))
    sent = Reading(sku="A1", amount=Decimal("98.00"), currency="USD", seen_at=now)
    assert result_of(0, sent, offer, now=now).outcome == "refused"
    assert result_of(0, sent, None, now=now).outcome == "refused"


def test_a_changed_body_is_turned_away(shop: Merchant, client: Client) -> None:
    offer_of(shop)
    body = json.dumps({"merchant": "shop", "readings": [reading()]}).encode()
    changed = body.replace(b"99.00", b"19.00")
    answer = client.post(DOOR, changed, content_type="application/json", headers=headers(body))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Standard-Webhooks"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"[]", 400), (b"{", 400), (b"[" * 100_000, 400), (b"x" * (1024 * 1024 + 1), 413)],
    ids=["empty", "a list", "cut off", "deep", "large"],
)
def test_what_is_no_message_is_refused_with_a_reason(client: Client, body: bytes, status: int) -> None:
    answer = client.post(DOOR, body, content_type="application/json", headers=headers(body))
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_more_than_a_thousand_readings_are_too_many(shop: Merchant, client: Client) -> None:
    assert send(client, *[reading()] * 1001).status_code == 413


def test_a_merchant_whose_terms_allow_no_prices_takes_none(shop: Merchant, client: Client) -> None:
    Merchant.objects.update(prices_allowed=False)
    offer_of(shop)
    assert send(client, reading()).status_code == 403
    assert not Price.objects.exists()


def test_no_worker_asks_such_a_merchant(shop: Merchant) -> None:
    offer_of(shop, next_check_at=timezone.now() - timedelta(days=1))
    assert merchants_due(now=timezone.now()) == []


@pytest.mark.django_db(transaction=True)
def test_a_real_client_can_send_over_the_wire(shop: Merchant, live_server: LiveServer) -> None:
    offer_of(shop)
    body = json.dumps({"merchant": "shop", "readings": [reading()]}).encode()
    asked = urllib.request.Request(
        live_server.url + DOOR, data=body, headers={"Content-Type": "application/json", **headers(body)}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert json.load(answer)["results"][0]["outcome"] == "accepted"
    forged = urllib.request.Request(live_server.url + DOOR, data=body, headers={"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(forged, timeout=10)
    assert caught.value.code == 401
    caught.value.close()
