"""Every step to an answer stands on one page: what counted, what it read and added, and what was overruled."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommender.engine import decide
from recommender.rules import load
from recommender.told import Told, needs_of

pytestmark = pytest.mark.django_db
PAGE = "/choose/why/?do=gaming_voice&mic=own"


def test_it_names_every_rule_of_the_decision_and_those_that_lost(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    decision = decide(needs_of(Told(do=("gaming_voice",), mic="own")), load())
    assert re.findall(r"<strong>([A-Z]+-\d+)</strong>", html) == [rule.rule_id for rule in decision.fired]
    assert all(loss.rule_id in html for loss in decision.overridden)


def test_what_the_rules_added_comes_to_what_is_said(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    added = [Decimal(number) for number in re.findall(r'class="choose-added">([+-]\d+\.\d+)<', html)]
    (margin,) = re.findall(r"come to <strong>([+-]\d+\.\d+)</strong>", html)
    assert sum(added) == Decimal(margin)


def test_what_a_rule_read_is_said_in_words(client: Client) -> None:
    assert "a microphone of one&#x27;s own is kept (here: kept)" in client.get(PAGE).content.decode()


def test_what_was_concluded_is_said_in_words_and_what_is_not_known_is_named_apart(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    assert "<dt>The need to be heard</dt><dd>Met by a microphone of your own</dd>" in html
    assert "<dd>Unknown</dd>" not in html
    (unknown,) = re.findall(r"Not known to us: ([^<]+)\.", html)
    assert "noise around the wearer" in unknown.split(", ")


def test_it_leads_back_to_the_answer_and_asks_the_database_nothing(client: Client) -> None:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(PAGE).content.decode()
    assert len(queries) == 0
    assert 'href="/choose/result/?do=gaming_voice&amp;mic=own' in html


def test_who_told_nothing_is_told_so(client: Client) -> None:
    response = client.get("/choose/why/")
    assert response.status_code == 200
    assert 'content="noindex"' in response.content.decode()
