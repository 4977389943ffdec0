"""Once a day the owners read what broke since the last letter, and nothing when nothing did."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from catalog import tasks
from catalog.models import Destination
from catalog.services.failover import settle_failovers
from catalog.services.link_digest import send_link_digest
from tests.factories import make_destination, make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _owners(settings: Any) -> None:
    settings.ADMINS = [("Owner", "owner@example.org")]
    settings.ADMIN_URL = "https://desk.earmark.example/newsroom/"


def test_the_letter_names_what_is_new_and_what_it_costs_the_most_first() -> None:
    shop = make_merchant()
    small = make_seen_offer(make_product("Small"), shop, click_weight=0.5)
    large = make_seen_offer(make_product("Large"), shop, click_weight=12.0)
    make_seen_offer(large.product, make_merchant("Other"))
    make_destination(small, "sold_out", detail="Shop says that it is sold out.")
    make_destination(large, "broken", detail="The page answered 404: it is gone.")
    settle_failovers(offer_ids=[small.pk, large.pk], now=timezone.now())
    assert send_link_digest(now=timezone.now()) == 2
    [letter] = mail.outbox
    assert letter.to == ["owner@example.org"]
    assert letter.subject == "2 links lead readers wrong"
    body = str(letter.body)
    assert body.index("Large") < body.index("Small")
    for words in (
        "about 12.0 clicks a day",
        "lead to Other",
        "nothing replaces it",
        "404",
        "https://desk.earmark.example/newsroom/catalog/destination/",
    ):
        assert words in body, words
    assert letter.content_subtype == "plain"


def test_nothing_new_is_no_letter() -> None:
    make_destination(make_seen_offer(make_product(), make_merchant()), "broken")
    tasks.send_link_digest()
    tasks.send_link_digest()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "fields",
    [{"state": "suspect"}, {"state": "fine"}, {"state": "barred"}, {"decision": "muted"}, {"decision": "accepted"}],
    ids=str,
)
def test_what_is_no_confirmed_failure_or_known_is_not_told(fields: dict[str, Any]) -> None:
    make_destination(make_seen_offer(make_product(), make_merchant()), **{"state": "broken", **fields})
    assert send_link_digest(now=timezone.now()) == 0
    assert mail.outbox == []


def test_what_was_told_before_is_counted_and_not_named_again() -> None:
    shop = make_merchant()
    make_destination(make_seen_offer(make_product("Old"), shop), "broken", told_at=timezone.now())
    make_destination(make_seen_offer(make_product("Fresh"), shop), "broken")
    send_link_digest(now=timezone.now())
    body = str(mail.outbox[0].body)
    assert "Fresh" in body
    assert "Old" not in body
    assert "Failing since before: 1." in body


def test_a_mail_server_that_is_away_loses_nothing(settings: Any) -> None:
    make_destination(make_seen_offer(make_product(), make_merchant()), "broken")
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    settings.EMAIL_HOST = "127.0.0.1"
    assert send_link_digest(now=timezone.now()) == 0
    assert Destination.objects.get().told_at is None
    settings.EMAIL_BACKEND = backend
    assert send_link_digest(now=timezone.now()) == 1


def test_a_site_without_owners_keeps_it_for_later(settings: Any) -> None:
    settings.ADMINS = []
    make_destination(make_seen_offer(make_product(), make_merchant()), "broken")
    assert send_link_digest(now=timezone.now()) == 0
    assert Destination.objects.get().told_at is None


def test_a_long_list_is_cut_and_says_so() -> None:
    shop = make_merchant()
    for number in range(53):
        make_destination(make_seen_offer(make_product(f"P{number}"), shop), "broken")
    assert send_link_digest(now=timezone.now()) == 53
    assert "… and 3 more." in str(mail.outbox[0].body)
