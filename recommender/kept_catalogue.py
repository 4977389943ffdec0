"""Which products could be recommended, without reading them all for each answer? They stand in this process' memory.

Before each answer one small query tells which products changed (`catalog.product_changes`); those, and those whose
price began or ceased to hold by the clock, are read again. Offers that are shown are read anew for each answer: what a
card says is never older than the request. Whoever asks in a transaction that has written gets a catalogue of his own:
what is not committed is nobody else's.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from catalog.kept_query import asked_together
from catalog.kinds import Kind
from catalog.money.conversion import Conversion
from catalog.page_tags import note, note_until
from catalog.product_changes import Position, look
from catalog.selectors import product_questions, shown_offers
from catalog.shopper import shopper
from catalog.shown_offer import ShownOffer
from catalog.terms import Use
from recommender.facts import CandidateFacts
from recommender.ranking import Catalogue
from recommender.reach import for_reader
from recommender.selectors import Candidates, candidates

TAGS = ("products", "edited", "sold", "prices", "scores", "articles", "rates")


class _Kept:
    """The products as one market sees them in one place. Catalogues that were handed out never change."""

    def __init__(self, use: Use) -> None:
        self._use = use
        self._rates: Conversion | None = None
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
                is_same = self._rates == shopper().conversion and self._at is not None and self._at <= now
                if news.changed is not None and is_same:
                    owed = {*news.changed, *self._due(now)}
                if owed is None or owed:
                    self._read(owed, now)
                self._position, self._at, self._rates = news.position, now, shopper().conversion
                note_until(self._next)
                if kinds not in self._catalogues:
                    self._catalogues[kinds] = Catalogue(one for one in self._facts.values() if one.kind in kinds)
                return self._catalogues[kinds]
        found = candidates(now=now, kinds=kinds, use=self._use)
        return Catalogue(for_reader(found.facts, found.offers))

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
        self._facts |= {one.id: one for one in for_reader(found.facts, found.offers)}
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
            until = offer.price.converted.until if offer.price.converted else None
            for moment in (offer.price.seen_at, offer.price.expires_at, until):
                if moment is not None and moment > now:
                    moments[product_id] = min(moment, moments.get(product_id, moment))
    return moments


# By use, country and currency, the one asked last at the end. Readers come from few markets at a time.
_kept: OrderedDict[tuple[Use, str], _Kept] = OrderedDict()
_making = threading.Lock()
MOST_MARKETS = 4


def kept_catalogue(*, now: datetime, kinds: Iterable[str] = (), use: Use = Use.PAGE) -> Catalogue:
    """The current products of these kinds (none named: of either) as they are at `now`, with prices for `use`, as the
    reader sees them for whom the page is built (`catalog.shopper`).

    One query while nothing changes; a fixed number more when something did.
    """
    note(*TAGS)
    wanted = tuple(sorted({Kind(kind).value for kind in kinds} or {kind.value for kind in Kind}))
    key = (use, shopper().key)
    with _making:
        kept = _kept.setdefault(key, _Kept(use))
        _kept.move_to_end(key)
        while len(_kept) > MOST_MARKETS:
            _kept.popitem(last=False)
    return kept.catalogue(wanted, now=now)


def offers_of(
    products: Sequence[CandidateFacts], *, now: datetime, use: Use = Use.PAGE, currency: str = ""
) -> Mapping[int, tuple[ShownOffer, ...]]:
    """What may be shown of the offers of these few products, best first. One query."""
    ids = [product.id for product in products]
    _of_the_products, *of_their_offers = product_questions(ids)
    with asked_together(*of_their_offers):
        return shown_offers(ids, now=now, use=use, currency=currency)
