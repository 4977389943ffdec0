"""Steps through the questions are counted, also of kept pages, for people alone, and of nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings
from redis import Redis

from catalog.page_views import WAITING as VIEWS_WAITING
from catalog.page_views import view_counter
from recommender.models import StepTally
from recommender.rules import load
from recommender.services.step_tallies import forget_old_steps, store_steps
from recommender.step_counts import TAKEN, WAITING, step_counter
from recommender.steps import HEADER, Step, steps_in

pytestmark = pytest.mark.django_db
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture(autouse=True)
def redis() -> Iterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    step_counter().flush()
    client.delete(WAITING, TAKEN)
    yield client
    step_counter().flush()
    view_counter().flush()
    client.delete(WAITING, TAKEN, VIEWS_WAITING)


@pytest.fixture
def person() -> Client:
    return Client(headers={"user-agent": PERSON})


def counted() -> dict[tuple[str, str, str], int]:
    step_counter().flush()
    store_steps()
    return {(row.step, row.subject, row.option): row.times for row in StepTally.objects.all()}


def test_a_walk_is_counted_step_by_step(person: Client) -> None:
    person.get("/choose/")
    person.get("/choose/?do=gaming_voice&do=music&asked=do", follow=True)
    person.get("/choose/?do=gaming_voice&do=music&skip=mic&asked=mic", follow=True)
    person.get("/choose/?do=gaming_voice&do=music&ask=do&asked=mic", follow=True)
    found = counted()
    assert found["answered", "do", "gaming_voice"] == found["answered", "do", "music"] == 1
    assert found["skipped", "mic", ""] == 1
    assert found["back", "mic", ""] == 1
    assert found["asked", "do", ""] == 2
    assert sum(times for (step, _, _), times in found.items() if step == "asked") == 4


def test_results_and_sentences_are_counted_without_what_they_say(person: Client) -> None:
    person.get("/choose/result/?do=call_centre&mic=none")
    person.get("/choose/in-words/", {"text": "Calls all day in an office"})
    person.get("/choose/in-words/", {"text": "zzz"})
    assert {key: times for key, times in counted().items() if key[0] in ("result", "read")} == {
        ("result", "headset", "relaxed"): 1,
        ("read", "text", "understood"): 1,
        ("read", "text", "nothing"): 1,
    }


def test_an_answer_of_one_s_own_is_counted_as_that(person: Client) -> None:
    person.get("/choose/?do=music&budget=123.45EUR&asked=budget")
    person.get("/choose/?do=music&hours=7.3&asked=hours")
    assert {key for key in counted() if key[0] == "answered"} == {
        ("answered", "budget", "own"),
        ("answered", "hours", "own"),
    }


def test_an_answer_that_has_to_be_given_again_is_none(person: Client) -> None:
    person.get("/choose/?do=music&asked=mic", follow=True)
    assert not [key for key in counted() if key[0] in ("answered", "skipped")]


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": PERSON, "sec-purpose": "prefetch"},
    ],
)
def test_machines_and_pages_fetched_ahead_are_not_counted(headers: dict[str, str]) -> None:
    client = Client(headers=headers)
    client.get("/choose/")
    client.get("/choose/?do=music&asked=do")
    assert counted() == {}


def test_a_kept_page_is_counted_each_time_it_is_given_out(person: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 60
    answers = [person.get("/choose/?do=music") for _ in range(3)]
    assert "hit" in answers[-1]["Cache-Status"]
    again = person.get("/choose/?do=music", headers={"if-none-match": answers[-1]["ETag"], "accept": "text/html"})
    assert again.status_code == 304
    assert sum(times for (step, _, _), times in counted().items() if step == "asked") == 4


def test_the_step_never_leaves_the_site(person: Client) -> None:
    for address in ("/choose/", "/choose/?do=music&asked=do", "/choose/result/?do=music", "/choose/in-words/?text=hi"):
        assert HEADER not in person.get(address).headers


def test_steps_are_kept_by_day_and_version_of_the_rules(person: Client) -> None:
    person.get("/choose/")
    counted()
    row = StepTally.objects.get()
    assert (row.version, row.step, row.subject, row.option, row.times) == (load().version, "asked", "do", "", 1)
    person.get("/choose/")
    counted()
    assert StepTally.objects.get().times == 2


def test_tallies_go_after_a_year_and_a_month() -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    for day in (date(2026, 11, 26) - timedelta(days=401), date(2026, 11, 26) - timedelta(days=399)):
        StepTally.objects.create(day=day, version="v", step="asked", subject="do", times=1)
    assert forget_old_steps(now=now) == 1
    assert StepTally.objects.count() == 1


def test_what_is_no_step_is_left_out() -> None:
    assert steps_in("v1 asked:do: nonsense dance:do:x answered:do:music") == (
        "v1",
        (Step("asked", "do"), Step("answered", "do", "music")),
    )
