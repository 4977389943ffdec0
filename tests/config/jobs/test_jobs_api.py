"""A key that may read jobs is told what the page of jobs says; while Redis is away that nobody knows."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from redis import Redis

from config import task_ages
from config.celery import app
from tests.partners.keys import make_key, shown
from tests.ports import closed_port

pytestmark = pytest.mark.django_db

JOBS = "/api/v1/jobs/"
PLAN = "catalog.tasks.plan_refreshes"


def test_every_entry_of_the_timetable_is_told(redis: Redis, client: Client) -> None:
    now = int(time.time())
    redis.hset(task_ages.DONE, PLAN, now - 60)
    redis.hset(task_ages.TOOK, PLAN, "2.5")
    told = client.get(JOBS, headers=shown(make_key("jobs:read")[1])).json()["results"]
    assert sorted(one["task"] for one in told) == sorted(entry["task"] for entry in app.conf.beat_schedule.values())
    plan = next(one for one in told if one["task"] == PLAN)
    assert (plan["state"], plan["took_seconds"], plan["failures"]) == ("well", 2.5, 0)
    assert plan["every_seconds"] > 0
    other = next(one for one in told if one["task"] != PLAN)
    assert (other["state"], other["took_seconds"], other["ended_at"]) == ("unknown", None, None)


def test_without_redis_it_says_that_nobody_knows(client: Client, settings: pytest.FixtureRequest) -> None:
    secret = make_key("jobs:read")[1]
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port()}/0"  # type: ignore[attr-defined]
    answer = client.get(JOBS, headers=shown(secret))
    assert answer.status_code == 503
    assert "nobody knows what the workers do" in answer.json()["detail"]
