"""A shared answer names its version of the rules: it stays as it was, and says when the rules have changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from recommender import rules, rules_in_force
from recommender.services.drafts import edit_draft, publish_draft
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
SHIPPED = rules.shipped().version
SOLO = {"do": "gaming_solo", "mic": "never"}


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    rules.decide_with(None)
    rules_in_force.forget()


def publish(old: str, new: str) -> str:
    """Publishes a change of the house's rules; the fingerprint of the new version."""
    text = rules.shipped_texts()["house.yaml"]
    assert old in text
    by, now = make_staff("kim"), timezone.now()
    draft = edit_draft(by=by, now=now, texts={"house.yaml": text.replace(old, new, 1)}, note="A trial.")
    draft.approved_by = make_staff("lee")
    draft.save()
    version = publish_draft(by=by, now=now, seen=draft.revision)
    rules_in_force.refresh()
    return version.fingerprint


def page(client: Client, version: str, **more: str) -> str:
    return client.get("/choose/result/", {**SOLO, "v": version, **more}).content.decode()


def test_every_address_of_an_answer_names_the_rules(client: Client) -> None:
    answer = client.get(
        "/choose/", {"do": "gaming_solo", "mic": "never", "budget": "100", "asked": "budget"}, follow=True
    )
    addresses = [address for address, _ in answer.redirect_chain if "/result/" in address]
    assert all(f"v={SHIPPED}" in address for address in addresses)
    assert f"v={SHIPPED}" in page(client, SHIPPED)


def test_todays_rules_are_not_spoken_of(client: Client) -> None:
    assert "rules have changed" not in page(client, SHIPPED)


def test_an_old_answer_stays_as_it_was_given_and_offers_todays(client: Client) -> None:
    new = publish("because: You play alone, so", "because: Nobody plays with you, so")
    then = page(client, SHIPPED)
    assert "You play alone, so" in then
    assert "Our rules have changed since. This is the answer as it was given then." in then
    assert "By today&#x27;s rules it would be the same." in then
    assert f"v={new}" in then
    now = page(client, new)
    assert "Nobody plays with you, so" in now
    assert "rules have changed" not in now


def test_an_answer_that_would_be_another_today_says_which(client: Client) -> None:
    publish("- id: OWN-1\n", "- id: OWN-1\n  status: retired\n")
    then = page(client, SHIPPED)
    assert "You want headphones" in then
    assert "By today&#x27;s rules" in then
    assert "it would be the same" not in then


def test_every_step_is_shown_by_the_rules_of_then(client: Client) -> None:
    publish("because: You play alone, so", "because: Nobody plays with you, so")
    html = client.get("/choose/why/", {**SOLO, "v": SHIPPED}).content.decode()
    assert "You play alone, so" in html
    assert "Our rules have changed since" in html


@pytest.mark.parametrize(
    ("version", "said"), [("0123456789ab", "We do not have the rules"), ("<b>", "names no version")]
)
def test_rules_nobody_knows_are_said_to_be_unknown(client: Client, version: str, said: str) -> None:
    html = page(client, version)
    assert said in html
    assert "You want headphones" in html
    assert "<b>" not in html
