"""Editors see which links lead nowhere, why, and what to do about it in one click."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Destination, Failover, Offer
from catalog.services.failover import settle_failovers
from tests.factories import make_destination, make_merchant, make_product, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/destination/"


@pytest.fixture
def editor(client: Client) -> Client:
    rights = [f"catalog.{act}_{what}" for act in ("view", "change") for what in ("destination", "failover")]
    client.force_login(make_staff("ed", *rights))
    return client


@pytest.fixture
def failing() -> Offer:
    offer = make_seen_offer(make_product(), make_merchant("Ours"), click_weight=7.5)
    hops = [["HEAD", "https://ours.example/p/acme-one", 302], ["GET", "https://ours.example/lost?<b>", 404]]
    make_destination(offer, "broken", hops=hops, final_address=hops[-1][1], status_code=404)
    make_seen_offer(offer.product, make_merchant("Other"))
    settle_failovers(offer_ids=[offer.pk], now=timezone.now())
    return offer


def test_what_loses_most_clicks_stands_first(editor: Client, failing: Offer) -> None:
    shop = make_merchant()
    make_destination(make_seen_offer(make_product("Popular"), shop, click_weight=99), "fine")
    make_destination(make_seen_offer(make_product("Worse"), shop, click_weight=20), "suspect")
    html = editor.get(LIST).content.decode()
    assert "Link health" in html
    assert html.index("Acme Worse") < html.index("Acme One") < html.index("Acme Popular")
    assert "20.00" in html
    assert "99.00" not in html


def test_the_evidence_is_there_and_harmless(editor: Client, failing: Offer) -> None:
    html = editor.get(f"{LIST}{failing.pk}/change/").content.decode()
    for words in ("HEAD", "https://ours.example/p/acme-one", "302", "404", "As a test says.", "7.50", "Other"):
        assert words in html, words
    assert "<b>" not in html


@pytest.mark.parametrize(("act", "decision"), [("accept", "accepted"), ("mute", "muted")])
def test_a_failure_is_accepted_or_muted_and_opened_again(
    editor: Client, failing: Offer, act: str, decision: str
) -> None:
    decide = reverse("admin:catalog_destination_decide", args=[failing.pk])
    assert editor.post(decide, {"act": act}).status_code == 302
    row = Destination.objects.get()
    assert (row.decision, row.decided_by) == (decision, "ed")
    editor.post(decide, {"act": "undo"})
    assert Destination.objects.get().decision == ""


def test_it_is_looked_at_now(editor: Client, failing: Offer) -> None:
    editor.post(reverse("admin:catalog_destination_decide", args=[failing.pk]), {"act": "check"})
    row = Destination.objects.get()
    assert row.next_check_at
    assert row.next_check_at <= timezone.now()


def test_the_same_for_many_from_the_list(editor: Client, failing: Offer) -> None:
    editor.post(LIST, {"action": "accept", "_selected_action": [failing.pk]})
    assert Destination.objects.get().decision == "accepted"
    assert not Failover.objects.filter(ended_at=None).exists()


def test_an_unknown_button_does_nothing(editor: Client, failing: Offer) -> None:
    answer = editor.post(
        reverse("admin:catalog_destination_decide", args=[failing.pk]), {"act": "explode"}, follow=True
    )
    assert "Nothing was done" in answer.content.decode()


def test_a_failover_is_taken_back_with_one_click(editor: Client, failing: Offer) -> None:
    row = Failover.objects.get()
    address = reverse("admin:catalog_failover_revert", args=[row.pk])
    assert f'formaction="{address}"' in editor.get("/admin/catalog/failover/").content.decode()
    assert editor.get(address).status_code == 405
    editor.post(address)
    row.refresh_from_db()
    assert (row.is_reverted, row.reverted_by, row.ended_at is not None) == (True, "ed", True)
    assert "already" in editor.post(address, follow=True).content.decode()


def test_who_may_only_look_may_only_look(client: Client, failing: Offer) -> None:
    client.force_login(make_staff("guest", "catalog.view_destination", "catalog.view_failover"))
    assert "Check now" not in client.get(f"{LIST}{failing.pk}/change/").content.decode()
    assert "Take back" not in client.get("/admin/catalog/failover/").content.decode()
    assert (
        client.post(reverse("admin:catalog_destination_decide", args=[failing.pk]), {"act": "accept"}).status_code
        == 403
    )
    assert client.post(reverse("admin:catalog_failover_revert", args=[Failover.objects.get().pk])).status_code == 403
    assert Destination.objects.get().decision == ""
