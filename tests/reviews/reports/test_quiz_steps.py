"""The report of steps through the questions: counted rightly, by days and rules, also as a file, for whom it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.click_reports import Window
from catalog.models import ClickTally
from recommender.models import StepTally
from reviews.reports.quiz_steps import steps_page

pytestmark = pytest.mark.django_db
PAGE = "/admin/recommender/steptally/"


@pytest.fixture
def walked() -> None:
    today = timezone.localdate()
    rows = [
        ("asked", "do", "", 10),
        ("answered", "do", "music", 6),
        ("answered", "do", "gaming_voice", 2),
        ("asked", "mic", "", 8),
        ("skipped", "mic", "", 2),
        ("back", "mic", "", 1),
        ("answered", "mic", "gone_option", 1),
        ("answered", "budget", "own", 3),
        ("read", "text", "understood", 4),
        ("read", "text", "nothing", 1),
        ("result", "headphones", "match", 5),
        ("result", "headset", "clarify", 1),
    ]
    for step, subject, option, times in rows:
        StepTally.objects.create(day=today, version="abc", step=step, subject=subject, option=option, times=times)
    StepTally.objects.create(day=today - timedelta(days=40), version="old", step="asked", subject="do", times=100)
    ClickTally.objects.create(day=today, dimension="page", key="qabc", clicks=9, net_clicks=7)
    ClickTally.objects.create(day=today, dimension="page", key="a12", clicks=9, net_clicks=9)


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.mark.usefixtures("walked")
def test_it_says_what_was_asked_answered_passed_over_and_told() -> None:
    today = timezone.localdate()
    page = steps_page(Window(today - timedelta(days=29), today), version="", today=today)
    figures = dict(page.figures)
    assert figures == {
        "Started": "10",
        "Sentences read": "5",
        "of them nothing understood": "1",
        "Results shown": "6",
        "Products clicked": "7",
    }
    first, second, third = page.questions
    assert (first.asked, first.answered) == (10, 8)
    assert [(one.label, one.share) for one in first.answers] == [
        ("Music", "75%"),
        ("Games, talking with others", "25%"),
    ]
    assert (second.skipped, second.back) == ("2 (25%)", "1 (12%)")
    assert second.answers[0].label == "gone_option (no longer offered)"
    assert third.answers[0].label == "An answer of their own"
    assert [(one.label, one.times) for one in page.results] == [
        ("Headphones, products fit", 5),
        ("A headset, a question is left", 1),
    ]


@pytest.mark.usefixtures("walked")
def test_rules_can_be_looked_at_alone() -> None:
    today = timezone.localdate()
    window = Window(today - timedelta(days=60), today)
    assert dict(steps_page(window, version="old", today=today).figures)["Started"] == "100"
    assert dict(steps_page(window, version="old", today=today).figures)["Products clicked"] == "0"
    assert [choice.label for choice in steps_page(window, version="", today=today).versions] == [
        "All rules", "abc", "old"
    ]  # fmt: skip


@pytest.mark.usefixtures("walked")
def test_it_asks_four_questions_of_the_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    today = timezone.localdate()
    with django_assert_num_queries(4):
        steps_page(Window(today - timedelta(days=6), today), version="", today=today)


@pytest.mark.usefixtures("walked")
def test_the_page_and_the_file(editor: Client) -> None:
    html = editor.get(PAGE).content.decode()
    assert "What will you do with it most?" in html
    assert "Headphones, products fit" in html
    answer = editor.get(PAGE, {"format": "csv"})
    told = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert told.splitlines()[0].lstrip("\ufeff") == "day,rules,step,question or kind,answer or outcome,times"
    assert "abc,answered,do,music,6" in told


def test_days_that_make_no_sense_are_named(editor: Client) -> None:
    html = editor.get(PAGE, {"since": "yesterday"}).content.decode()
    assert "Enter a valid date" in html
    assert "Nobody was asked on these days." in html


def test_it_is_not_for_everybody(client: Client) -> None:
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(PAGE).status_code == 403
