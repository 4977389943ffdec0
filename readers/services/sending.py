"""How does each reader get exactly one copy, though workers die, servers refuse and editors change their minds?

A batch is `CLAIMED` on the disk before any of it leaves. Before the mail server hears of a copy its row says `SENDING`,
after the server's 250 `SENT`. Whoever sends holds a lock of its database session, which dies with it: the next sender
knows that what is `SENDING` now was left by a dead one. Nobody can say whether the server took that copy, so it becomes
`UNSURE` and is not sent again: one letter too few is better than two. What is only `CLAIMED` was not begun and waits
again.

The marks of single copies are not waited for until they are on the disk: they outlive the worker, not a crash of the
database. `SenderMark` goes with such a crash, and then all that was claimed counts as unsure. Both marks of
neighbouring copies are one statement.
"""

from __future__ import annotations

import contextlib
import logging
import smtplib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from readers import letters, links
from readers.models import Delivery, Issue, Reader, SenderMark
from readers.services.issues import IssueError, begin_due_issue, pause_issue
from readers.services.marks import Marks
from readers.services.smtp_talk import Talk
from readers.services.suppression import suppress_address

log = logging.getLogger(__name__)

# So many copies are looked up at once; a pause or a throttle is heeded after them at the latest.
BATCH = 100
# A round of the task ends after this time and the next takes over.
ROUND = timedelta(seconds=45)
# A mail server that is busy is asked again so often, later each time.
TRIES, LATER = 5, timedelta(minutes=10)
# So many refusals one after the other are about us, not about the readers.
REFUSALS_IN_A_ROW = 20
_LOCK = 0x6D61696C  # "mail": the first half of the lock's name, the second is the issue

State = Delivery.State


@contextlib.contextmanager
def only_sender(issue_id: int) -> Iterator[bool]:
    """Whether this session is the one that sends the issue; the lock goes with the session, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, issue_id])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, issue_id])


def _wait_for_the_disk(*, wait: bool, only_here: bool = False) -> None:
    """Whether this session's commits wait until they are on the disk; `only_here`: within the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET {'LOCAL' if only_here else 'SESSION'} synchronous_commit = {'on' if wait else 'off'}")


def send_due(*, now: datetime, per_minute: int) -> bool:
    """One round over everything that is due. True: more waits, and the caller should come again soon.

    `per_minute` copies at most leave in any minute, over all issues, dead senders' included; 0: as fast as it goes.
    """
    while begin_due_issue(now=now):
        pass
    ends = time.monotonic() + ROUND.total_seconds()
    waits = False
    for issue in Issue.objects.filter(state=Issue.State.SENDING).order_by("due_at", "pk"):
        with only_sender(issue.pk) as mine:
            if mine:
                waits |= _Sender(issue, per_minute).send(ends)
    return waits


class _Sender:
    """One issue's sending within one round, by whoever holds its lock."""

    def __init__(self, issue: Issue, per_minute: int) -> None:
        self._issue, self._per_minute = issue, per_minute
        parts = [letters.Part.read(row) for row in issue.parts]
        self._mould = letters.mould(topic=issue.topic, subject=issue.subject, intro=issue.intro, parts=parts)
        self._server: Any = get_connection()
        # None: the server is asked about a copy only once its mark is there.
        self._talk: Talk | None = None
        self._last: dict[str, Any] = {}
        self._refusals = 0
        # Of these in a row, whose mailbox is there as far as anybody knows.
        self._refused_for_us: list[int] = []

    def send(self, ends: float) -> bool:
        self._take_over()
        try:
            self._server.open()
        except (OSError, smtplib.SMTPException) as error:
            log.warning("Issue %d waits: the mail server cannot be reached (%s)", self._issue.pk, type(error).__name__)
            return False
        self._marks = Marks()
        try:
            _wait_for_the_disk(wait=False)
            return self._batches(ends)
        finally:
            self._write_down()
            self._marks.close()
            _wait_for_the_disk(wait=True)
            self._issue.deliveries.filter(state=State.CLAIMED).update(state=State.WAITING)
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.close()

    @transaction.atomic
    def _take_over(self) -> None:
        """Whatever a dead sender of this issue left: it holds the lock no more, so nobody is at it."""
        copies = self._issue.deliveries
        stopped = "The sender stopped before it heard the server's answer."
        copies.filter(state=State.SENDING).update(state=State.UNSURE, reply=stopped)
        if SenderMark.objects.filter(issue=self._issue).exists():
            copies.filter(state=State.CLAIMED).update(state=State.WAITING)
        else:
            crashed = "The database stopped before it was written down."
            copies.filter(state=State.CLAIMED).update(state=State.UNSURE, reply=crashed)
            SenderMark.objects.create(issue=self._issue)

    def _batches(self, ends: float) -> bool:
        while True:
            room = self._room()
            rows = self._claimed(room) if room > 0 else []
            for row in rows:
                if not self._copy(row):
                    return False
            self._write_down()
            if not rows and room > 0:
                self._finish()
                return False
            if room <= 0 or not Issue.objects.filter(pk=self._issue.pk, state=Issue.State.SENDING).exists():
                return False
            if time.monotonic() > ends:
                return True

    def _room(self) -> int:
        """How many may go out now: what the last minute left of the throttle, counted in the rows themselves."""
        if not self._per_minute:
            return BATCH
        minute = timezone.now() - timedelta(minutes=1)
        return min(BATCH, self._per_minute - Delivery.objects.filter(claimed_at__gt=minute).count())

    def _claimed(self, room: int) -> list[dict[str, Any]]:
        """The next copies, claimed by update-and-count, on the disk when this returns."""
        copies = self._issue.deliveries
        due = Q(not_before=None) | Q(not_before__lte=timezone.now())
        with transaction.atomic():
            _wait_for_the_disk(wait=True, only_here=True)
            ids = list(copies.filter(due, state=State.WAITING).order_by("pk").values_list("pk", flat=True)[:room])
            copies.filter(pk__in=ids, state=State.WAITING).update(state=State.CLAIMED)
        named = {"address": F("reader__address"), "link": F("reader__link_version"), "key": F("consent__key")}
        rows = copies.filter(pk__in=ids, state=State.CLAIMED).order_by("pk")
        return [{**row} for row in rows.values("pk", "reader_id", "tries", **named)]

    def _write_down(self) -> None:
        """What became of the last copy, where no next one says it along with its own beginning."""
        self._marks.made()
        if self._last:
            last, self._last = self._last, {}
            self._marks.send(following=None, now=timezone.now(), **last)
            self._marks.made()

    def _copy(self, row: dict[str, Any]) -> bool:
        """False when the round has to end: the server is gone, or it refuses us."""
        own = {
            "address": row["address"],
            "leave": links.leave_url(row["key"]),
            "preferences": links.preference_url(row["reader_id"], row["link"]),
            "message_id": letters.message_id(self._issue.pk, row["pk"]),
        }
        content = self._mould.written_for(**own)
        last, self._last = self._last, {}
        self._marks.send(following=row["pk"], now=timezone.now(), **last)
        is_offered = content is not None and self._offer(own["address"], content)
        if row["pk"] in self._marks.made():
            return self._hand_over(row, own, content, is_offered=is_offered)
        if is_offered:
            self._hang_up()
        return True

    def _offer(self, address: str, content: bytes) -> bool:
        """Asks the server about the reader while the mark is made; nothing of the letter leaves before it is."""
        if self._talk is None:
            return False
        with contextlib.suppress(OSError):  # smtplib's own are such too; who delivers hears it again
            self._talk.offer(address, content)
            return True
        return False

    def _hang_up(self) -> None:
        """The server waits for a letter that must not go out: somebody paused, or the reader has left just now."""
        self._talk = None
        with contextlib.suppress(OSError):
            self._server.connection.close()
        self._server.connection = None

    def _hand_over(self, row: dict[str, Any], own: dict[str, str], content: bytes | None, *, is_offered: bool) -> bool:
        self._last = {"last": row["pk"], "state": State.SENT}
        try:
            self._deliver(own, content, is_offered=is_offered)
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused(row, *next(iter(error.recipients.values())), is_about_the_address=True)
        except smtplib.SMTPResponseException as error:
            return self._refused(row, error.smtp_code, error.smtp_error, is_about_the_address=False)
        except (OSError, smtplib.SMTPException) as error:
            self._last |= {"state": State.UNSURE, "reply": f"The connection broke: {type(error).__name__}."}
            log.warning("Issue %d stopped for a moment: %s", self._issue.pk, type(error).__name__)
            return False
        self._refusals, self._refused_for_us = 0, []
        return True

    def _deliver(self, own: dict[str, str], content: bytes | None, *, is_offered: bool) -> None:
        """As bytes where the copy is written out already and the server is spoken to by Django; else as any mail."""
        if content is None or not isinstance(self._server, EmailBackend):
            self._server.send_messages([self._mould.filled(**own)])
            return
        if self._talk is None:
            self._server.open()
            assert self._server.connection is not None, "what could not be opened raises"
            self._talk = Talk(self._server.connection, settings.DEFAULT_FROM_EMAIL)
        if not is_offered:
            self._talk.offer(own["address"], content)
        self._talk.deliver(own["address"], content)

    def _refused(self, row: dict[str, Any], code: int, words: bytes | str, *, is_about_the_address: bool) -> bool:
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        reply = f"{code} {said}".replace(row["address"], "the address")[:200]
        self._refusals += 1
        if code // 100 == 4 and row["tries"] + 1 < TRIES:
            later = timezone.now() + LATER * (row["tries"] + 1)
            self._last |= {"state": State.WAITING, "not_before": later, "reply": reply}
        else:
            self._last |= {"state": State.REFUSED, "reply": reply}
            if is_about_the_address and is_no_mailbox(code, said):
                suppress_address(address=row["address"], because=Reader.Suppression.BOUNCE, now=timezone.now())
            else:
                self._refused_for_us.append(row["pk"])
        if self._refusals < REFUSALS_IN_A_ROW:
            return True
        self._write_down()
        # It was us whom the server refused: whoever mends that and goes on reaches these readers too.
        refused = self._issue.deliveries.filter(pk__in=self._refused_for_us, state=State.REFUSED)
        refused.update(state=State.WAITING)
        note = f"Paused by itself: the mail server refused {self._refusals} copies in a row. It said: {reply}"
        with contextlib.suppress(IssueError):
            pause_issue(issue=self._issue, note=note)
        return False

    def _finish(self) -> None:
        if not self._issue.deliveries.filter(state__in=[State.WAITING, State.CLAIMED, State.SENDING]).exists():
            own = Issue.objects.filter(pk=self._issue.pk, state=Issue.State.SENDING)
            own.update(state=Issue.State.DONE, finished_at=timezone.now())


def is_no_mailbox(code: int, words: str) -> bool:
    """Whether a refusal says that the mailbox is not there, not that we or the mail are unwelcome (RFC 3463)."""
    first = words.lstrip().split(" ", 1)[0]
    if first[:2] in ("5.", "4."):
        return first.startswith("5.1.") or first == "5.2.1"
    return code in (550, 551, 553)
