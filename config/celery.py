"""The task queue's app and the whole timetable: what happens by itself, how often, and when it is too late to do."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

from config import acting_doors, log_ids, worker_life  # noqa: F401  (they listen to what workers do)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("earmark", include=["config.task_ages"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# `expires`: a round that waited longer than its own interval is dropped, the next one does its work.
app.conf.beat_schedule = {
    "refresh due offers": {
        "task": "catalog.tasks.refresh_due_offers",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "ship clicks": {
        "task": "catalog.tasks.ship_clicks",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "store page views": {
        "task": "catalog.tasks.store_views",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "store steps through the questions": {
        "task": "recommender.tasks.store_steps",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "forget old steps": {
        "task": "recommender.tasks.forget_old_steps",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "carry page changes": {
        "task": "catalog.tasks.carry_page_changes",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "take up lost imports": {
        "task": "catalog.tasks.take_up_lost_imports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "delete expired readings": {
        "task": "catalog.tasks.delete_expired_readings",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "weigh clicks": {
        "task": "catalog.tasks.weigh_clicks",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "plan refreshes": {
        "task": "catalog.tasks.plan_refreshes",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sample freshness": {
        "task": "catalog.tasks.sample_freshness",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "process waiting postbacks": {
        "task": "catalog.tasks.process_waiting_postbacks",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget old postbacks": {
        "task": "catalog.tasks.forget_old_postbacks",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "join purchases to clicks that came late": {
        "task": "catalog.tasks.rejoin_conversions",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "ask networks for their reports": {
        "task": "catalog.tasks.poll_due_accounts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "take up lost report files": {
        "task": "catalog.tasks.take_up_lost_report_files",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "fetch exchange rates": {
        "task": "catalog.tasks.fetch_exchange_rates",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "forget unconfirmed addresses": {
        "task": "readers.tasks.forget_unconfirmed",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "see whether claims still hold": {
        "task": "reviews.tasks.evaluate_watches",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "check destinations": {
        "task": "catalog.tasks.check_destinations",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "settle failovers": {
        "task": "catalog.tasks.settle_failovers",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "send link digest": {
        "task": "catalog.tasks.send_link_digest",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "keep salts": {
        "task": "catalog.tasks.keep_salts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget link changes": {
        "task": "catalog.tasks.forget_link_changes",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "forget product changes": {
        "task": "catalog.tasks.forget_product_changes",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "publish what is scheduled": {
        "task": "reviews.tasks.publish_due_articles",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "retire what has expired": {
        "task": "reviews.tasks.expire_due_articles",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "take up lost pictures": {
        "task": "reviews.tasks.take_up_lost_pictures",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tidy files of pictures": {
        "task": "reviews.tasks.tidy_picture_files",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "check live articles": {
        "task": "reviews.tasks.check_live_articles",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "send findings letter": {
        "task": "reviews.tasks.send_findings_letter",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "send letters": {
        "task": "readers.tasks.send_letters",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "send webhooks": {
        "task": "catalog.tasks.send_webhooks",
        "schedule": 5.0,
        "options": {"expires": 10},
    },
    "forget old webhook deliveries": {
        "task": "catalog.tasks.forget_webhook_deliveries",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "forget answers that may be repeated": {
        "task": "catalog.tasks.forget_kept_answers",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "tell of keys that end": {
        "task": "catalog.tasks.tell_of_ending_keys",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "answer alerts": {
        "task": "catalog.tasks.evaluate_alerts",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "end alerts of what is gone": {
        "task": "catalog.tasks.end_dead_alerts",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "send news": {
        "task": "readers.tasks.send_news",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "tell followers of comments": {
        "task": "reviews.tasks.tell_of_comments",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "tell moderators of comments": {
        "task": "reviews.tasks.send_comment_letters",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "forget what is left of comments": {
        "task": "reviews.tasks.forget_comment_leftovers",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "learn what spam is from moderators": {
        "task": "reviews.tasks.learn_spam",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "watch what is promised": {
        "task": "config.tasks.watch_promises",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "make and drop months of the log of rows": {
        "task": "reviews.tasks.tidy_row_changes",
        "schedule": 12 * 3600.0,
        "options": {"expires": 3600},
    },
    "make and drop click partitions": {
        "task": "catalog.tasks.maintain_click_partitions",
        "schedule": 12 * 3600.0,
        "options": {"expires": 3600},
    },
}


@beat_init.connect
def _at_once(**_: object) -> None:
    """Beat waits before its first round, and until then every web process would hash visits by a salt of its own."""
    app.send_task("catalog.tasks.keep_salts", expires=60)


@worker_init.connect
def _ask_the_database_itself(**_: object) -> None:
    """Letters are kept from going out twice by a lock of the session, which a pooler would hand to somebody else."""
    from django.conf import settings

    if settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]:
        raise SystemExit("DATABASE_POOLED is for web processes: give workers a DATABASE_URL of PostgreSQL itself.")


@setup_logging.connect
def _use_our_logging(**_: object) -> None:
    """Celery would replace the logging settings with its own."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)
