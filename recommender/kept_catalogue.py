"""Which products could be recommended, without reading them all for each answer? They stand in this process' memory.

Before each answer one small query tells which products changed (`catalog.product_changes`); those, and those whose
price began or ceased to hold by the clock, are read again. Offers that are shown are read anew for each answer: what a
card says is never older than the request. Whoever asks in a transaction that has written gets a catalogue of his own:
what is not committed is nobody else's.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from catalog.kinds import Kind
from catalog.page_tags import note, note_until
from catalog.product_changes import Position, look
from catalog.selectors import shown_offers
from catalog.shown_offer import ShownOffer
from catalog.terms import Use
from recommender.facts import CandidateFacts
from recommender.ranking import Catalogue
from recommender.selectors import Candidates, candidates

TAGS = ("products", "edited", "sold", "prices", "scores")


class _Kept:
    """The products for one use of their prices. Catalogues that were handed out never change."""

    def __init__(self, use: Use) -> None:
        self._use = use
        self._lock = threading.Lock()
        self._position: Position | None = None
        self._at: datetime | None = None
        self._facts: dict[int, CandidateFacts] = {}
        self._turns: dict[int, datetime] = {}
        self._next: datetime | None = None
        self._catalogues: dict[tuple[str, ...], Catalogue] = {}

    def catalogue(self, kinds: tuple[str, ...], *, now: datetime) -> Catalogue:
        with self._lock:
            news = look(self._position, now=now)
            if not news.is_writing:
                owed: Collection[int] | None = None
                # time that ran backwards makes prices hold again that had ceased to: all are read anew
                if news.changed is not None and self._at is not None and self._at <= now:
                    owed = {*news.changed, *self._due(now)}
                if owed is None or owed:
                    self._read(owed, now)
                self._position, self._at = news.position, now
                note_until(self._next)
                if kinds not in self._catalogues:
                    self._catalogues[kinds] = Catalogue(one for one in self._facts.values() if one.kind in kinds)
                return self._catalogues[kinds]
        return Catalogue(candidates(now=now, kinds=kinds, use=self._use).facts)

    def _due(self, now: datetime) -> list[int]:
        if self._next is None or self._next > now:
            return []
        return [product_id for product_id, moment in self._turns.items() if moment <= now]

    def _read(self, ids: Collection[int] | None, now: datetime) -> None:
        found = candidates(now=now, use=self._use, ids=ids)
        if ids is None:
            self._facts, self._turns = {}, {}
        for gone in ids or ():
            self._facts.pop(gone, None)
            self._turns.pop(gone, None)
        self._facts |= {one.id: one for one in found.facts}
        self._turns |= _turns(found, now)
        self._next = min(self._turns.values(), default=None)
        self._catalogues = {}


def _turns(found: Candidates, now: datetime) -> Mapping[int, datetime]:
    """When the first price of each product begins or ceases to hold."""
    moments: dict[int, datetime] = {}
    for product_id, offers in found.offers.items():
        for offer in offers:
            if offer.price is None:
                continue
            for moment in (offer.price.seen_at, offer.price.expires_at):
                if moment > now:
                    moments[product_id] = min(moment, moments.get(product_id, moment))
    return moments


_kept: dict[Use, _Kept] = {}
_making = threading.Lock()


def kept_catalogue(*, now: datetime, kinds: Iterable[str] = (), use: Use = Use.PAGE) -> Catalogue:
    """The current products of these kinds (none named: of either) as they are at `now`, with prices for `use`.

    One query while nothing changes; a fixed number more when something did.
    """
    note(*TAGS)
    wanted = tuple(sorted({Kind(kind).value for kind in kinds} or {kind.value for kind in Kind}))
    if use not in _kept:
        with _making:
            _kept.setdefault(use, _Kept(use))
    return _kept[use].catalogue(wanted, now=now)


def offers_of(
    products: Sequence[CandidateFacts], *, now: datetime, use: Use = Use.PAGE, currency: str = ""
) -> Mapping[int, tuple[ShownOffer, ...]]:
    """What may be shown of the offers of these few products, best first. Two queries."""
    return shown_offers([product.id for product in products], now=now, use=use, currency=currency) if products else {}
