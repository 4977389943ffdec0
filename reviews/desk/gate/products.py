"""Does the article say what a reader must know of its products, and can they be bought where it promises it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.shown_offer import WithoutPrice
from reviews.blocks.base import ProductFacts
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Placed, Sheet, carries_offers

_NO_LONGER = re.compile(
    r"no longer (being )?(made|sold|produced|available)|discontinued|out of production|"
    r"(replaced|succeeded|superseded) by|no successor|(its|the) successor",
    re.IGNORECASE,
)
_PICKS = frozenset({"product_card", "quick_picks"})


def product_discontinued(sheet: Sheet) -> Iterator[Found]:
    """A block that names such a product says so, or a block before or after it does that names no other.

    The subject of a review may be said to be so anywhere on the page.
    """
    subject = sheet.page.subject
    said = {pk for block in sheet.blocks for pk in _said_in(sheet, block)}
    if subject and subject.is_discontinued and _NO_LONGER.search(sheet.document.text):
        said.add(subject.product_id)
    told: set[int] = set()
    for block in sheet.blocks:
        for facts in _discontinued(sheet, block):
            if facts.product_id not in said | told:
                told.add(facts.product_id)
                yield Found(
                    block.number,
                    f"{facts.name} is no longer made, and the article does not say so. Say it here "
                    "(“no longer made”), or show another product.",
                )
    if subject and subject.is_discontinued and subject.product_id not in said | told:
        yield Found(None, f"{subject.name} is no longer made, and its review does not say so. Say it in the text.")


def offers_missing(sheet: Sheet) -> Iterator[Found]:
    """A card or a comparison promises a way to buy."""
    for block in sheet.blocks:
        if carries_offers(block):
            for facts in _named(sheet, block):
                if not facts.offers:
                    yield Found(
                        block.number,
                        f"no shop we know sells {facts.name} at the moment: all its offers are failing, or there are "
                        "none. Look for one, or choose another product.",
                    )


def offers_stale(sheet: Sheet) -> Iterator[Found]:
    """Only where prices were read and have become too old; a programme that allows none is no fault of the article."""
    for block in sheet.blocks:
        if carries_offers(block):
            for facts in _named(sheet, block):
                reasons = {offer.without_price for offer in facts.offers}
                if facts.offers and None not in reasons and WithoutPrice.TOO_OLD in reasons:
                    yield Found(
                        block.number,
                        f"every price of {facts.name} is too old to be shown; readers see links without prices.",
                    )


def pick_twice(sheet: Sheet) -> Iterator[Found]:
    places: dict[tuple[str, int], int] = {}
    for position, block in enumerate(sheet.blocks, 1):
        if block.kind in _PICKS:
            for facts in _named(sheet, block):
                first = places.setdefault((block.kind, facts.product_id), position)
                if first != position:
                    where = sheet.blocks[first - 1].counted
                    yield Found(block.number, f"{facts.name} is picked in block {where} already. Keep one of them.")


def _named(sheet: Sheet, block: Placed) -> list[ProductFacts]:
    """The block's products, each once; two records that became one are one."""
    found = [sheet.page.facts[pk] for pk in block.products if pk in sheet.page.facts]
    return list({facts.product_id: facts for facts in found}.values())


def _discontinued(sheet: Sheet, block: Placed) -> list[ProductFacts]:
    return [facts for facts in _named(sheet, block) if facts.is_discontinued]


def _said_in(sheet: Sheet, block: Placed) -> set[int]:
    """The discontinued products of which this block says so: once for each of them."""
    gone = _discontinued(sheet, block)
    if not gone:
        return set()
    times = len(_NO_LONGER.findall(sheet.document.block_text(block.number)))
    return {facts.product_id for facts in gone} if times >= len(gone) else set()
