"""How do networks' reports come in? Due accounts are claimed, asked, and what they say goes into the ledger."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from catalog.http import Door, DoorError, WebDoor
from catalog.models import ConversionEvent, NetworkAccount
from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Account, Polled, ReportError, Reports
from catalog.schedule import CLAIM_LIVES, after_failure
from catalog.services.account_pace import AccountDoor
from catalog.services.conversions import Stored, store_statements
from catalog.services.network_accounts import AccountError, report_settings
from catalog.services.reasons import storable
from catalog.services.tokens import SharedTokens
from catalog.sources.base import SourceError

log = logging.getLogger(__name__)

MOST_TROUBLES = 50


def accounts_due(*, now: datetime) -> list[int]:
    """Accounts to ask now, the longest waiting first; not those that somebody is asking."""
    polled = [key for key, reports in REPORTS.items() if reports.polls]
    due = NetworkAccount.objects.filter(_is_free(now), is_active=True, network__in=polled)
    due = due.filter(Q(next_poll_at=None) | Q(next_poll_at__lte=now))
    return list(due.order_by("next_poll_at", "pk").values_list("pk", flat=True))


def _is_free(now: datetime) -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIVES)


def poll_account(*, account_id: int, now: datetime, door: Door) -> Stored | None:
    """Ask the account's network and store what it says; None when there is nothing to do, or it failed.

    A failure does not raise: it stands in the account's record, with the time of the next try. `now` is aware.
    """
    claimable = NetworkAccount.objects.filter(_is_free(now), pk=account_id, is_active=True)
    if not claimable.filter(Q(next_poll_at=None) | Q(next_poll_at__lte=now)).update(claimed_at=now):
        return None
    account = NetworkAccount.objects.get(pk=account_id)
    reports = REPORTS.get(account.network)
    try:
        if reports is None or not reports.polls:
            return None
        return _ask(account, reports, now, door)
    finally:
        NetworkAccount.objects.filter(pk=account.pk, claimed_at=now).update(claimed_at=None)


def ask_now(*, account: NetworkAccount, now: datetime) -> None:
    """An editor wants it asked at once, whatever failed before."""
    NetworkAccount.objects.filter(pk=account.pk).update(next_poll_at=now, consecutive_failures=0)


def _ask(account: NetworkAccount, reports: Reports, now: datetime, door: Door) -> Stored | None:
    with ExitStack() as stack:
        if isinstance(door, WebDoor):
            stack.enter_context(door)
        paced = AccountDoor(door, account, reports)
        try:
            ask_for = Account(
                key=f"account {account.pk}",
                settings=report_settings(account),
                polled_until=account.polled_until,
                cursor=account.cursor,
            )
            polled = reports.poll(ask_for, door=paced, tokens=SharedTokens(), now=now)
            return _keep(account, reports, polled, now)
        except AccountError as error:
            _failed(account, str(error), permanent=True, retry_after=None, now=now)
        except (ReportError, SourceError, DoorError) as error:
            if paced.closed_for is not None:
                _go_on_later(account, paced.closed_for, now)
            else:
                _failed(account, str(error), permanent=error.permanent, retry_after=error.retry_after, now=now)
        except Exception as error:
            # A mistake of ours: the account goes on, later, and the traceback goes where mistakes are read.
            _failed(account, f"Unexpected {type(error).__name__}.", permanent=False, retry_after=None, now=now)
            raise
    return None


@transaction.atomic
def _keep(account: NetworkAccount, reports: Reports, polled: Polled, now: datetime) -> Stored:
    """What was said and how far was read go together: a window is read again, or it is in the ledger."""
    stored = store_statements(
        account=account, statements=polled.statements, origin=ConversionEvent.Origin.POLL, now=now
    )
    troubles = [*(str(trouble) for trouble in polled.troubles), *stored.refused]
    NetworkAccount.objects.filter(pk=account.pk, claimed_at=now).update(
        polled_at=now,
        polled_until=polled.polled_until,
        cursor=polled.cursor[:120],
        next_poll_at=now if polled.is_behind else now + reports.poll_every,
        consecutive_failures=0,
        last_error="",
        last_troubles=[storable(trouble)[:300] for trouble in troubles[:MOST_TROUBLES]],
    )
    log.info("%s said %d statements, %d of them new.", account, stored.statements, stored.new)
    return stored


def _go_on_later(account: NetworkAccount, seconds: float, now: datetime) -> None:
    """Our own limit, or the network wants to be left alone: no failure, only later."""
    NetworkAccount.objects.filter(pk=account.pk, claimed_at=now).update(next_poll_at=now + timedelta(seconds=seconds))


def _failed(account: NetworkAccount, error: str, *, permanent: bool, retry_after: float | None, now: datetime) -> None:
    failures = account.consecutive_failures + 1
    retry = after_failure(
        now=now, failures=failures, permanent=permanent, retry_after=retry_after, key=f"account {account.pk}"
    )
    NetworkAccount.objects.filter(pk=account.pk, claimed_at=now).update(
        consecutive_failures=failures, last_error=storable(error), next_poll_at=retry.at
    )
    log.warning("%s could not be asked: %s", account, error)
