"""An editor decides about held prices on one page, with the evidence, one click each, and can take it back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Offer, Price
from tests.factories import make_merchant, make_product, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/catalog/offer/held/"
DECIDE = "/admin/catalog/offer/held/decide/"


def make_held(model: str = "One", *, raw: str = "9,90 €", clicks: float = 1.0) -> Offer:
    """An offer known at 99.00 whose reading of 9.90 waits."""
    shop = make_merchant(f"Shop {model}")
    now = timezone.now()
    known_at = now - timedelta(hours=3)
    offer = make_seen_offer(make_product(model), shop, amount="99.00", seen_at=known_at)
    Price.objects.create(
        offer=offer, amount="99.00", currency="USD", availability="in_stock", seen_at=known_at, source="manual"
    )
    Price.objects.create(
        offer=offer,
        amount="9.90",
        currency="USD",
        availability="in_stock",
        seen_at=now - timedelta(hours=1),
        source="page_markup",
        verdict="held",
        reason="It moved by a factor of 10.",
        raw=raw,
    )
    offer.state, offer.click_weight, offer.checked_at = Offer.State.HELD, clicks, now
    offer.save()
    return offer


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("ada", "catalog.view_offer", "catalog.change_offer"))
    return client


def shown(offer: Offer) -> tuple[Decimal | None, str]:
    offer.refresh_from_db()
    return offer.amount, offer.state


def test_the_evidence_stands_beside_the_decision(editor: Client) -> None:
    make_held()
    page = editor.get(PAGE).content.decode()
    for part in ("Acme One", "$99.00", "$9.90", "9,90 €", "It moved by a factor of 10.", "page_markup", "◆", "●"):
        assert part in page


def test_what_a_merchant_wrote_is_text_and_nothing_else(editor: Client) -> None:
    make_held(raw="<script>alert(1)</script>")
    assert "<script>alert" not in editor.get(PAGE).content.decode()


@pytest.mark.parametrize(("act", "amount", "state"), [("accept", "9.90", "ok"), ("reject", "99.00", "unreadable")])
def test_one_click_decides_and_another_takes_it_back(editor: Client, act: str, amount: str, state: str) -> None:
    offer = make_held()
    editor.post(DECIDE, {"act": f"{act}-{offer.pk}"})
    assert shown(offer) == (Decimal(amount), state)
    assert "ada" in editor.get(PAGE).content.decode()
    editor.post(DECIDE, {"act": f"undo-{offer.pk}"})
    assert shown(offer) == (Decimal("99.00"), "held")


def test_several_are_decided_at_once(editor: Client) -> None:
    offers = [make_held(f"M{number}") for number in range(3)]
    editor.post(DECIDE, {"act": "accept", "offer": [offers[0].pk, offers[2].pk]})
    assert [shown(offer)[1] for offer in offers] == ["ok", "held", "ok"]


def test_the_one_that_most_readers_click_on_comes_first(editor: Client) -> None:
    make_held("Quiet", clicks=0.1)
    make_held("Busy", clicks=9.0)
    page = editor.get(PAGE).content.decode()
    assert page.index("Acme Busy") < page.index("Acme Quiet")


def test_nothing_ticked_says_what_to_do(editor: Client) -> None:
    page = editor.post(DECIDE, {"act": "accept"}, follow=True).content.decode()
    assert "tick the offers first" in page


@pytest.mark.parametrize("act", ["accept-x", "drop-1", "accept-99999999999999999999", ""])
def test_an_odd_request_decides_nothing(editor: Client, act: str) -> None:
    offer = make_held()
    assert editor.post(DECIDE, {"act": act}).status_code == 302
    assert shown(offer)[1] == "held"


def test_a_look_at_the_page_decides_nothing_and_needs_the_right(client: Client) -> None:
    offer = make_held()
    client.force_login(make_staff("eve", "catalog.view_offer"))
    assert 'value="accept' not in client.get(PAGE).content.decode()
    assert client.get(f"{DECIDE}?act=accept-{offer.pk}").status_code == 405
    assert client.post(DECIDE, {"act": f"accept-{offer.pk}"}).status_code == 403
    assert shown(offer)[1] == "held"
    client.force_login(make_staff("mallory"))
    assert client.get(PAGE).status_code == 403


def test_a_price_that_waits_for_a_year_still_stands_there(editor: Client) -> None:
    offer = make_held()
    offer.prices.all().delete()
    Price.objects.create(
        offer=offer,
        amount="9.90",
        currency="USD",
        availability="in_stock",
        seen_at=timezone.now() - timedelta(days=365),
        source="pushed",
        verdict="held",
    )
    assert f'value="accept-{offer.pk}"' in editor.get(PAGE).content.decode()


def test_the_keyboard_gets_to_the_next_one_without_a_decision(editor: Client) -> None:
    first, last = make_held("First", clicks=2.0), make_held("Last", clicks=1.0)
    page = editor.get(PAGE).content.decode()
    assert f'href="#offer-{last.pk}"' in page
    assert f'href="#offer-{first.pk}"' not in page


def test_many_held_prices_ask_no_more_questions_than_two(editor: Client) -> None:
    make_held("A0")
    make_held("A1")
    with CaptureQueriesContext(connection) as two:
        editor.get(PAGE)
    for number in range(2, 12):
        make_held(f"A{number}")
    with CaptureQueriesContext(connection) as many:
        editor.get(PAGE)
    assert len(many) == len(two)
