"""How do the prices of a merchant's offers become fresh?

One round: claim the merchant and its due offers, ask its source, store what it answered stroke by stroke, note how
the merchant is doing. A source that fails half-way keeps what came before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypedDict

from django.conf import settings
from django.utils import timezone

from catalog import sources
from catalog.http import Door, WebDoor
from catalog.models import Merchant, Offer, RefreshRun
from catalog.services import claims, merchant_health
from catalog.services.matching import Answer, Misfit, by_sku, matched
from catalog.services.readings import Tally, store_answers
from catalog.services.reasons import storable
from catalog.services.tokens import SharedTokens
from catalog.services.unanswered import store_failure, store_missing, store_unchanged
from catalog.sources.base import FeedState, Source, SourceError, Wanted

log = logging.getLogger(__name__)

# Answers stored in one transaction: large enough for a feed, small enough to lose little when a worker dies.
STROKE = 200


def door() -> Door:
    """The network as this installation may use it: private addresses only where the settings name them."""
    return WebDoor(allowed_private=frozenset(settings.PRIVATE_HOSTS_ALLOWED), user_agent=settings.FETCH_USER_AGENT)


def refresh_merchant(*, merchant_id: int, now: datetime, door: Door) -> RefreshRun | None:
    """Ask the merchant for its due offers and store the answers; None when there is nothing to do.

    Nothing to do: the merchant is gone, somebody else is asking it, or none of its offers is due. Failures of the
    merchant do not raise: they are in the run. `now` is the time of all readings (aware, UTC).
    """
    merchant = claims.claim_merchant(merchant_id=merchant_id, now=now)
    if merchant is None:
        return None
    try:
        source = sources.SOURCES[merchant.source]
        offers = claims.claim_offers(
            merchant=merchant, now=now, limit=source.batch_size, everything=_answers_for_all(source)
        )
        return _Round(merchant, source, offers, now).run(door) if offers else None
    finally:
        claims.release_merchant(merchant=merchant)


def _answers_for_all(source: Source) -> bool:
    return source.answers_for_all


class _Common(TypedDict):
    merchant: Merchant
    now: datetime
    key_of_round: str | None


class _Round:
    def __init__(self, merchant: Merchant, source: Source, offers: Sequence[Offer], now: datetime) -> None:
        self.merchant = merchant
        self.source = source
        self.offers = offers
        self.now = now
        self.tally = Tally()
        # What was not answered for yet, by id.
        self.open = {offer.pk: offer for offer in offers}
        # Offers of one feed stay in step, so that the feed is fetched once for all of them.
        self.key = f"merchant {merchant.pk}" if _answers_for_all(source) else None
        # We hold the merchant's claim: whoever still seems to be at it is dead.
        RefreshRun.objects.filter(merchant=merchant, outcome=RefreshRun.Outcome.RUNNING).update(
            outcome=RefreshRun.Outcome.FAILED, finished_at=now, error="The worker that ran this round was lost."
        )
        self.record = RefreshRun.objects.create(
            merchant=merchant, source=merchant.source, started_at=now, offers_claimed=len(offers)
        )

    def run(self, door: Door) -> RefreshRun:
        try:
            outcome = self._ask(door)
        except SourceError as error:
            self._fail(str(error), permanent=error.permanent, retry_after=error.retry_after)
            return self._finish(RefreshRun.Outcome.FAILED, str(error))
        except Exception as error:
            # A mistake of ours: the offers go on, later, and the traceback goes where mistakes are read.
            text = f"Unexpected {type(error).__name__}: {error}"
            self._fail(text, permanent=False, retry_after=None)
            self._finish(RefreshRun.Outcome.FAILED, text)
            raise
        return self._finish(outcome, self.merchant.last_error)

    def _ask(self, door: Door) -> RefreshRun.Outcome:
        answer = self.source.read(
            [Wanted(sku=o.merchant_sku, url=o.url, currency=self.merchant.currency) for o in self.offers],
            self.merchant.source_settings,
            door=door,
            now=self.now,
            state=self._feed_state(),
            tokens=SharedTokens(),
        )
        if answer.unchanged:
            self._add(
                store_unchanged(merchant=self.merchant, claimed_at=self.now, now=self.now, key_of_round=self.key or "")
            )
            self.open.clear()
            merchant_health.record_success(merchant=self.merchant, feed_state=answer.state)
            return RefreshRun.Outcome.UNCHANGED
        offers = by_sku(self.offers)
        misfits: dict[int, tuple[Offer, Answer]] = {}
        for stroke in _strokes(answer.items):
            pairs = [(offer, said) for offer, said in matched(offers, stroke) if offer.pk in self.open]
            misfits |= {offer.pk: (offer, answer) for offer, answer in pairs if isinstance(answer, Misfit)}
            self._store([pair for pair in pairs if not isinstance(pair[1], Misfit)])
        self._store([pair for pk, pair in misfits.items() if pk in self.open])
        self._add(store_missing(**self._common(), offers=list(self.open.values())))
        self.open.clear()
        if self.tally.is_mass_move:
            text = f"{self.tally.held} of {self.tally.read} prices moved implausibly at once: look at the feed."
            self._fail(text, permanent=True, retry_after=None)
            return RefreshRun.Outcome.DONE
        merchant_health.record_success(merchant=self.merchant, feed_state=answer.state)
        return RefreshRun.Outcome.DONE

    def _store(self, pairs: Sequence[tuple[Offer, Answer]]) -> None:
        self._add(store_answers(**self._common(), answers=pairs))
        for offer, _ in pairs:
            del self.open[offer.pk]

    def _common(self) -> _Common:
        return {"merchant": self.merchant, "now": self.now, "key_of_round": self.key}

    def _feed_state(self) -> FeedState:
        """What the feed said of its version; nothing when an offer needs to be read even if the feed is the same."""
        if any(offer.state in (Offer.State.NEW, Offer.State.HELD) for offer in self.offers):
            return FeedState()
        return FeedState(
            etag=self.merchant.feed_etag,
            last_modified=self.merchant.feed_last_modified,
            sha256=self.merchant.feed_sha256,
        )

    def _fail(self, error: str, *, permanent: bool, retry_after: float | None) -> None:
        retry = merchant_health.record_failure(
            merchant=self.merchant, error=error, permanent=permanent, retry_after=retry_after, now=self.now
        )
        store_failure(offers=list(self.open.values()), error=error, now=self.now, retry_at=retry.at)

    def _add(self, tally: Tally) -> None:
        self.tally.read += tally.read
        self.tally.changed += tally.changed
        self.tally.held += tally.held
        self.tally.unreadable += tally.unreadable

    def _finish(self, outcome: RefreshRun.Outcome, error: str) -> RefreshRun:
        record = self.record
        record.outcome = outcome
        record.error = storable(error)
        record.finished_at = timezone.now()
        record.offers_read = self.tally.read
        record.offers_changed = self.tally.changed
        record.offers_held = self.tally.held
        record.offers_unreadable = self.tally.unreadable
        record.save()
        log.info(
            "%s: %s; %d offers read, %d changed, %d held, %d not readable%s",
            self.merchant.name,
            record.get_outcome_display().lower(),
            record.offers_read,
            record.offers_changed,
            record.offers_held,
            record.offers_unreadable,
            f". {error}" if error else "",
        )
        return record


def _strokes(items: Iterable[Answer]) -> Iterator[list[Answer]]:
    """The items in strokes; what came before a failure is handed on before the failure is raised."""
    walker = iter(items)
    failure: SourceError | None = None
    while failure is None:
        stroke: list[Answer] = []
        try:
            # Not `extend`: that would lose what came before a failure.
            for item in islice(walker, STROKE):
                stroke.append(item)  # noqa: PERF401
        except SourceError as error:
            failure = error
        if stroke:
            yield stroke
        if failure is None and len(stroke) < STROKE:
            return
    raise failure
