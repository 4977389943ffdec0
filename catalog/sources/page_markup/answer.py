"""What does a whole page say: the one price that its vocabularies agree on, or why there is none?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog import product_codes
from catalog.reading import Availability, Condition, Reading, Unreadable
from catalog.sources.base import Wanted
from catalog.sources.page_markup.document import Document, read_document
from catalog.sources.page_markup.nodes import Node, chosen, products, text_of, value_of
from catalog.sources.page_markup.offers import offered
from catalog.sources.page_markup.prices import NoPriceError, Price
from catalog.sources.page_markup.seen import (
    refuse_other_page,
    refuse_second_hand,
    refuse_what_is_seen,
    why_nothing,
)
from catalog.sources.page_markup.tags import tagged

AGREES_WITHIN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Said:
    """What one vocabulary of the page says."""

    source: str
    price: Price
    availability: Availability
    condition: Condition
    node: Node
    list_price: Decimal | None = None


def answer_of(
    body: bytes, content_type: str, *, url: str, wanted: Wanted, otherwise: str | None, now: datetime
) -> Reading | Unreadable:
    """`otherwise`: the currency of prices that are written without one."""
    document = read_document(body, content_type, url=url)
    if document is None:
        return Unreadable(sku=wanted.sku, reason="The page is empty.")
    try:
        refuse_other_page(document)
        voices = _voices(document, wanted, otherwise, now)
        said = _agreed(voices)
        refuse_second_hand(document, text_of(value_of(said.node, "name")), said.condition)
        refuse_what_is_seen(document, said.price, said.source)
    except NoPriceError as error:
        return Unreadable(sku=wanted.sku, reason=str(error), raw="")
    return _reading(said, voices, document, wanted, now)


def _voices(document: Document, wanted: Wanted, otherwise: str | None, now: datetime) -> list[Said]:
    """What the vocabularies say, the most trusted first. One that is there but refuses ends the search: what comes
    after it is less reliable still (list prices, prices without tax)."""
    voices: list[Said] = []
    for source in ("JSON-LD", "microdata", "RDFa", "Open Graph"):
        try:
            voices.append(_voice(source, document, wanted, otherwise, now))
        except NoPriceError as error:
            if not error.is_absent and not voices:
                raise NoPriceError(f"{source}: {error}") from error
    if not voices:
        raise NoPriceError(why_nothing(document))
    return voices


def _voice(source: str, document: Document, wanted: Wanted, otherwise: str | None, now: datetime) -> Said:
    if source == "Open Graph":
        tags = tagged(document.meta, otherwise=otherwise, now=now)
        return Said(source, tags.price, tags.availability, tags.condition, {}, tags.list_price)
    written: Mapping[str, Sequence[Any]] = {
        "JSON-LD": document.json_ld,
        "microdata": document.microdata,
        "RDFa": document.rdfa,
    }
    candidates = products(written[source])
    selling = [node for node in candidates if value_of(node, "offers", "hasVariant") is not None] or candidates
    nodes = chosen(selling, sku=wanted.sku, url=document.url, headlines=document.headlines, subjects=document.subjects)
    if not nodes:
        if len(selling) == 1:
            other = text_of(value_of(selling[0], "name"))[:60]
            raise NoPriceError(f"The page is about something else than its only described product (“{other}”).")
        if selling:
            raise NoPriceError(f"The page describes {len(selling)} products, and none of them is clearly its own.")
        raise NoPriceError("It describes no product.", is_absent=True)
    found = offered(nodes, wanted=wanted, otherwise=otherwise, now=now)
    return Said(source, found.price, found.availability, found.condition, nodes[0])


def _agreed(voices: Sequence[Said]) -> Said:
    first = voices[0]
    for other in voices[1:]:
        if first.condition is Condition.NEW is not other.condition:
            raise NoPriceError(f"Its {other.source} calls it {other.condition.value}, its {first.source} does not.")
        if other.price.currency != first.price.currency:
            raise NoPriceError(_disagreement(first, other))
        if abs(other.price.amount - first.price.amount) <= first.price.amount * AGREES_WITHIN:
            continue
        if _is_reduced_from(first, other) and all(voice is other or voice.price == first.price for voice in voices):
            return other
        raise NoPriceError(_disagreement(first, other))
    return first


def _is_reduced_from(first: Said, tags: Said) -> bool:
    """Do the tags call the other price the one before a reduction? Then theirs is the one that is asked."""
    before = tags.list_price
    return before is not None and abs(before - first.price.amount) <= first.price.amount * AGREES_WITHIN


def _disagreement(first: Said, other: Said) -> str:
    return (
        f"The page's own sources disagree: {first.price.amount} {first.price.currency} ({first.source}) and "
        f"{other.price.amount} {other.price.currency} ({other.source})."
    )


def _reading(said: Said, voices: Sequence[Said], document: Document, wanted: Wanted, now: datetime) -> Reading:
    node = next((voice.node for voice in voices if voice.node), {})
    codes = ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "productID", "sku")
    return Reading(
        sku=wanted.sku,
        amount=said.price.amount,
        currency=said.price.currency,
        seen_at=now,
        availability=_availability(voices),
        condition=said.condition,
        url=document.url,
        title=(text_of(value_of(node, "name")) or next(iter(document.headlines), ""))[:300],
        brand=text_of(value_of(node, "brand", "manufacturer"))[:100],
        gtin=next((code for name in codes if (code := product_codes.gtin(text_of(value_of(node, name))))), ""),
        mpn=text_of(value_of(node, "mpn"))[:100],
        raw_price=f"{said.source}: {said.price.raw}"[:200],
    )


def _availability(voices: Sequence[Said]) -> Availability:
    """The first that is known, unless another vocabulary contradicts it: then nobody knows."""
    known = [voice.availability for voice in voices if voice.availability is not Availability.UNKNOWN]
    if not known or len({availability.can_be_ordered for availability in known}) > 1:
        return Availability.UNKNOWN
    return known[0]
