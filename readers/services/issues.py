"""What may be done with an issue, and when? Scheduling, pausing, going on, cancelling: each by update-and-count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from readers.consent import Rhythm
from readers.letters import Part
from readers.models import Consent, Delivery, Issue

_BATCH = 2_000


class IssueError(Exception):
    """It cannot be done with this issue now. The message says why and what to do."""


def _step(issue: Issue, come_from: Sequence[str], to: str, **more: object) -> None:
    changed = Issue.objects.filter(pk=issue.pk, state__in=come_from).update(state=to, **more)
    issue.refresh_from_db()
    if not changed:
        raise IssueError(f"“{issue.subject}” is “{issue.get_state_display()}” by now: nothing was changed.")


@transaction.atomic
def schedule_issue(*, issue: Issue, parts: Sequence[Part], due_at: datetime) -> None:
    """Freezes the parts and sends from `due_at` on (aware, UTC). Raises `IssueError`."""
    if not parts:
        raise IssueError("There is nothing in it yet: choose at least one article.")
    rows = [asdict(part) for part in parts]
    _step(issue, [Issue.State.DRAFT], Issue.State.SCHEDULED, parts=rows, due_at=due_at, note="")


@transaction.atomic
def take_back_issue(*, issue: Issue) -> None:
    """A draft again, as long as no copy has gone out. Raises `IssueError`."""
    _step(issue, [Issue.State.SCHEDULED], Issue.State.DRAFT, due_at=None)


@transaction.atomic
def pause_issue(*, issue: Issue, note: str = "") -> None:
    """The copies that wait go on waiting; at most one batch is finished. Raises `IssueError`."""
    _step(issue, [Issue.State.SENDING], Issue.State.PAUSED, note=note[:400])


@transaction.atomic
def go_on_with_issue(*, issue: Issue) -> None:
    """Raises `IssueError`."""
    _step(issue, [Issue.State.PAUSED], Issue.State.SENDING, note="")


@transaction.atomic
def cancel_issue(*, issue: Issue, now: datetime) -> int:
    """Sends no further copy; how many readers do not get it. Raises `IssueError`."""
    alive = [Issue.State.SCHEDULED, Issue.State.SENDING, Issue.State.PAUSED]
    _step(issue, alive, Issue.State.CANCELLED, finished_at=now)
    waiting = issue.deliveries.filter(state__in=Delivery.NOT_BEGUN)
    return waiting.update(state=Delivery.State.CANCELLED)


def recipients(*, topic: str, now: datetime) -> QuerySet[Consent]:
    """The consents in force whose readers get a letter of this topic now, by how often they want one."""
    force = Consent.objects.filter(
        topic=topic, confirmed_at__isnull=False, withdrawn_at__isnull=True, reader__suppressed_at__isnull=True
    )
    had = Delivery.objects.filter(reader_id=OuterRef("reader_id"), issue__topic=topic, state=Delivery.State.SENT)
    too_soon = Q(pk__in=[])
    for rhythm in (Rhythm.WEEKLY, Rhythm.MONTHLY):
        too_soon |= Q(Exists(had.filter(sent_at__gt=now - rhythm.gap)), reader__rhythm=rhythm)
    return force.exclude(too_soon).order_by("pk")


@transaction.atomic
def begin_due_issue(*, now: datetime) -> Issue | None:
    """Makes a copy for each reader of the issue that is due first; None when none is."""
    due = Issue.objects.select_for_update(skip_locked=True).filter(state=Issue.State.SCHEDULED, due_at__lte=now)
    issue = due.order_by("due_at", "pk").first()
    if issue is None:
        return None
    rows = recipients(topic=issue.topic, now=now).values_list("pk", "reader_id")
    copies = [Delivery(issue=issue, reader_id=reader, consent_id=consent) for consent, reader in rows]
    Delivery.objects.bulk_create(copies, batch_size=_BATCH, ignore_conflicts=True)
    issue.state, issue.started_at = Issue.State.SENDING, now
    issue.save(update_fields=["state", "started_at"])
    return issue
