"""Which products does a reader's question find, how many does each further choice leave, and is that still true?

The index stands in this process' memory. Before each answer one small query tells which products changed; a few are
read again at once, many by a thread, while the index goes on as it was. Whoever asks in a transaction that has
written gets an index of his own: what is not committed is nobody else's.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection
from django.utils import timezone

from catalog.facets import answer
from catalog.facets.asked import Asked, Found
from catalog.facets.index import Index
from catalog.facets.rows import Shown
from catalog.market import market
from catalog.models import Product
from catalog.page_tags import note, note_until
from catalog.product_changes import News, Position, look
from catalog.product_rows import Rows, product_rows

log = logging.getLogger(__name__)

# So many changed products are read again by the request that finds them changed, and at a time by the thread.
AT_ONCE = 200
# So many products are read while the first question waits, some seconds; more by the thread.
READ_AT_ONCE = 30_000
# A page that was made while the index was behind is kept no longer.
BEHIND = timedelta(seconds=2)
# Counts may be so late when a price ends by the clock: else there would be no keeping a page among many prices.
_LATE = timedelta(minutes=1)
# Every list that a change of an answer is told under.
TAGS = ("products", "edited", "sold", "prices", "scores", "articles", "rates")


class StillReadingError(Exception):
    """There is nothing to answer from yet: a large catalogue is being read, and nobody is kept waiting for it."""


class ProductIndex:
    """Answers from any thread. What it owes are products that changed and were not read again yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._position: Position | None = None
        self._owed: set[int] = set()
        self._owes_all = False
        self._thread: threading.Thread | None = None

    def find(self, asked: Asked, *, start: int, size: int, now: datetime) -> Found:
        with self._lock:
            news = look(self._position, now=now)
            if not news.is_writing:
                index = self._caught_up(news, now)
                index.turn(now)
                self._note(index, now)
                return answer.find(index, asked, start=start, size=size)
        return answer.find(_read_index(now), asked, start=start, size=size)

    def wait(self) -> None:
        """Until what was owed is read again."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _note(self, index: Index, now: datetime) -> None:
        if self._thread is not None:
            note_until(now + BEHIND)
        elif index.next_turn is not None:
            note_until(max(index.next_turn, now + _LATE))

    def _caught_up(self, news: News, now: datetime) -> Index:
        """(With the lock.) The index, as far behind as a reader need not wait for."""
        if self._index is None:
            if self._thread is not None or _are_many():
                note_until(now + BEHIND)
                self._read_all()
                raise StillReadingError("The products are being read into memory; that takes a minute or two.")
            self._index = _read_index(now)
            self._position = news.position
            return self._index
        self._position = news.position
        # Other rates, currencies or deliveries: prices are others.
        self._owes_all |= news.changed is None or self._index.shown != _shown()
        self._owed |= {*(news.changed or ()), *self._index.due(now)}
        if self._thread is None:  # while it lives, nobody else reads again: the older reading must not come last
            if self._owes_all or len(self._owed) > AT_ONCE:
                self._start()
            elif self._owed:
                self._put(self._owed, product_rows(self._owed))
                self._owed = set()
        return self._index

    def _read_all(self) -> None:
        self._owes_all = True
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._pay, name="product index", daemon=True)
        self._thread.start()

    def _put(self, ids: Collection[int], rows: Rows) -> None:
        assert self._index is not None
        self._index.name(rows.labels)
        for row in rows.products:
            self._index.put(row)
        for gone in set(ids) - {row.id for row in rows.products}:
            self._index.drop(gone)

    def _pay(self) -> None:
        """(In a thread.) Read again what is owed, until nothing is."""
        try:
            while self._pay_some():
                pass
        except Exception:
            # What was taken up and not read is not known any more. Without the thread's end nobody would try again.
            log.exception("Changed products were not read again; the next question has all of them read anew.")
            with self._lock:
                self._owes_all, self._thread = True, None
        finally:
            connection.close()  # this thread's own

    def _pay_some(self) -> bool:
        """False when nothing was owed any more."""
        with self._lock:
            if not self._owes_all and not self._owed:
                self._thread = None
                return False
            some = None if self._owes_all else set(islice(self._owed, AT_ONCE))
            self._owed -= some or set()
            self._owes_all = False
        now = timezone.now()
        if some is not None:
            rows = product_rows(some)
            with self._lock:
                self._put(some, rows)
            return True
        position = look(None, now=now).position
        index = _read_index(now)
        with self._lock:
            # What changed since the reading began is told once more.
            self._index, self._position, self._owed, self._owes_all = index, position, set(), False
        return True


def _are_many() -> bool:
    """Whether reading them all takes longer than a reader should wait."""
    return Product.objects.order_by()[: READ_AT_ONCE + 1].count() > READ_AT_ONCE


def _read_index(now: datetime) -> Index:
    rows = product_rows()
    return Index.of(rows.products, rows.labels, now, _shown())


def _shown() -> Shown:
    found = market()
    return Shown(found.currencies, found.conversion, found.same_reach)


_kept = ProductIndex()


def find_products(asked: Asked, *, start: int, size: int, now: datetime) -> Found:
    """The piece of `size` products from `start` on (0 is the first), with counts over all that were found.

    Raises ValueError for a facet or an order that does not exist (`catalog.facets.choices`), `StillReadingError` in the
    first minutes of a process where there are very many products. One query while nothing changes; a fixed number more
    when something did.
    """
    note(*TAGS)
    return _kept.find(asked, start=start, size=size, now=now)
