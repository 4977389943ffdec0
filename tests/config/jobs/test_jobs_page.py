"""The page of jobs: all that happens by itself, what of it needs somebody, and a button for those who may start it."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from config import task_ages
from config.celery import app
from config.jobs.rows import jobs
from tests.factories import make_staff
from tests.ports import closed_port

pytestmark = pytest.mark.django_db
PLAN = "catalog.tasks.plan_refreshes"


def signed_in(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_staff("operator", *permissions))
    return client


def state(task: str) -> str:
    return next(job.state for job in jobs(now=timezone.now()) if job.task == task)


def test_every_entry_of_the_timetable_has_a_row(redis: Redis) -> None:
    assert sorted(job.task for job in jobs(now=timezone.now())) == sorted(
        entry["task"] for entry in app.conf.beat_schedule.values()
    )
    assert {job.state for job in jobs(now=timezone.now())} == {"unknown"}


def test_the_page_calls_nothing_done_that_was_never_seen_to_end(redis: Redis) -> None:
    client, now = signed_in("catalog.view_refreshrun"), int(time.time())
    assert "Do a worker and beat run?" in client.get(reverse("jobs")).content.decode()
    tasks = [job.task for job in jobs(now=timezone.now())]
    redis.hset(task_ages.DONE, mapping=dict.fromkeys(tasks[1:], now))
    assert "Nothing is late. 1 job has not ended" in client.get(reverse("jobs")).content.decode()
    redis.hset(task_ages.DONE, tasks[0], now)
    assert "All that happens by itself has happened." in client.get(reverse("jobs")).content.decode()


def test_a_job_is_well_late_or_failed(redis: Redis) -> None:
    now = int(time.time())
    redis.hset(task_ages.DONE, PLAN, now - 60)
    redis.hset(task_ages.TOOK, PLAN, "2.5")
    job = next(one for one in jobs(now=timezone.now()) if one.task == PLAN)
    assert job.state == "well"
    assert (job.every, job.took) == (timedelta(hours=1), timedelta(seconds=2.5))
    assert job.ended is not None
    assert job.due == job.ended + timedelta(hours=1)
    redis.hset(task_ages.FAILED, PLAN, 2)
    redis.hset(task_ages.WORDS, PLAN, json.dumps({"at": now - 90, "words": "ValueError: no"}))
    assert state(PLAN) == "well", "it has ended well since"
    redis.hset(task_ages.WORDS, PLAN, json.dumps({"at": now - 30, "words": "ValueError: no"}))
    assert state(PLAN) == "failed"
    redis.hset(task_ages.DONE, PLAN, now - 4 * 3600)
    assert state(PLAN) == "late"
    assert next(iter(jobs(now=timezone.now()))).task == PLAN, "what needs somebody stands first"


def test_the_page_says_it_to_who_may_look_and_offers_a_start_to_who_may(redis: Redis) -> None:
    redis.hset(task_ages.FAILED, PLAN, 1)
    redis.hset(task_ages.WORDS, PLAN, json.dumps({"at": int(time.time()), "words": "ValueError: <b>no</b>"}))
    assert signed_in().get(reverse("jobs")).status_code == 403
    page = Client()
    page.force_login(make_staff("looker", "catalog.view_refreshrun"))
    html = page.get(reverse("jobs")).content.decode()
    assert "1 job needs somebody." in html
    assert "Failed last time" in html
    assert "ValueError: &lt;b&gt;no&lt;/b&gt;" in html
    assert "Start now" not in html
    assert page.post(reverse("jobs-start", args=[PLAN])).status_code == 403
    may = Client()
    may.force_login(make_staff("starter", "catalog.view_refreshrun", "catalog.change_merchant"))
    assert 'aria-label="Start now: Plan refreshes"' in may.get(reverse("jobs")).content.decode()
    assert may.get(reverse("jobs-start", args=[PLAN])).status_code == 405
    assert may.post(reverse("jobs-start", args=["os.system"])).status_code == 404


def test_its_questions_do_not_grow_with_what_is_known(redis: Redis) -> None:
    client = signed_in("catalog.view_refreshrun")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("jobs"))
        return len(asked)

    questions()
    few = questions()
    for job in jobs(now=timezone.now()):
        redis.hset(task_ages.DONE, job.task, int(time.time()))
    assert questions() == few


def test_without_redis_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in("catalog.view_refreshrun")
    monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{closed_port()}/0")
    answer = client.get(reverse("jobs"))
    assert answer.status_code == 200
    assert "Redis does not answer" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_job_that_is_started_runs_and_its_row_tells(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    app.control.purge()

    def fail(**_: object) -> None:
        raise RuntimeError("no box for robin@mail.example")

    monkeypatch.setattr("catalog.services.failover.settle_all", fail)
    client = signed_in("catalog.view_refreshrun", "catalog.change_merchant")
    answer = client.post(reverse("jobs-start", args=[PLAN]))
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [
        f"{PLAN} is handed to the workers; its line says when it has ended."
    ]
    client.post(reverse("jobs-start", args=["catalog.tasks.settle_failovers"]))
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        deadline = time.monotonic() + 60
        while not (redis.hexists(task_ages.DONE, PLAN) and redis.exists(task_ages.WORDS)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    ended = next(one for one in jobs(now=timezone.now()) if one.task == PLAN)
    assert ended.state == "well"
    assert ended.took is not None
    failed = next(one for one in jobs(now=timezone.now()) if one.task == "catalog.tasks.settle_failovers")
    assert (failed.state, failed.failures) == ("failed", 1)
    assert failed.words == "RuntimeError: no box for …@…"
