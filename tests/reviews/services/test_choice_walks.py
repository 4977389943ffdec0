"""A walk through all answers: dead ends, ties, products nobody is shown, wins by brand and by who pays; as a job."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from config.celery import app
from recommender.questions import BY_KEY, MOST_ASKED
from recommender.rules import shipped
from recommender.simulation import USES, Walk, ways
from reviews.models import ChoiceWalk
from reviews.services.choice_walks import AGREED, WalkRefusedError, _payers, begin_walk, make_walk, walk_everything
from tests.factories import make_link, make_merchant, make_offer, make_product, make_staff

WALK = "/admin/recommender/rulesetversion/walk/"
SEEN = ["recommender.view_rulesetversion", "catalog.view_merchant"]


def catalogue() -> None:
    """A pair of headphones and a headset for everybody, one of them at a shop that pays; and one nobody wants."""
    good: dict[str, Any] = {"anc": True, "wireless": True}
    make_product("Ear", brand="Loud", kind="headphones", type="over-ear", specs=good)
    make_product("Mic", brand="Clear", kind="headset", type="business", specs=good)
    paying = make_merchant("Payer", network="awin", network_settings={"publisher_id": "1", "advertiser_id": "2"})
    product = make_product("Bud", brand="Small", kind="headphones", type="in-ear", specs=good)
    make_link(make_offer(product, paying), code="bud")


def test_every_way_ends_within_six_questions_with_a_use_told() -> None:
    ends = list(ways("dictation", shipped(), most=60))
    assert len(ends) >= 60
    for end in ends:
        assert end.told.do == ("dictation",)
        assert sum(end.told.has(key) for key in BY_KEY) <= MOST_ASKED


def test_all_ways_of_a_use_are_different_and_the_same_each_time() -> None:
    first, again = (tuple(ways("music", shipped(), most=40)) for _ in range(2))
    assert first == again
    assert len({end.told for end in first}) == len(first)


def test_ways_beyond_the_bound_are_counted_as_cut() -> None:
    walk = Walk(shipped(), (), most=5)
    walk.take("video_meetings")
    assert walk.walked.cut > 0
    assert walk.walked.ways >= 5


def test_without_products_every_way_is_a_dead_end() -> None:
    walk = Walk(shipped(), (), most=5)
    walk.take("music")
    assert walk.walked.dead_count == walk.walked.ways


@pytest.mark.django_db
def test_wins_are_counted_by_brand_and_by_who_pays() -> None:
    catalogue()
    found = walk_everything(now=timezone.now(), most=4)
    assert found["ways"] >= 4 * len(USES) / 2
    assert {name for name, _, _ in found["brands"]} == {"Loud", "Clear", "Small"}
    assert sum(wins for _, wins, _ in found["brands"]) == sum(wins for *_, wins, _ in found["merchants"]) > 0
    assert {(name, payer) for name, payer, _, _ in found["merchants"]} == {("No shop", ""), ("Payer", "Awin")}
    assert found["products"]["count"] == 3


@pytest.mark.django_db
def test_a_shop_of_no_network_pays_us_where_its_record_names_us_to_it() -> None:
    make_merchant("Nobody", network="direct")
    make_merchant("Agreed", network="direct", network_settings={"parameter": "ref", "value": "us"})
    make_merchant("Gone", network="closed-network")
    assert _payers() == {"Agreed": AGREED, "Gone": "closed-network"}


@pytest.mark.django_db
def test_a_second_walk_waits_for_the_first() -> None:
    now = timezone.now()
    begin_walk(by=None, now=now)
    with pytest.raises(WalkRefusedError, match="on its way already"):
        begin_walk(by=None, now=now)
    begin_walk(by=None, now=now + timedelta(minutes=6))


@pytest.mark.django_db
def test_a_walk_is_made_once_even_when_it_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.services.choice_walks.USES", USES[:1])
    walk = begin_walk(by=None, now=timezone.now())
    make_walk(walk_id=walk.pk, now=timezone.now())
    walk.refresh_from_db()
    assert (walk.state, walk.done, walk.rules_version) == ("done", 1, shipped().version)
    ended = walk.finished_at
    make_walk(walk_id=walk.pk, now=timezone.now())
    walk.refresh_from_db()
    assert walk.finished_at == ended


@pytest.mark.django_db
def test_a_walk_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("the catalogue is away")

    monkeypatch.setattr("reviews.services.choice_walks.candidates", broken)
    walk = begin_walk(by=None, now=timezone.now())
    with pytest.raises(RuntimeError):
        make_walk(walk_id=walk.pk, now=timezone.now())
    walk.refresh_from_db()
    assert walk.state == "failed"
    assert "the catalogue is away" in walk.error


@pytest.mark.django_db
def test_the_page_shows_figures_charts_and_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue()
    client = Client()
    client.force_login(make_staff("kim", *SEEN))
    assert "Walk through all answers now" in client.get(WALK).content.decode()
    assert client.get(f"{WALK}walk.csv").status_code == 404
    walk = begin_walk(by=None, now=timezone.now())
    assert "0 of 37 uses" in client.get(WALK).content.decode()
    monkeypatch.setattr("reviews.services.choice_walks.USES", USES[:2])
    make_walk(walk_id=walk.pk, now=timezone.now())
    html = client.get(WALK).content.decode()
    assert "Merchants that pay us win" in html
    assert 'class="shares"' in html
    rows = b"".join(client.get(f"{WALK}walk.csv")).decode()  # type: ignore[arg-type]
    assert "merchant,Payer,Awin," in rows
    assert "brand,Loud,," in rows


@pytest.mark.django_db
def test_who_may_not_see_merchants_may_not_see_who_wins() -> None:
    client = Client()
    client.force_login(make_staff("kim", "recommender.view_rulesetversion"))
    assert client.get(WALK).status_code == client.post(WALK).status_code == 403
    assert "Walk through all answers" not in client.get("/admin/recommender/rulesetversion/").content.decode()


@pytest.mark.django_db
def test_the_command_prints_it_and_fails_on_a_dead_end() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="dead ends, such as: do: video meetings"):
        call_command("simulate_choices", most=1, stdout=out)
    catalogue()
    out = StringIO()
    call_command("simulate_choices", "--csv", most=1, stdout=out)  # who cannot be served is told what would help
    assert "merchant,Payer,Awin" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_the_walk_that_the_page_began(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.services.choice_walks.USES", USES[:1])
    client = Client()
    client.force_login(make_staff("kim", *SEEN))
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        client.post(WALK)
        until = time.monotonic() + 60
        while ChoiceWalk.objects.get().state != "done" and time.monotonic() < until:
            time.sleep(0.2)
    assert ChoiceWalk.objects.get().state == "done"
