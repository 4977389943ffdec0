"""What do we hold of the items that a stroke of rows names? Asked in one statement, compared in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from catalog.models import DoubtfulMatch, Merchant
from catalog.reading import Reading

Key = tuple[str, str]  # the merchant's id and the condition: one offer

# Between the ids of one parameter: a text is handed over faster than a list of texts, and no id holds this sign.
BETWEEN = "\x1f"
_KNOWN = """
    SELECT o.id, o.merchant_sku, o.condition, o.product_id, o.withdrawn_at IS NOT NULL, o.url,
        o.amount, o.currency, o.shipping_amount, o.availability,
        o.state = 'ok' AND o.times_missing = 0 AND o.seen_at < %(read_at)s,
        o.seen_at = %(read_at)s,
        EXISTS (SELECT FROM catalog_link l WHERE l.offer_id = o.id),
        CASE WHEN o.state <> 'ok' THEN (SELECT array_agg(p.amount || ' ' || p.currency) FROM catalog_price p
            WHERE p.offer_id = o.id AND p.seen_at = %(read_at)s) END
    FROM catalog_offer o
    WHERE o.merchant_id = %(merchant)s AND o.merchant_sku = ANY (string_to_array(%(skus)s, %(between)s))
"""


@dataclass(frozen=True, slots=True)
class KnownOffer:
    """`is_good`: its price was read before this file, and nothing is in doubt about it.

    `said`: what this very file said of its price before, in an earlier stroke or an earlier run.
    """

    pk: int
    product: int
    is_withdrawn: bool
    url: str
    amount: Decimal | None
    currency: str
    shipping: Decimal | None
    availability: str
    is_good: bool
    is_linked: bool
    said: frozenset[tuple[Decimal, str]]

    def is_confirmed_by(self, reading: Reading) -> bool:
        """Does the reading say what we hold already, so that only its time is news? No judge doubts that."""
        return (
            self.is_good
            and self.amount == reading.amount
            and self.currency == reading.currency
            and self.availability == reading.availability.value
            and self.shipping == reading.shipping_amount
        )


def known_offers(merchant: Merchant, skus: list[str], read_at: datetime) -> dict[str, dict[str, KnownOffer]]:
    """By the merchant's id and the condition. `read_at`: the time of this file's readings."""
    asked: dict[str, Any] = {
        "merchant": merchant.pk,
        "skus": BETWEEN.join(skus),
        "between": BETWEEN,
        "read_at": read_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, asked)
        rows = cursor.fetchall()
    found: dict[str, dict[str, KnownOffer]] = {}
    for row in rows:
        pk, sku, condition, product, is_withdrawn, url, amount, currency, shipping, stock = row[:10]
        is_good, is_of_this_file, is_linked, readings = row[10:]
        said = {_as_said(text) for text in readings or ()}
        if is_of_this_file and amount is not None:
            said.add((amount, currency))
        found.setdefault(sku, {})[condition] = KnownOffer(
            pk,
            product,
            is_withdrawn,
            url,
            amount,
            currency,
            shipping,
            stock,
            bool(is_good),
            is_linked,
            frozenset(said) if said else _NOTHING,
        )
    return found


_NOTHING: frozenset[tuple[Decimal, str]] = frozenset()


def _as_said(text: str) -> tuple[Decimal, str]:
    amount, _, currency = text.partition(" ")
    return Decimal(amount), currency


def decided(merchant: Merchant, skus: list[str]) -> set[Key]:
    """Doubts that an editor has settled: dismissed ones stay so, matched ones are offers by now."""
    rows = DoubtfulMatch.objects.filter(merchant=merchant, merchant_sku__in=skus)
    settled = rows.exclude(decision=DoubtfulMatch.Decision.OPEN).order_by()
    return set(settled.values_list("merchant_sku", "condition"))
