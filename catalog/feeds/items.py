"""What came of the rows of a feed: one answer per item, also where the feed lists one twice?"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.reading import Availability, Reading, SourceError, Unreadable


@dataclass(frozen=True, slots=True)
class Item:
    """`turns_at`: when the same row will say something else, because a period in it begins or ends (aware, UTC)."""

    said: Reading | Unreadable
    turns_at: datetime | None = None


def as_they_come(read: Iterator[Item]) -> Generator[Reading | Unreadable, None, datetime | None]:
    """Every item as it is read; returns when the first of them turns."""
    turn: datetime | None = None
    for item in read:
        turn = _earlier(turn, item.turns_at)
        yield item.said
    return turn


def once_each(read: Iterator[Item]) -> Generator[Reading | Unreadable, None, datetime | None]:
    """The items once the feed is through: only then is it known that none of them is listed twice."""
    found: dict[str, list[Item]] = {}
    turn: datetime | None = None
    broke: SourceError | None = None
    try:
        for item in read:
            turn = _earlier(turn, item.turns_at)
            found[item.said.sku] = merged(found.get(item.said.sku, []), item)
    except SourceError as error:
        broke = error
    for items in found.values():
        yield from (item.said for item in items)
    if broke is not None:
        raise broke
    return turn


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one is not None and other is not None else one or other


def merged(earlier: Sequence[Item], item: Item) -> list[Item]:
    """The items of one SKU with one more row of it: one per condition, or one unreadable where rows contradict."""
    for place, other in enumerate(earlier):
        mine, theirs = other.said, item.said
        if isinstance(mine, Unreadable) or isinstance(theirs, Unreadable):
            return [Item(mine if isinstance(mine, Unreadable) else theirs)]
        if mine.condition is not theirs.condition:
            continue
        if (mine.amount, mine.currency) == (theirs.amount, theirs.currency):
            return [*earlier[:place], Item(_agreed(mine, theirs)), *earlier[place + 1 :]]
        both = f"{mine.amount} {mine.currency} and {theirs.amount} {theirs.currency}"
        reason = f"The feed lists this id twice, at {both}."
        return [Item(Unreadable(sku=mine.sku, reason=reason, raw=f"{mine.raw_price} | {theirs.raw_price}"))]
    return [*earlier, item]


def _agreed(mine: Reading, theirs: Reading) -> Reading:
    """One reading out of two at one price; what they contradict each other in is not known."""
    return replace(
        mine,
        availability=mine.availability if mine.availability is theirs.availability else Availability.UNKNOWN,
        shipping_amount=mine.shipping_amount if mine.shipping_amount == theirs.shipping_amount else None,
        gtin=mine.gtin if mine.gtin == theirs.gtin else "",
    )
