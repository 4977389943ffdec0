"""What becomes of what networks send us by themselves? Kept word for word, understood later, then forgotten."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from catalog.models import ConversionEvent, NetworkAccount, Postback
from catalog.networks.reports.base import Message, PostbackError, Read, ReportError, Reports
from catalog.reports.earnings import Statement
from catalog.services.conversions import store_statements
from catalog.services.network_accounts import AccountError, plain_settings, reports_of
from catalog.services.reasons import storable

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
# What waits longer than this was lost on the way to a worker (Redis was away, or emptied).
LOST_AFTER = timedelta(minutes=1)
MOST_AT_ONCE = 500
# A large shop's sale is some dozens a minute; beyond this somebody repeats himself.
PER_MINUTE = RateLimitItemPerMinute(600, namespace="postback")
_LONGEST_PROBLEM = 300

_limiter: list[FixedWindowRateLimiter] = []


def wait_before_next(*, account: NetworkAccount) -> float:
    """Seconds the account's network has to wait before it may send more; 0: it may now. Without Redis it always may."""
    try:
        if not _limiter:
            _limiter.append(FixedWindowRateLimiter(RedisStorage(settings.REDIS_URL, socket_timeout=2)))
        if _limiter[0].hit(PER_MINUTE, str(account.pk)):
            return 0.0
        return max(_limiter[0].get_window_stats(PER_MINUTE, str(account.pk)).reset_time - time.time(), 1.0)
    except RedisError:
        log.warning("Postbacks are not limited: Redis is not reachable.")
        return 0.0


def keep_postback(*, account: NetworkAccount, message: Message, signature: str, now: datetime) -> Postback:
    """Write down what was sent, before anything is made of it."""
    return Postback.objects.create(
        account=account,
        received_at=now,
        method=message.method,
        content_type=message.content_type[:120],
        query=message.query,
        body=as_text(message.body),
        signature=signature[:200],
    )


def as_text(body: bytes) -> str:
    """The body as a text column holds it: UTF-8, or else each byte as its Latin-1 sign."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def understood(*, account: NetworkAccount, message: Message, now: datetime) -> Read:
    """What the message says. Raises `PostbackError` and `AccountError`."""
    reports = reports_of(account)
    if reports is None:
        raise AccountError(f"The network {account.network} tells us nothing of purchases.")
    read = reports.postback(message, plain_settings(account), now=now)
    return replace(read, statements=_believed(read.statements, reports))


def _believed(statements: Sequence[Statement], reports: Reports) -> list[Statement]:
    """Whatever a network's file says of itself: without a signature nothing is proved."""
    if reports.signed_headers:
        return list(statements)
    return [replace(statement, is_provisional=True) for statement in statements]


@transaction.atomic
def process_postback(*, postback_id: int, now: datetime) -> Postback | None:
    """Store what the postback says; None when it is gone, done, or in another worker's hands.

    What cannot be understood stays with its problem for an editor. An account that is not set up keeps it waiting.
    """
    waiting = Postback.objects.select_for_update(of=("self",), skip_locked=True).select_related("account")
    postback = waiting.filter(pk=postback_id, processed_at=None).first()
    if postback is None:
        return None
    try:
        with transaction.atomic():
            problem = _take_in(postback, now)
    except (AccountError, ReportError) as error:
        Postback.objects.filter(pk=postback.pk).update(problem=storable(str(error))[:_LONGEST_PROBLEM])
        return None
    except PostbackError as error:
        problem = str(error)
    except Exception as error:
        # A mistake of ours: the message stays, and the traceback goes where mistakes are read.
        log.exception("Postback %s was not understood", postback.pk)
        problem = f"Unexpected {type(error).__name__}; process it again when that is mended."
    postback.processed_at, postback.problem = now, storable(problem)[:_LONGEST_PROBLEM]
    postback.save(update_fields=["processed_at", "problem"])
    return postback


def _take_in(postback: Postback, now: datetime) -> str:
    message = Message(
        method=postback.method,
        query=postback.query,
        content_type=postback.content_type,
        body=postback.body.encode(),
    )
    read = understood(account=postback.account, message=message, now=postback.received_at)
    stored = store_statements(
        account=postback.account, statements=read.statements, origin=ConversionEvent.Origin.POSTBACK, now=now
    )
    return " ".join([*(f"{trouble}." for trouble in read.troubles), *stored.refused])


def waiting_postbacks(*, now: datetime) -> list[int]:
    """Postbacks that no worker was told of, or whose account was not set up: the oldest first."""
    rows = Postback.objects.filter(processed_at=None, received_at__lt=now - LOST_AFTER)
    return list(rows.order_by("received_at").values_list("pk", flat=True)[:MOST_AT_ONCE])


@transaction.atomic
def process_again(*, postback: Postback, now: datetime) -> Postback | None:
    """An editor says that the cause is gone."""
    Postback.objects.filter(pk=postback.pk).update(processed_at=None, problem="")
    return process_postback(postback_id=postback.pk, now=now)


def forget_old_postbacks(*, now: datetime) -> int:
    """Delete what is older than a month: the ledger holds what it said."""
    deleted, _ = Postback.objects.filter(received_at__lt=now - KEPT_FOR, processed_at__isnull=False).delete()
    return deleted
