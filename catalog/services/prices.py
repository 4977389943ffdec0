"""How do the prices of a merchant's offers become fresh?

One round: claim the merchant and its due offers, ask its source, store what it answered stroke by stroke, note how
the merchant is doing. A source that fails half-way keeps what came before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.utils import timezone
from redis.exceptions import RedisError

from catalog import sources
from catalog.http import Door, WebDoor
from catalog.models import Merchant, Offer, RefreshRun
from catalog.services import claims, merchant_health, pace
from catalog.services.asking import Said, parts_of, strokes, strokes_of_parts
from catalog.services.matching import Misfit, by_sku, matched
from catalog.services.readings import Answer, Tally, store_answers
from catalog.services.reasons import storable
from catalog.services.source_settings import source_settings
from catalog.services.tokens import SharedTokens
from catalog.services.unanswered import store_failure, store_missing, store_unchanged
from catalog.sources.base import Answer as SourceAnswer
from catalog.sources.base import FeedState, Source, SourceError, Wanted

log = logging.getLogger(__name__)


def door() -> WebDoor:
    """The network as this installation may use it: private addresses only where the settings name them."""
    return WebDoor(allowed_private=frozenset(settings.PRIVATE_HOSTS_ALLOWED), user_agent=settings.FETCH_USER_AGENT)


def refresh_merchant(*, merchant_id: int, now: datetime, door: Door) -> RefreshRun | None:
    """Ask the merchant for its due offers and store the answers; None when there is nothing to do.

    Nothing to do: the merchant is gone, its terms allow no prices, its host wants to be left alone, somebody else is
    asking it, or none of its offers is due. Failures of the merchant do not raise: they are in the run. `now` is the
    time of all readings (aware, UTC).
    """
    merchant = claims.claim_merchant(merchant_id=merchant_id, now=now)
    if merchant is None:
        return None
    try:
        if not merchant.terms.prices_allowed or not _may_be_asked(merchant):
            return None
        source = sources.SOURCES[merchant.source]
        offers = claims.claim_offers(
            merchant=merchant, now=now, limit=source.batch_size, everything=source.answers_for_all
        )
        return _Round(merchant, source, offers, now).run(door) if offers else None
    finally:
        claims.release_merchant(merchant=merchant)


def more_is_due(*, run: RefreshRun, now: datetime) -> bool:
    """Did the round end well with other offers of its merchant still waiting? Then the next can follow at once."""
    source = sources.SOURCES.get(run.source)
    if source is None or source.answers_for_all or run.outcome != RefreshRun.Outcome.DONE or run.error:
        return False
    return claims.is_due(merchant_id=run.merchant_id, now=now)


def _may_be_asked(merchant: Merchant) -> bool:
    try:
        return pace.open_at(merchant) == 0
    except RedisError:
        log.warning("%s is not asked: the shared limits are not reachable.", merchant.name)
        return False


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
        self.key = f"merchant {merchant.pk}" if source.answers_for_all else None
        # We hold the merchant's claim: whoever still seems to be at it is dead.
        RefreshRun.objects.filter(merchant=merchant, outcome=RefreshRun.Outcome.RUNNING).update(
            outcome=RefreshRun.Outcome.FAILED, finished_at=now, error="The worker that ran this round was lost."
        )
        self.record = RefreshRun.objects.create(
            merchant=merchant, source=merchant.source, started_at=now, offers_claimed=len(offers)
        )

    def run(self, door: Door) -> RefreshRun:
        with ExitStack() as stack:
            if isinstance(door, WebDoor):
                stack.enter_context(door)
            paced = pace.PacedDoor(door, self.merchant)
            try:
                outcome = self._ask(paced)
            except SourceError as error:
                if paced.closed_for is not None:
                    return self._go_on_later(paced, str(error))
                self._fail(str(error), permanent=error.permanent, retry_after=error.retry_after)
                return self._finish(RefreshRun.Outcome.FAILED, str(error), paced.requests)
            except Exception as error:
                # A mistake of ours: the offers go on, later, and the traceback goes where mistakes are read.
                text = f"Unexpected {type(error).__name__}: {error}"
                self._fail(text, permanent=False, retry_after=None)
                self._finish(RefreshRun.Outcome.FAILED, text, paced.requests)
                raise
            return self._finish(outcome, self.merchant.last_error, paced.requests)

    def _ask(self, door: pace.PacedDoor) -> RefreshRun.Outcome:
        given = source_settings(self.merchant)
        tokens = SharedTokens()
        state = self._feed_state()

        def read(part: Sequence[Wanted]) -> SourceAnswer:
            return self.source.read(part, given, door=door, now=self.now, state=state, tokens=tokens)

        wanted = list(
            dict.fromkeys(
                Wanted(sku=offer.merchant_sku, url=offer.url, currency=self.merchant.currency) for offer in self.offers
            )
        )
        parts = parts_of(self.source, wanted)
        if len(parts) > 1:
            self._store_all(strokes_of_parts(read, parts, parallel=self.source.parallel))
            return self._answered(None)
        answer = read(wanted)
        if answer.unchanged:
            self.tally.add(
                store_unchanged(
                    merchant=self.merchant, claimed_at=self.now, now=self.now, key_of_round=self.key or "one"
                )
            )
            self.open.clear()
            merchant_health.record_success(merchant=self.merchant, feed_state=answer.state)
            return RefreshRun.Outcome.UNCHANGED
        self._store_all(strokes(answer.items))
        return self._answered(answer.state)

    def _store_all(self, said: Iterator[list[Said]]) -> None:
        offers = by_sku(self.offers)
        misfits: dict[int, tuple[Offer, Answer]] = {}
        for stroke in said:
            pairs = [(offer, answer) for offer, answer in matched(offers, stroke) if offer.pk in self.open]
            misfits |= {offer.pk: (offer, answer) for offer, answer in pairs if isinstance(answer, Misfit)}
            self._store([pair for pair in pairs if not isinstance(pair[1], Misfit)])
        self._store([pair for pk, pair in misfits.items() if pk in self.open])
        self.tally.add(store_missing(**self._common(), offers=list(self.open.values())))
        self.open.clear()

    def _answered(self, state: FeedState | None) -> RefreshRun.Outcome:
        if self.tally.is_mass_move:
            text = f"{self.tally.held} of {self.tally.read} prices moved implausibly at once: look at the feed."
            self._fail(text, permanent=True, retry_after=None)
        else:
            merchant_health.record_success(merchant=self.merchant, feed_state=state)
        return RefreshRun.Outcome.DONE

    def _store(self, pairs: Sequence[tuple[Offer, Answer]]) -> None:
        if not pairs:
            return
        self.tally.add(store_answers(**self._common(), answers=pairs))
        for offer, _ in pairs:
            del self.open[offer.pk]

    def _go_on_later(self, door: pace.PacedDoor, why: str) -> RefreshRun:
        """Our own limit is reached: nobody failed, and what was not asked for is asked for when its turn comes."""
        later = self.now + timedelta(seconds=door.closed_for or 0)
        claims.release_offers(offers=self.open.values(), next_check_at=later)
        return self._finish(RefreshRun.Outcome.DONE, why, door.requests)

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

    def _finish(self, outcome: RefreshRun.Outcome, error: str, requests: int) -> RefreshRun:
        record = self.record
        record.outcome = outcome
        record.error = storable(error)
        record.finished_at = timezone.now()
        record.requests = requests
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
