"""The numbers, in groups that fail by themselves: where one part is away, the others are still told."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Min
from redis import Redis

from catalog.models import FreshnessSample, Merchant, Offer, PageChange
from catalog.services.clicks import waiting_segments
from catalog.services.postbacks import waiting_postbacks
from catalog.services.work_overview import QUEUE
from config import task_ages
from partners.models import Webhook, WebhookDelivery
from readers.models import Delivery, Issue, News, NewsLetter
from reviews.models import Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number; `name` without the prefix `earmark_`, ending in its unit where it has one."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    is_counter: bool = False


Group = Callable[[datetime], Iterable[Reading]]


def _spool(now: datetime) -> Iterator[Reading]:
    folder = Path(settings.CLICK_SPOOL_DIR)
    found = folder.is_dir()
    yield Reading(
        name="spool_segments",
        help="Files of the click spool on this host that are not shipped to their end; one a web process is usual.",
        value=waiting_segments(folder) if found else 0,
    )
    if found:
        yield Reading(
            name="spool_free_bytes",
            help="Room left on the disk of the click spool on this host.",
            value=shutil.disk_usage(folder).free,
        )


def _prices(now: datetime) -> Iterator[Reading]:
    states = dict(Offer.objects.buyable().order_by().values_list("state").annotate(Count("pk")))
    for state in Offer.State:
        yield Reading(
            name="offers",
            help="Offers that readers may see, by how the last look went; “held” waits for a second look or an editor.",
            value=states.get(state.value, 0),
            labels={"state": state.value},
        )
    yield Reading(name="offers_due", help="Offers whose next look is due.", value=Offer.objects.due(now).count())
    newest = FreshnessSample.objects.order_by("merchant_id", "-at").distinct("merchant_id").select_related("merchant")
    for sample in newest:
        labels = {"merchant": sample.merchant.slug}
        yield Reading(
            name="freshness_wrong_share",
            help="Expected share of click-weighted views that met a wrong price, by merchant, at the last hour.",
            value=sample.wrong_share,
            labels=labels,
        )
    yield Reading(
        name="merchants_paused",
        help="Merchants that are not asked for now, since they answered with errors or refusals.",
        value=Merchant.objects.filter(is_active=True, paused_until__gt=now).count(),
    )


def _pages(now: datetime) -> Iterator[Reading]:
    yield Reading(
        name="page_changes_waiting",
        help="Changes that kept pages have not heard of yet; carried every two seconds.",
        value=PageChange.objects.count(),
    )


def _money(now: datetime) -> Iterator[Reading]:
    yield Reading(
        name="postbacks_waiting",
        help="Postbacks of networks that are stored and not worked off.",
        value=len(waiting_postbacks(now=now)),
    )


def _readers(now: datetime) -> Iterator[Reading]:
    waiting = Delivery.objects.filter(issue__state=Issue.State.SENDING, state=Delivery.State.WAITING)
    yield Reading(
        name="letters_waiting", help="Copies of issues under way that are not sent yet.", value=waiting.count()
    )
    yield Reading(
        name="issues_stopped",
        help="Issues that stopped by themselves; their page says why.",
        value=Issue.objects.filter(state=Issue.State.PAUSED).exclude(note="").count(),
    )
    stuck = NewsLetter.objects.filter(state=NewsLetter.State.CLAIMED, tries__gte=3)
    yield Reading(
        name="news_letters_stuck",
        help="Letters of news that the mail server did not take at three tries or more.",
        value=stuck.count(),
    )
    yield Reading(
        name="news_waiting",
        help="News of what readers follow that is in no letter yet; digests gather it for up to a week.",
        value=News.objects.filter(letter=None).count(),
    )
    yield Reading(
        name="comments_waiting",
        help="Comments and remarks that wait for a moderator.",
        value=Comment.objects.filter(state=Comment.State.HELD).count(),
    )


def _queue(now: datetime) -> Iterator[Reading]:
    with Redis.from_url(settings.REDIS_URL, **settings.REDIS_PATIENCE) as redis:
        yield Reading(
            name="tasks_queued", help="Tasks that no worker has taken yet.", value=int(str(redis.llen(QUEUE)))
        )
        yield Reading(
            name="tasks_taken",
            help="Tasks that workers have taken and not ended.",
            value=int(str(redis.hlen("unacked"))),
        )


def _tasks(now: datetime) -> Iterator[Reading]:
    for name, ended in sorted(task_ages.last_ends().items()):
        if name == task_ages.BACKUP:
            continue
        yield Reading(
            name="task_last_success_age_seconds",
            help="How long ago each task last ended well.",
            value=max(0.0, time.time() - ended),
            labels={"task": name},
        )
    for name, seconds in task_ages.overdue(now.timestamp()).items():
        yield Reading(
            name="task_overdue_seconds",
            help="How much longer than three rounds and ten minutes ago each task of the timetable last ended well.",
            value=seconds,
            labels={"task": name},
        )
    for name, times in sorted(task_ages.failures().items()):
        yield Reading(
            name="task_failures",
            help="How often each task failed since Redis was emptied.",
            value=times,
            labels={"task": name},
            is_counter=True,
        )


def _webhooks(now: datetime) -> Iterator[Reading]:
    yield Reading(
        name="webhooks_paused",
        help="Addresses of partners that are told nothing now, since they did not answer.",
        value=Webhook.objects.exclude(paused_because="").count(),
    )
    due = WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING, tries=0)
    told = due.filter(webhook__is_active=True, webhook__paused_because="").aggregate(oldest=Min("made_at"))
    yield Reading(
        name="webhook_oldest_unsent_seconds",
        help="How long the oldest message waits for its first try, among addresses that are told.",
        value=max(0.0, (now - told["oldest"]).total_seconds()) if told["oldest"] else 0.0,
    )


def _backup(now: datetime) -> Iterator[Reading]:
    ended = task_ages.last_ends().get(task_ages.BACKUP)
    if ended is not None:
        yield Reading(
            name="backup_age_seconds",
            help="How long ago the last backup ended.",
            value=max(0.0, now.timestamp() - ended),
        )


GROUPS: Mapping[str, Group] = {
    "spool": _spool,
    "prices": _prices,
    "pages": _pages,
    "money": _money,
    "readers": _readers,
    "queue": _queue,
    "tasks": _tasks,
    "webhooks": _webhooks,
    "backup": _backup,
}
