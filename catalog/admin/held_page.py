"""What does an editor need to see to decide about a held price? The evidence, built before the template runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.urls import reverse

from catalog.models import Offer, Price
from catalog.models.price import UNDO, Verdict
from catalog.money import money_text

SHOWN_AT_ONCE = 20
DECISIONS_SHOWN = 10
HISTORY = timedelta(days=180)
WIDTH, HEIGHT, MARGIN = 420, 96, 10
# Told apart by shape as well as by colour; the words stand in the title of each mark and in the legend.
_SHAPES = {Verdict.ACCEPTED: "●", Verdict.HELD: "◆", Verdict.REJECTED: "✕"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    x: float
    y: float
    shape: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOffer:
    pk: int
    name: str
    merchant: str
    condition: str
    admin_url: str
    merchant_url: str
    known: str
    known_at: datetime | None
    read: str
    read_at: datetime
    raw: str
    source: str
    reason: str
    clicks_a_day: float
    marks: tuple[Mark, ...]
    first_at: datetime
    next_pk: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade:
    offer_pk: int
    name: str
    price: str
    verdict: str
    by: str
    reason: str
    seen_at: datetime
    can_be_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    held: tuple[HeldOffer, ...]
    total: int
    decisions: tuple[DecisionMade, ...]
    width: int = WIDTH
    height: int = HEIGHT


def held_page(*, now: datetime) -> HeldPage:
    """The held offers that cost most clicks first, and the latest decisions. A fixed number of queries."""
    # What is held stands there however long it has waited.
    shown = Q(seen_at__gte=now - HISTORY) | Q(verdict=Verdict.HELD)
    readings = Price.objects.filter(shown).order_by("seen_at", "id")
    waiting = Offer.objects.filter(state=Offer.State.HELD, withdrawn_at__isnull=True)
    rows = (
        waiting.select_related("product__brand", "merchant")
        .prefetch_related(Prefetch("prices", queryset=readings, to_attr="readings"))
        .order_by("-click_weight", "checked_at", "pk")[:SHOWN_AT_ONCE]
    )
    found = [_held(offer, getattr(offer, "readings")) for offer in rows]  # noqa: B009 - set by the prefetch
    held = [one for one in found if one]
    following = [one.pk for one in held[1:]]
    linked = (replace(one, next_pk=pk) for one, pk in zip_longest(held, following))
    return HeldPage(held=tuple(linked), total=waiting.count(), decisions=_decisions())


def _held(offer: Offer, readings: Sequence[Price]) -> HeldOffer | None:
    held = next((price for price in reversed(readings) if price.verdict == Verdict.HELD), None)
    if held is None:
        return None
    return HeldOffer(
        pk=offer.pk,
        name=str(offer.product),
        merchant=offer.merchant.name,
        condition=offer.get_condition_display(),
        admin_url=reverse("admin:catalog_offer_change", args=[offer.pk]),
        merchant_url=offer.url,
        known="" if offer.amount is None else money_text(offer.amount, offer.currency),
        known_at=offer.seen_at if offer.amount is not None else None,
        read=money_text(held.amount, held.currency),
        read_at=held.seen_at,
        raw=held.raw,
        source=held.source,
        reason=held.reason or offer.state_reason,
        clicks_a_day=offer.click_weight,
        marks=_marks([price for price in readings if price.source != UNDO and price.currency == held.currency]),
        first_at=readings[0].seen_at,
    )


def _marks(readings: Sequence[Price]) -> tuple[Mark, ...]:
    first, last = readings[0].seen_at, readings[-1].seen_at
    span = (last - first).total_seconds() or 1.0
    top = float(max(price.amount for price in readings)) or 1.0

    def mark(price: Price) -> Mark:
        part = (price.seen_at - first).total_seconds() / span
        verdict = Verdict(price.verdict)
        return Mark(
            x=round(MARGIN + part * (WIDTH - 2 * MARGIN), 1),
            y=round(HEIGHT - MARGIN - float(price.amount) / top * (HEIGHT - 2 * MARGIN), 1),
            shape=_SHAPES[verdict],
            kind=verdict.value,
            title=f"{money_text(price.amount, price.currency)}, {price.seen_at:%Y-%m-%d %H:%M} UTC: {verdict.label}",
        )

    return tuple(mark(price) for price in readings)


def _decisions() -> tuple[DecisionMade, ...]:
    rows = (
        Price.objects.exclude(decided_by="")
        .exclude(verdict=Verdict.HELD)
        .select_related("offer__product__brand", "offer__merchant")
        .annotate(newest=Subquery(Price.objects.filter(offer=OuterRef("offer")).values("pk")[:1]))
        .order_by("-id")[:DECISIONS_SHOWN]
    )
    return tuple(_decision(row) for row in rows)


def _decision(row: Price) -> DecisionMade:
    newest: Any = getattr(row, "newest", None)
    return DecisionMade(
        offer_pk=row.offer_id,
        name=str(row.offer),
        price=money_text(row.amount, row.currency),
        verdict="taken back" if row.source == UNDO else Verdict(row.verdict).label.lower(),
        by=row.decided_by,
        reason=row.reason,
        seen_at=row.seen_at,
        can_be_undone=row.source != UNDO and newest == row.pk,
    )
