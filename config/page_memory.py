"""Which pages does this process have ready to send, and does it know that they are still true?

It hears of every change over one connection, in order, and lets exactly the pages go that carry a changed tag. It is
believed as long as that connection was heard of within `TRUST_SECONDS`; when it is lost, all pages are forgotten.
"""

from __future__ import annotations

import gzip
import logging
import math
import os
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import brotli
from redis.exceptions import RedisError

from catalog.page_store import PageStore, page_store
from config.kept_page import KeptPage, limited_age, longest_age
from recommender.steps import HEADER

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]

# Redis is asked so often whether it is there; without its word the memory is believed no longer than the second.
ASK_SECONDS, TRUST_SECONDS = 0.25, 1.0
RETRY_SECONDS = 0.5
MOST_PAGES = 20_000
# Of one process, so that one huge page does not drive out all others.
LARGEST_PART = 8
# Changes are remembered for pages that are on their way into the memory, which takes milliseconds.
_MOST_HEARD = 20_000
# Shorter ones do not get smaller; Django's middleware has the same limit.
_LEAST_PACKED = 200
# Written anew for each encoding, or for each answer.
_OF_ONE_ANSWER = {"content-length", "content-encoding", "etag", "cache-control", "cache-status", "date"}
_OF_A_BODY = ("content-type", "content-language")


class Answer(NamedTuple):
    """The first header is `Cache-Control`."""

    headers: Headers
    body: bytes


@dataclass(slots=True, eq=False)
class ReadyPage:
    """Answers by encoding (`br`, `gzip`, empty for none). `ends` is by the monotonic clock, `until` by the calendar's:
    when a price's licence is over (seconds since 1970, infinite where nothing ends)."""

    path: str
    tags: frozenset[str]
    etag: str
    is_html: bool
    control: str
    longest: float
    until: float
    ends: float
    answers: dict[str, Answer]
    unchanged: dict[str, Headers]
    size: int
    # Which step through the questions it is (`recommender/steps.py`); empty for other pages.
    steps: str = ""
    is_used: bool = False

    def is_over(self) -> bool:
        return time.monotonic() >= self.ends or (self.until != math.inf and time.time() >= self.until)

    def dated(self, headers: Headers) -> Headers:
        """A list for one answer, which a server may add to. Nothing on it may be kept past the end of a licence."""
        if self.until == math.inf or (left := self.until - time.time()) >= self.longest:
            return headers.copy()
        return [("Cache-Control", limited_age(self.control, left)), *headers[1:]]


def ready_page(page: KeptPage, *, path: str, tags: frozenset[str], sent: Headers, seconds: float) -> ReadyPage:
    """The page as it leaves Django's stack (`sent` are its headers there), in every encoding. Takes milliseconds."""
    own = dict(page.headers)
    etag, control = own["ETag"], own["Cache-Control"]
    common = [(name, value) for name, value in sent if name.lower() not in _OF_ONE_ANSWER]
    common.append(("Cache-Status", "earmark; hit; detail=memory"))
    bodies = {"": page.body}
    if len(page.body) >= _LEAST_PACKED:
        bodies |= {"gzip": gzip.compress(page.body, 6, mtime=0), "br": brotli.compress(page.body, quality=5)}
    answers, unchanged = {}, {}
    for encoding, body in bodies.items():
        if len(body) > len(page.body):
            continue
        first = [("Cache-Control", control), ("ETag", f"W/{etag}" if encoding else etag), *common]
        packed = [("Content-Encoding", encoding)] if encoding else []
        answers[encoding] = Answer([*first, ("Content-Length", str(len(body))), *packed], body)
        unchanged[encoding] = [(name, value) for name, value in first if name.lower() not in _OF_A_BODY]
    until = page.until.timestamp() if page.until else math.inf
    return ReadyPage(
        path=path,
        tags=tags,
        etag=etag,
        is_html=own.get("Content-Type", "").startswith("text/html"),
        control=control,
        longest=longest_age(control),
        until=until,
        # By both clocks: one of them may be set back.
        ends=time.monotonic() + min(seconds, until - time.time()),
        answers=answers,
        unchanged=unchanged,
        size=sum(len(body) for body in bodies.values()) + 2000,
        steps=own.get(HEADER, ""),
    )


class PageMemory:
    """Safe for threads; a forked child begins with nothing."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._pages: dict[str, ReadyPage] = {}  # the least lately used first
        self._by_tag: dict[str, set[str]] = {}
        self._bytes = 0
        self._trusted_until = 0.0
        # Every change heard has a number; what was begun at an earlier one than the floor came too late.
        self._number = self._floor = 1
        self._heard: dict[str, int] = {}
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._store: PageStore | None = None

    def find(self, key: str) -> ReadyPage | None:
        """The page under this key when it is certainly true."""
        page = self._pages.get(key)
        if page is None or time.monotonic() >= self._trusted_until or page.is_over():
            return None
        page.is_used = True
        return page

    def mark(self) -> int:
        """To be taken before a page is asked for that `keep` is to be given."""
        if self._thread is None:
            self.watch()
        return self._number if time.monotonic() < self._trusted_until else 0

    def keep(self, key: str, page: ReadyPage, mark: int) -> bool:
        """Have it ready; False when something it shows changed after the mark, or that cannot be known."""
        if page.size > self._most_bytes // LARGEST_PART:
            return False
        with self._lock:
            if mark < self._floor or any(self._heard.get(tag, 0) > mark for tag in page.tags):
                return False
            self._remove(key)
            self._pages[key] = page
            self._bytes += page.size
            for tag in page.tags:
                self._by_tag.setdefault(tag, set()).add(key)
            self._make_room()
        return True

    def drop(self, tags: Collection[str]) -> None:
        """These have changed."""
        with self._lock:
            self._number += 1
            if len(self._heard) + len(tags) > _MOST_HEARD:
                self._heard.clear()
                self._floor = self._number
            for tag in tags:
                self._heard[tag] = self._number
                for key in tuple(self._by_tag.get(tag, ())):
                    self._remove(key)

    def forget(self) -> None:
        """Something may have changed that was not heard of."""
        with self._lock:
            self._trusted_until = 0.0
            self._number += 1
            self._floor = self._number
            self._pages.clear()
            self._by_tag.clear()
            self._heard.clear()
            self._bytes = 0

    def watch(self) -> None:
        """Begin to listen, in a thread of its own."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="page changes", daemon=True)
                self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self.forget()

    def _make_room(self) -> None:
        """Pages that were asked for since the last time stay, those that were not go."""
        while self._bytes > self._most_bytes or len(self._pages) > MOST_PAGES:
            key, page = next(iter(self._pages.items()))
            if page.is_used and not page.is_over():
                page.is_used = False
                self._pages[key] = self._pages.pop(key)
            else:
                self._remove(key)

    def _remove(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is None:
            return
        self._bytes -= page.size
        for tag in page.tags:
            keys = self._by_tag[tag]
            keys.discard(key)
            if not keys:
                del self._by_tag[tag]

    def _follow(self) -> None:
        is_away = False
        while not self._stop.is_set():
            try:
                self._listen()
            except (RedisError, OSError) as error:
                if not is_away:
                    log.warning("Pages are asked of Redis or made anew: its changes cannot be heard (%s).", error)
                is_away = not self._trusted_until
            finally:
                self.forget()
            self._stop.wait(RETRY_SECONDS)

    def _listen(self) -> None:
        store = page_store()
        if store is not self._store:
            store.tell(self.drop)
            self._store = store
        hearing = store.hear()
        try:
            self.forget()
            for tags, heard_until in hearing.changes(ASK_SECONDS, TRUST_SECONDS):
                if self._stop.is_set():
                    return
                if tags:
                    self.drop(tags)
                else:
                    self._trusted_until = heard_until + TRUST_SECONDS
        finally:
            hearing.close()
