"""What does the page being built depend on, and for how long is it true? Selectors say it, the page cache listens.

A tag names something that may change: `offers:12` (what product 12's offers say), `product:12`, `article:3`,
`author:5`, `picture:7`, `reviews:12` (which articles show product 12), `scores:12` (what it got by the method),
`method`, `rates` (of currencies), or a list: `articles`, `products`, `kind:headset`, `type:gaming`, `prices`, `sold`,
`edited`. What makes a tag change is written in the database's triggers (`catalog/migrations/0005`, `0029`,
`reviews/migrations/0004`, `0008`, `0015`).
Where nobody listens, noting costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, TypeVar

# A page may be given as it was for so long after one of these changed, while it is made anew: they move an order and
# nothing else. What a page says of a price, a merchant's terms, a product, an article or an author it notes by a tag
# of its own (`offers:12`), and that ends it at once; so does the end of a price's licence (`note_until`).
MAY_LAG = frozenset({"prices", "sold"})
LAG_SECONDS = 10


@dataclass(slots=True)
class Notes:
    """What was noted while one page was built. `until` is aware; None: nothing on the page ends by itself."""

    now: datetime
    tags: set[str] = field(default_factory=set)
    until: datetime | None = None


View = TypeVar("View", bound=Callable[..., Any])

_listening: ContextVar[Notes | None] = ContextVar("page_tags", default=None)


@contextmanager
def listening(now: datetime) -> Iterator[Notes]:
    """Collect what is noted inside the block."""
    notes = Notes(now)
    token = _listening.set(notes)
    try:
        yield notes
    finally:
        _listening.reset(token)


def note(*tags: str) -> None:
    """The page being built says something of these: when they change, it goes."""
    notes = _listening.get()
    if notes is not None:
        notes.tags.update(tags)


def note_until(moment: datetime | None) -> None:
    """What the page says is true until then: a price's licence ends, for example. What is over already says nothing."""
    notes = _listening.get()
    if notes is None or moment is None or moment <= notes.now:
        return
    notes.until = moment if notes.until is None else min(notes.until, moment)


@dataclass(frozen=True, slots=True)
class Kept:
    """`reads`: the query parameters that the answer depends on. Where `names_strangers`, others are named on it.

    `for_shoppers`: it also depends on the reader's country and currency (`catalog/shopper.py`), on nothing else of him.
    """

    reads: frozenset[str]
    names_strangers: bool
    for_shoppers: bool = False


def kept(*reads: str, names_strangers: bool = False, for_shoppers: bool = False) -> Callable[[View], View]:
    """Mark a view whose answer follows from the path and these query parameters alone, whoever asks.

    Or, `for_shoppers`, from these and one of the few countries and currencies that readers are told apart by.

    Such an answer may be kept and given to the next one who asks (`config/page_cache.py`).
    """

    def mark(view: View) -> View:
        view.kept = Kept(frozenset(reads), names_strangers, for_shoppers)  # type: ignore[attr-defined]
        return view

    return mark


# A header of more keys is cut off by one proxy or the other. Then tags are put into so many buckets.
MOST_KEYS = 300
_BUCKETS = 512


def surrogate_keys(tags: Collection[str]) -> list[str]:
    """The keys by which a CDN may be told to let a page go: its tags, or where they are too many their buckets."""
    return sorted(tags if len(tags) <= MOST_KEYS else {bucket(tag) for tag in tags})


def bucket(tag: str) -> str:
    """Who purges a tag purges its bucket too, and with it a few pages more than need be."""
    return f"~{int.from_bytes(blake2b(tag.encode(), digest_size=4).digest()) % _BUCKETS}"
