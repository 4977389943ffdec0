"""How does a report that an editor uploads become part of the ledger? Read for trial, then stored in one piece."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import uuid4

from django.core.cache import cache
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from redis.exceptions import RedisError

from catalog.models import Conversion, ConversionEvent, NetworkAccount, ReportFile
from catalog.networks.reports.base import LONGEST_FILE, Read, ReportError
from catalog.reports.earnings import Statement, as_kept, kept_key, problem
from catalog.schedule import CLAIM_LIVES
from catalog.services.conversions import store_statements
from catalog.services.network_accounts import AccountError, report_settings, reports_of
from catalog.services.reasons import storable

log = logging.getLogger(__name__)

State = ReportFile.State
KEPT_FOR = timedelta(days=30)
LOST_AFTER = timedelta(minutes=1)
MOST_NOTED = 200
_PROGRESS_SECONDS = 3600
_CHUNK = 2000


class UploadError(Exception):
    """The upload cannot be taken, or not now. The text says what to do."""


@transaction.atomic
def take_file(
    *, account: NetworkAccount, name: str, content: IO[bytes], size: int, by: str, now: datetime
) -> ReportFile:
    """Keep an upload, to be read for trial by a worker. Raises `UploadError`."""
    reports = reports_of(account)
    plain = "".join(sign for sign in PurePosixPath(name.replace("\\", "/")).name if sign.isprintable())[:200]
    if reports is None or not reports.files:
        raise UploadError(
            f"{account.get_network_display()} has no report files; its reports are asked for, or come in."
        )
    suffix = PurePosixPath(plain).suffix.lower()
    if suffix not in reports.files:
        raise UploadError(f"“{plain}” is none of {', '.join(reports.files)}. {reports.file_help}")
    if not 0 < size <= LONGEST_FILE:
        raise UploadError(
            f"The file is empty or larger than {LONGEST_FILE // 1024 // 1024} MB. Export a shorter period."
        )
    body = content.read(LONGEST_FILE + 1)
    content.seek(0)
    made = ReportFile(account=account, file_name=plain, created_by=by, created_at=now)
    made.sha256 = hashlib.sha256(body).hexdigest()
    made.file.save(f"{uuid4().hex}{suffix}", File(content), save=False)
    made.save()
    return made


def read_file(*, report_file_id: int, now: datetime) -> None:
    """Read the file for trial: what it would change, row by row what cannot be read. Nothing is stored."""
    report_file = _claimed(report_file_id, State.WAITING, now)
    if report_file is None:
        return
    try:
        read = _read(report_file)
    except (ReportError, AccountError) as error:
        _end(report_file, State.FAILED, now, error=str(error))
    except Exception as error:
        _end(report_file, State.FAILED, now, error=f"Unexpected {type(error).__name__} while it was read.")
        raise
    else:
        _end(report_file, State.READ, now, report=_trial(report_file.account, read))


def store_later(*, report_file: ReportFile) -> None:
    """An editor has seen the trial and wants it stored. Raises `UploadError` when it was not read, or is stored."""
    if not ReportFile.objects.filter(pk=report_file.pk, state=State.READ).update(state=State.QUEUED):
        raise UploadError("It can be stored once, after it was read for trial.")


def store_file(*, report_file_id: int, now: datetime) -> None:
    """Store all statements of the file in one transaction. A failure stores nothing, and stands in the record."""
    report_file = _claimed(report_file_id, State.QUEUED, now, working=State.STORING)
    if report_file is None:
        return
    try:
        read = _read(report_file)
        with transaction.atomic():
            stored = store_statements(
                account=report_file.account,
                statements=read.statements,
                origin=ConversionEvent.Origin.IMPORT,
                now=now,
                progress=lambda done: _tell(report_file.pk, done),
            )
            done = {
                "stored": stored.new,
                "purchases_new": stored.purchases_new,
                "purchases_changed": stored.purchases_changed,
                "joined": stored.joined,
            }
            _end(report_file, State.DONE, now, report={**report_file.report, "done": done})
    except (ReportError, AccountError) as error:
        _end(report_file, State.FAILED, now, error=str(error))
    except Exception as error:
        _end(report_file, State.FAILED, now, error=f"Unexpected {type(error).__name__}; nothing of it was stored.")
        raise


def statements_done(report_file: ReportFile) -> int:
    """How many statements of the file are in hand so far; 0 when nobody can say."""
    try:
        return int(cache.get(_key(report_file.pk)) or 0)
    except RedisError:
        return 0


def lost_files(*, now: datetime) -> list[tuple[int, bool]]:
    """Files that no worker was told of, or whose worker was lost, and whether they were read already."""
    lost = Q(claimed_at=None, created_at__lt=now - LOST_AFTER) | Q(claimed_at__lt=now - CLAIM_LIVES)
    ReportFile.objects.filter(state=State.STORING, claimed_at__lt=now - CLAIM_LIVES).update(state=State.QUEUED)
    rows = ReportFile.objects.filter(lost, state__in=(State.WAITING, State.QUEUED)).order_by("pk")
    return [(pk, state == State.QUEUED) for pk, state in rows.values_list("pk", "state")]


@transaction.atomic
def forget_old_files(*, now: datetime) -> int:
    """Delete the files of a month ago; their rows and reports stay."""
    rows = list(ReportFile.objects.select_for_update().filter(created_at__lt=now - KEPT_FOR).exclude(file=""))
    ReportFile.objects.filter(pk__in=[row.pk for row in rows]).update(file="")
    for storage, name in [(row.file.storage, row.file.name) for row in rows]:
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]
    return len(rows)


def _claimed(pk: int, state: str, now: datetime, working: str | None = None) -> ReportFile | None:
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LIVES)
    rows = ReportFile.objects.filter(free, pk=pk, state=state)
    if not rows.update(claimed_at=now, state=working or state):
        return None
    return ReportFile.objects.select_related("account").get(pk=pk)


def _end(report_file: ReportFile, state: str, now: datetime, *, error: str = "", report: Any = None) -> None:
    report_file.state, report_file.error = state, storable(error)[:500]
    report_file.claimed_at, report_file.finished_at = None, now
    if report is not None:
        report_file.report = report
    report_file.save(update_fields=["state", "error", "claimed_at", "finished_at", "report"])


def _read(report_file: ReportFile) -> Read:
    reports = reports_of(report_file.account)
    if reports is None or not report_file.file:
        raise ReportError("The file is gone: upload it again.", permanent=True)
    with report_file.file.open("rb") as file:
        settings = report_settings(report_file.account)
        return reports.read_file(report_file.file_name, file.read(), settings, now=report_file.created_at)


def _trial(account: NetworkAccount, read: Read) -> dict[str, Any]:
    usable = [as_kept(statement) for statement in read.statements if not problem(statement)]
    known_purchases, known_statements = _known(account, usable)
    troubles = _troubles(read)
    names = {statement.network_key for statement in usable}
    return {
        "statements": len(read.statements),
        "purchases": len(names),
        "purchases_new": len(names - known_purchases),
        "statements_new": sum((one.network_key, kept_key(one)) not in known_statements for one in usable),
        "trouble_count": len(troubles),
        "troubles": troubles[:MOST_NOTED],
        "notes": [storable(note)[:300] for note in read.notes[:20]],
        "sums": _sums(usable),
    }


def _troubles(read: Read) -> list[dict[str, str]]:
    found = [(one.where, one.field, one.reason) for one in read.troubles]
    found += [(one.network_key[:80], "", reason) for one in read.statements if (reason := problem(one))]
    return [
        {"where": storable(where)[:120], "field": storable(field)[:80], "reason": storable(reason)[:300]}
        for where, field, reason in found
    ]


def _known(account: NetworkAccount, usable: Sequence[Statement]) -> tuple[set[str], set[tuple[str, str]]]:
    names = list(dict.fromkeys(statement.network_key for statement in usable))
    purchases: set[str] = set()
    statements: set[tuple[str, str]] = set()
    for start in range(0, len(names), _CHUNK):
        rows = Conversion.objects.filter(account=account, network_key__in=names[start : start + _CHUNK])
        purchases |= set(rows.values_list("network_key", flat=True))
        statements |= set(rows.values_list("network_key", "events__event_key"))
    return purchases, statements


def _sums(usable: Sequence[Statement]) -> list[dict[str, str]]:
    """What the file says per currency and status; amounts as text, as JSON has no decimals."""
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in usable:
        totals[one.currency, one.status.value] += one.commission_amount or 0
    return [
        {"currency": currency, "status": status, "commission": f"{total:f}"}
        for (currency, status), total in sorted(totals.items())
    ]


def _tell(pk: int, done: int) -> None:
    try:
        cache.set(_key(pk), done, _PROGRESS_SECONDS)
    except RedisError:
        return  # the page only cannot show how far it is


def _key(pk: int) -> str:
    return f"report-file-done:{pk}"
