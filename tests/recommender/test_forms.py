"""Addresses of question pages, also hand-written and old ones: what is understood is kept, the rest is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import QueryDict

from catalog.shopper import Shopper, shopping_as
from recommender.answers import needs_from_mapping
from recommender.forms import MOST_TOLD, read_form
from recommender.told import needs_of


def remarks(query: str) -> str:
    return " ".join(remark.text for remark in read_form(QueryDict(query)).remarks)


def test_an_address_of_the_first_questions_still_means_the_same() -> None:
    old = "do=video_meetings&do=music&mic=own&where=open_office&budget=120.50&currency=EUR&quiet=both&hours=5"
    needs = needs_of(read_form(QueryDict(f"{old}&connection=wireless&glasses=yes")).told)
    assert needs == needs_from_mapping(
        {
            "activities": ["video_meetings", "music"],
            "environment": ["open_office", "noisy"],
            "budget": {"max": Decimal("120.50"), "currency": "EUR"},
            "has_separate_mic": True,
            "will_use_separate_mic": True,
            "isolation": "high",
            "wear_hours_per_day": 5,
            "connection": "wireless",
            "user": {"glasses": True},
        }
    )


@pytest.mark.parametrize(
    ("query", "amount", "currency"),
    [
        ("budget=100", "100", "GBP"),
        ("budget=100&currency=EUR", "100", "EUR"),
        ("budget=100EUR&currency=USD", "100", "EUR"),
        ("budget=INR 6000", "6000", "INR"),
        ("budget=6000 inr", "6000", "INR"),
        ("budget=%E2%82%AC50", "50", "EUR"),
        ("budget=$50", "50", "USD"),
    ],
)
def test_a_budget_without_a_currency_is_in_that_of_the_page(query: str, amount: str, currency: str) -> None:
    with shopping_as(Shopper(country="GB", currency="GBP")):
        form = read_form(QueryDict(query))
    assert form.remarks == ()
    assert (form.told.budget, form.told.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("budget=50XYZ", "We do not know prices in “XYZ”."),
        ("currency=XYZ", "We do not know prices in “XYZ”."),
        ("do=music:lots", "“music:lots” says no number we can read."),
        ("do=music:-1", "“music:-1” says no number we can read."),
        ("do=music:1e999999999", "says no number we can read."),
        ("device=toaster", "We do not know “toaster” under “Devices”"),
        ("hear=maybe", "We do not know “maybe” under “Hearing your surroundings”"),
        ("age=old", "“old” is not an age."),
        ("age=²", "is not an age."),
        ("age=1234", "“1234” is not an age."),
        ("condition=<script>", "About your hearing: write a few words"),
        ("avoid=<b>", "Not by these makers: “<b>” is no name of a maker"),
        (f"other={'x' * 60}", "is no name of an activity: at most 40 letters."),
        ("do=" + ",".join(["music", "sleep", "driving", "exercise", "dj", "swimming", "dictation", "phone_calls",
         "movies_tv", "commuting", "online_class", "transcription", "study_focus"]), "We weigh at most 12 uses"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(query: str, said: str) -> None:
    assert said in remarks(query)


def test_what_cannot_be_used_takes_nothing_else_with_it() -> None:
    told = read_form(QueryDict("do=music:lots&do=sleep:2&device=toaster,phone&age=x&avoid=Acme,<b>")).told
    assert told.do == ("music", "sleep")
    assert told.weights == (("sleep", "2"),)
    assert told.more == (("device", "phone"), ("avoid", "Acme"))


def test_an_activity_nobody_knows_keeps_its_share() -> None:
    needs = needs_of(read_form(QueryDict("do=music&other=bee keeping:3")).told)
    assert needs.unknown_activities == ("bee_keeping",)
    assert needs.activities[0].name == "bee_keeping"


def test_only_so_many_makers_are_kept() -> None:
    query = "&".join(f"avoid=Maker {number}" for number in range(MOST_TOLD + 3))
    assert len(read_form(QueryDict(query)).told.values("avoid")) == MOST_TOLD
    assert "we kept the first" in remarks(query)
