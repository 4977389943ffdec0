"""Of results the answers are kept that everybody may choose, each once, at most so many; drafts are tried on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from redis import Redis

from catalog.page_views import view_counter
from recommender import rules
from recommender.models import RecentNeeds
from recommender.services import step_tallies
from recommender.services.drafts import edit_draft, judge
from recommender.services.step_tallies import forget_old_steps, store_steps
from recommender.step_counts import TAKEN, WAITING, step_counter
from recommender.steps import answers_in, offered, told_from
from recommender.told import Told, needs_of
from reviews.reports.rule_pages import draft_page

pytestmark = pytest.mark.django_db
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def redis() -> Iterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    step_counter().flush()
    client.delete(WAITING, TAKEN)
    yield client
    step_counter().flush()
    view_counter().flush()
    client.delete(WAITING, TAKEN)


def shown(*queries: str) -> list[str]:
    """What is kept after somebody saw the results at these addresses."""
    client = Client(headers={"user-agent": PERSON})
    for query in queries:
        assert client.get(f"/choose/result/?{query}").status_code == 200
    step_counter().flush()
    store_steps()
    return list(RecentNeeds.objects.values_list("said", flat=True))


def test_the_answers_of_a_result_are_kept_once() -> None:
    assert shown("do=gaming_voice&mic=none", "do=gaming_voice&mic=none") == ["do=gaming_voice&mic=none"]
    assert shown("mic=none&do=gaming_voice", "do=music") == ["do=music", "do=gaming_voice&mic=none"]


def test_nothing_of_one_s_own_is_kept() -> None:
    own = (
        "do=music:7&do=video_meetings&other=yodelling+for+Anna&budget=123.45EUR&hours=7.3&mic=own"
        "&age=61&no_brand=Acme&hearing=tinnitus&hearing_aids=yes&skip=where&without=anc"
    )
    (kept,) = shown(own)
    assert kept == "do=music&do=video_meetings&mic=own"


def test_a_row_holds_the_answers_and_the_day_and_nothing_else() -> None:
    fields = {field.name: field for field in RecentNeeds._meta.get_fields() if isinstance(field, models.Field)}
    assert fields.keys() == {"id", "said", "day"}
    assert type(fields["day"]) is models.DateField


def test_the_ring_has_an_end_and_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_tallies, "MOST_NEEDS", 3)
    for number, name in enumerate(("music", "dictation", "phone_calls")):
        RecentNeeds.objects.create(said=f"do={name}", day=date(2026, 11, 20) + timedelta(days=number))
    assert shown("do=movies_tv") == ["do=movies_tv", "do=phone_calls", "do=dictation"]
    assert step_tallies.MOST_NEEDS < 500


def test_answers_go_with_the_tallies_after_a_year_and_a_month() -> None:
    for said, days in (("do=music", 401), ("do=dictation", 399)):
        RecentNeeds.objects.create(said=said, day=NOW.date() - timedelta(days=days))
    forget_old_steps(now=NOW)
    assert list(RecentNeeds.objects.values_list("said", flat=True)) == ["do=dictation"]


def test_what_was_cut_or_made_up_is_no_answer() -> None:
    whole = offered(Told(do=("music", "video_meetings"), mic="own"))
    assert answers_in(f"v1 result:headset:match told:{whole}") == whole
    for said in (whole[:-1], f"{whole}&mic=ow", "do=yodelling", "budget=40USD", "mic=own&do=music", "hello", ""):
        assert answers_in(f"v1 told:{said}") == ""
    assert answers_in("v1 asked:do:") == ""


def test_read_back_they_are_the_same_needs() -> None:
    told = Told(do=("music", "video_meetings"), mic="own", where=("open_office",), quiet="both", glasses="yes")
    again = told_from(offered(told))
    assert again is not None
    assert needs_of(again) == needs_of(told)


def test_more_answers_than_can_be_told_are_not_told_in_part() -> None:
    many = Told(do=("music",), where=tuple(f"place_{number}" for number in range(40)))
    assert offered(many) == "do=music"
    assert len(urlencode([("do", "video_meetings")] * 12)) > 200
    assert offered(Told(do=("video_meetings",) * 12)) == ""


def test_a_draft_is_tried_on_them_and_they_call_for_no_approval() -> None:
    RecentNeeds.objects.create(said="do=gaming_solo", day=NOW.date())
    RecentNeeds.objects.create(said="do=dictation", day=NOW.date())
    text = rules.shipped_texts()["house.yaml"].replace("- id: OWN-1\n", "- id: OWN-1\n  status: retired\n", 1)
    draft = edit_draft(by=User.objects.create(username="kim"), now=NOW, texts={"house.yaml": text})
    judged = judge(draft)
    assert judged.readers == 2
    (move,) = judged.lately
    assert move.person.told["activities"][0]["name"] == "gaming_solo"
    page = draft_page(draft, user_id=0, now=NOW)
    assert (page.readers, page.lately_count) == (2, 1)
    assert page.lately[0][0] == "Games, on my own"
    RecentNeeds.objects.all().delete()
    assert judge(draft).lately == ()
