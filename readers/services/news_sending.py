"""How does each reader get one letter of all the news that waits, and no news twice, though workers die?

One sender at a time holds a lock of its database session, which dies with it. A letter and what it tells are claimed
together on the disk; before the mail server hears of it its row says `SENDING`, after the server's 250 `SENT`. What a
dead sender left `SENDING` becomes `UNSURE` and is not sent again (decision 0023); what it had only claimed is.
"""

from __future__ import annotations

import contextlib
import logging
import smtplib
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from readers import digest, news, news_letters
from readers.digest import NewsRhythm, Waiting
from readers.models import News, NewsLetter, Reader
from readers.services.sending import is_no_mailbox
from readers.services.suppression import suppress_address

log = logging.getLogger(__name__)

# So many letters are claimed at once; what they say is asked for together.
BATCH = 100
ROUND = timedelta(seconds=45)
# A letter that was not taken is tried again, later each time, for eleven hours in all.
TRIES, LATER = 12, timedelta(minutes=10)
# In one letter; what is left over waits for the reader's next one.
MOST_TOLD = 40
_LOCK = 0x6E657773  # "news"

State = NewsLetter.State


def send_due_news(*, now: datetime, per_day: int) -> bool:
    """One round. True: more waits, and the caller should come again soon. `per_day`: letters at once for a reader."""
    with _only_sender() as mine:
        if not mine:
            return False
        _take_over()
        ends = time.monotonic() + ROUND.total_seconds()
        server: Any = get_connection()
        try:
            server.open()
        except (OSError, smtplib.SMTPException) as error:
            log.warning("News waits: the mail server cannot be reached (%s)", type(error).__name__)
            return False
        try:
            while _claim(now=now, per_day=per_day):
                for letter in _claimed(now=now):
                    if not _is_handed_over(server, *letter):
                        return False
                if time.monotonic() > ends:
                    return True
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.close()
    return False


@contextlib.contextmanager
def _only_sender() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [_LOCK])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [_LOCK])


def _take_over() -> None:
    """A dead sender's letters: it holds the lock no more, so nobody is at them."""
    stopped = "The sender stopped before it heard the server's answer."
    NewsLetter.objects.filter(state=State.SENDING).update(state=State.UNSURE, reply=stopped)


def waiting_readers(*, now: datetime, per_day: int) -> list[int]:
    """Whose letter is due, those who wait longest first. One query."""
    letters = NewsLetter.objects.filter(reader_id=OuterRef("reader_id")).exclude(state=State.EMPTY).order_by()
    lately = letters.filter(made_at__gt=now - timedelta(days=1)).values("reader_id").annotate(n=Count("pk")).values("n")
    rows = (
        _reachable(News.objects.filter(letter=None))
        .order_by()
        .values(
            "reader_id",
            rhythm=F("reader__news_rhythm"),
            hour=F("reader__news_hour"),
            weekday=F("reader__news_weekday"),
        )
        .annotate(
            oldest_at=Min("noted_at"),
            last_at=Subquery(letters.order_by("-made_at").values("made_at")[:1]),
            lately=Subquery(lately),
        )
        .order_by("oldest_at")
    )
    zone = timezone.get_default_timezone()
    return [
        row["reader_id"]
        for row in rows
        if digest.is_due(
            Waiting(
                rhythm=NewsRhythm(row["rhythm"]),
                hour=row["hour"],
                weekday=row["weekday"],
                oldest_at=row["oldest_at"],
                last_at=row["last_at"],
                lately=row["lately"] or 0,
            ),
            now=now,
            zone=zone,
            per_day=per_day,
        )
    ]


def _reachable(rows: QuerySet[News]) -> QuerySet[News]:
    return rows.filter(
        reader__confirmed_at__isnull=False,
        reader__suppressed_at__isnull=True,
        consent__confirmed_at__isnull=False,
        consent__withdrawn_at__isnull=True,
    )


@transaction.atomic
def _claim(*, now: datetime, per_day: int) -> bool:
    """Puts what waits for the next readers into letters of theirs. False: nothing is due, here or from before."""
    ids = waiting_readers(now=now, per_day=per_day)[:BATCH]
    made = NewsLetter.objects.bulk_create([NewsLetter(reader_id=one, made_at=now) for one in ids])
    by_reader = {letter.reader_id: letter.pk for letter in made}
    told: dict[int, list[int]] = defaultdict(list)
    waiting = _reachable(News.objects.filter(letter=None, reader_id__in=ids)).select_for_update(of=("self",))
    for pk, reader_id in waiting.order_by("noted_at", "pk").values_list("pk", "reader_id"):
        if len(told[reader_id]) < MOST_TOLD:
            told[reader_id].append(pk)
    rows = [News(pk=pk, letter_id=by_reader[reader_id]) for reader_id, pks in told.items() for pk in pks]
    News.objects.bulk_update(rows, ["letter"], batch_size=1_000)
    return _open(now=now).exists()


def _open(*, now: datetime) -> QuerySet[NewsLetter]:
    due = Q(not_before=None) | Q(not_before__lte=now)
    return NewsLetter.objects.filter(due, state=State.CLAIMED)


def _claimed(*, now: datetime) -> list[tuple[NewsLetter, list[tuple[News, news.Told]]]]:
    """The letters that are next and what they say now. Five queries and those of the tellers."""
    letters = list(_open(now=now).select_related("reader").order_by("pk")[:BATCH])
    rows = list(_reachable(News.objects.filter(letter__in=letters)).select_related("consent", "reader"))
    said = _said(rows, now=now)
    by_letter: dict[int, list[tuple[News, news.Told]]] = defaultdict(list)
    for row in rows:
        if row.pk in said and row.letter_id is not None:
            by_letter[row.letter_id].append((row, said[row.pk]))
    return [(letter, by_letter[letter.pk]) for letter in letters]


def _said(rows: Sequence[News], *, now: datetime) -> Mapping[int, news.Told]:
    by_kind: dict[str, list[news.Item]] = defaultdict(list)
    for row in rows:
        item = news.Item(
            id=row.pk, reader_id=row.reader_id, address=row.reader.address, topic=row.consent.topic, ref=row.ref
        )
        by_kind[row.kind].append(item)
    said: dict[int, news.Told] = {}
    for kind, items in by_kind.items():
        teller = news.teller_of(kind)
        if teller is not None:
            said |= teller.tell(items, now=now)
    return said


def _is_handed_over(server: Any, letter: NewsLetter, told: list[tuple[News, news.Told]]) -> bool:
    """False when the round has to end: the server is gone."""
    if not told:
        _became(letter, State.EMPTY, come_from=State.CLAIMED)
        return True
    if not _became(letter, State.SENDING, come_from=State.CLAIMED):
        return True
    mail = news_letters.letter(letter, told)
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        _refused(letter, *next(iter(error.recipients.values())), is_about_the_address=True)
    except smtplib.SMTPResponseException as error:
        _refused(letter, error.smtp_code, error.smtp_error, is_about_the_address=False)
    except (OSError, smtplib.SMTPException) as error:
        _became(letter, State.UNSURE, reply=f"The connection broke: {type(error).__name__}.")
        log.warning("Letters of news stopped for a moment: %s", type(error).__name__)
        return False
    else:
        _became(letter, State.SENT, sent_at=timezone.now())
    return True


def _became(letter: NewsLetter, state: str, *, come_from: str = State.SENDING, **more: Any) -> bool:
    return bool(NewsLetter.objects.filter(pk=letter.pk, state=come_from).update(state=state, **more))


def _refused(letter: NewsLetter, code: int, words: bytes | str, *, is_about_the_address: bool) -> None:
    """Only a mailbox that is not there is given up at once.

    A refusal for good may be about us (a relay that wants a password, a list we stand on) and would cost every reader
    their news: an operator has the time of all tries to mend it, called by the alarm of `news_letters_stuck`.
    """
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    reply = f"{code} {said}".replace(letter.reader.address, "the address")[:200]
    is_gone = is_about_the_address and is_no_mailbox(code, said)
    if not is_gone and letter.tries + 1 < TRIES:
        later = timezone.now() + LATER * (letter.tries + 1)
        _became(letter, State.CLAIMED, tries=letter.tries + 1, not_before=later, reply=reply)
        return
    _became(letter, State.REFUSED, tries=letter.tries + 1, reply=reply)
    if is_gone:
        suppress_address(address=letter.reader.address, because=Reader.Suppression.BOUNCE, now=timezone.now())
