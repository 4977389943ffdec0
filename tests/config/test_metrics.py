"""Numbers for Prometheus: true, told only to those who know the token, and told in part when a part is away."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from celery.contrib.testing.worker import start_worker
from django.conf import settings as site
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from catalog import tasks
from catalog.models import FreshnessSample, Offer
from config import embedded, task_ages
from config.celery import app
from config.metrics import readings
from partners.models import Webhook, WebhookDelivery
from reviews.models import Comment
from tests.factories import make_comment, make_merchant, make_product, make_published_article, make_seen_offer

TOKEN = "a-token-of-the-tests"
DASHBOARDS = embedded.PROJECT / "docs" / "dashboards"


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(site, "METRICS_TOKEN", TOKEN)
    monkeypatch.setattr(site, "CLICK_SPOOL_DIR", tmp_path)


def asked() -> Mapping[str, float]:
    """By name and labels as Prometheus writes them, without the prefix."""
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/plain; version=1.0.0")
    assert "no-store" in answer["Cache-Control"]
    return {
        sample.name.removeprefix("earmark_") + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN} "])
def test_who_does_not_know_the_token_is_told_nothing(header: str) -> None:
    answer = Client().get("/metrics", headers={"authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert b"earmark_" not in answer.content


@pytest.mark.django_db
def test_without_a_token_there_is_no_such_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "METRICS_TOKEN", "")
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_the_numbers_are_what_there_is() -> None:
    shop = make_merchant("Shop")
    product = make_product("One")
    make_seen_offer(product, shop)
    Offer.objects.filter(pk=make_seen_offer(product, make_merchant("Other")).pk).update(state=Offer.State.HELD)
    FreshnessSample.objects.create(merchant=shop, at=timezone.now(), stale_share=0.5, wrong_share=0.25, clicks_a_day=1)
    make_comment(make_published_article(), state=Comment.State.HELD)
    found = asked()
    assert found["offers{ok}"] == 1
    assert found["offers{held}"] == 1
    assert found["offers{unreadable}"] == 0
    assert found["freshness_wrong_share{shop}"] == 0.25
    assert found["comments_waiting"] == 1
    assert found["letters_waiting"] == 0
    assert {group: found[f"told{{{group}}}"] for group in readings.GROUPS} == dict.fromkeys(readings.GROUPS, 1)


@pytest.mark.django_db
def test_messages_to_partners_are_late_only_where_somebody_is_told() -> None:
    assert asked()["webhook_oldest_unsent_seconds"] == 0
    told, paused = (Webhook.objects.create(name=name, address="https://partner.example/") for name in ("A", "B"))
    Webhook.objects.filter(pk=paused.pk).update(paused_because="It did not answer.")
    now = timezone.now()
    for webhook, minutes, tries in ((told, 7, 0), (told, 50, 1), (paused, 90, 0)):
        made = now - timedelta(minutes=minutes)
        WebhookDelivery.objects.create(webhook=webhook, kind="ping", body="{}", tries=tries, next_at=now, made_at=made)
    found = asked()
    assert 420 <= found["webhook_oldest_unsent_seconds"] < 3000
    assert found["webhooks_paused"] == 1


@pytest.mark.django_db
def test_the_questions_do_not_grow_with_the_rows() -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as asking:
            asked()
        return len(asking)

    few = number()
    for shop in range(5):
        merchant = make_merchant(f"Shop {shop}")
        make_seen_offer(make_product(f"No {shop}"), merchant)
        FreshnessSample.objects.create(
            merchant=merchant, at=timezone.now(), stale_share=0, wrong_share=0, clicks_a_day=1
        )
    assert number() == few


@pytest.mark.django_db
def test_one_part_that_is_away_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(now: object) -> list[readings.Reading]:
        raise DatabaseError("gone")

    monkeypatch.setitem(readings.GROUPS, "prices", away)
    found = asked()
    assert found["told{prices}"] == 0
    assert found["told{queue}"] == 1
    assert "tasks_queued" in found
    assert not any(name.startswith("offers") for name in found)


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_worker_notes_what_ended_well_and_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    redis = Redis.from_url(site.REDIS_URL)
    redis.delete(task_ages.DONE, task_ages.FAILED)
    app.control.purge()

    def fail() -> None:
        raise RuntimeError("as the test wants it")

    monkeypatch.setattr("catalog.services.failover.settle_all", lambda now: fail())
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        tasks.forget_link_changes.delay()
        tasks.settle_failovers.delay()
        deadline = time.monotonic() + 60
        while not (redis.exists(task_ages.DONE) and redis.exists(task_ages.FAILED)) and time.monotonic() < deadline:
            time.sleep(0.05)
    found = asked()
    assert 0 <= found["task_last_success_age_seconds{catalog.tasks.forget_link_changes}"] < 120
    assert found["task_failures_total{catalog.tasks.settle_failovers}"] == 1
    assert "task_last_success_age_seconds{catalog.tasks.settle_failovers}" not in found


@pytest.mark.django_db
def test_dashboard_and_alarms_ask_for_what_is_told_and_for_all_of_it() -> None:
    shop = make_merchant("Shop")
    FreshnessSample.objects.create(merchant=shop, at=timezone.now(), stale_share=0, wrong_share=0, clicks_a_day=1)
    redis = Redis.from_url(site.REDIS_URL)
    for name in ("a.task", "catalog.tasks.ship_clicks", task_ages.BACKUP):
        redis.hset(task_ages.DONE, name, int(time.time()))
    redis.hset(task_ages.FAILED, "a.task", 1)
    told = {name.split("{")[0] for name in asked() if not name.startswith("task_failures_created")}
    dashboard = json.loads((DASHBOARDS / "earmark.json").read_text())
    rules = yaml.safe_load((DASHBOARDS / "alerts.yml").read_text())
    drawn = {name for panel in dashboard["panels"] for one in panel["targets"] for name in named(one["expr"])}
    alarms = {name for group in rules["groups"] for rule in group["rules"] for name in named(rule["expr"])}
    assert drawn == told
    assert alarms <= told
    assert all(rule["annotations"]["summary"] for group in rules["groups"] for rule in group["rules"])


@pytest.mark.django_db
def test_a_task_is_late_after_three_rounds_and_ten_minutes_and_a_backup_has_an_age() -> None:
    redis, now = Redis.from_url(site.REDIS_URL), time.time()
    redis.delete(task_ages.DONE)
    redis.hset(task_ages.DONE, "catalog.tasks.plan_refreshes", int(now - 3 * 3600 - 590))
    redis.hset(task_ages.DONE, "catalog.tasks.sample_freshness", int(now - 3 * 3600 - 900))
    redis.hset(task_ages.DONE, "no.longer.there", int(now - 1_000_000))
    assert "backup_age_seconds" not in asked()
    task_ages.note_backup()
    found = asked()
    assert found["task_overdue_seconds{catalog.tasks.plan_refreshes}"] == 0
    assert 300 <= found["task_overdue_seconds{catalog.tasks.sample_freshness}"] < 400
    assert "task_overdue_seconds{no.longer.there}" not in found
    assert 0 <= found["backup_age_seconds"] < 100


@pytest.mark.django_db
def test_alarms_name_tasks_that_there_are() -> None:
    text = (DASHBOARDS / "alerts.yml").read_text()
    named_tasks = set(re.findall(r'task="([^"]+)"', text))
    assert named_tasks
    assert named_tasks <= {entry["task"] for entry in app.conf.beat_schedule.values()}


def named(expression: str) -> set[str]:
    return {name.removeprefix("earmark_") for name in re.findall(r"earmark_\w+", expression)}
