"""Does a reader learn how the page is paid for before the first link that pays?

16 CFR 255.5 and the FTC's words on it: near, before, hard to miss, in plain words. A footer alone does not do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from reviews.desk.gate.document import Document, classes, words
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet, carries_offers

# The block's and the note's own marks (templates/blocks/disclosure.html, templates/partials/disclosure_note.html).
_MARKS = frozenset({"block-disclosure", "note-disclosure"})
# Prices are part of an offer: a mention of one, in a link or not, comes after the disclosure as well.
_PRICE_MARKS = frozenset({"price-mention", "offer-link"})
_PLAIN_WORDS = re.compile(r"commission|\bpaid\b|\bpays?\b|\bearns?\b|\bmoney\b", re.IGNORECASE)


def disclosure_order(sheet: Sheet) -> Iterator[Found]:
    """By the blocks alone, since shops come and go: what sells nothing today may tomorrow."""
    kinds = [block.kind for block in sheet.blocks]
    if "disclosure" not in kinds:
        return
    place = kinds.index("disclosure")
    for block in sheet.blocks[:place]:
        if carries_offers(block):
            where = f"block {sheet.blocks[place].counted}" if sheet.blocks[place].counted else "added at the top"
            yield Found(block.number, f"has affiliate links, so the disclosure ({where}) must stand before it.")


def disclosure_late(document: Document) -> Iterator[Found]:
    """In the order of the page as drawn: a link that pays, and no disclosure that can be seen before it."""
    told = min((document.order(one) for one in disclosures(document)), default=None)
    seen: set[int | None] = set()
    for element in document.elements():
        if told is not None and document.order(element) > told:
            return
        block = document.block(element)
        if block not in seen and _is_paid_place(document, element):
            seen.add(block)
            yield Found(
                block,
                f"“{words(element)[:60]}” is an affiliate link or a shop's price, and no disclosure that a reader can "
                "see stands before it. Put the disclosure above it.",
            )


def disclosure_vague(document: Document) -> Iterator[Found]:
    for element in disclosures(document):
        # What its link is called does not count: it is the words on this page that have to tell.
        if not _PLAIN_WORDS.search(words(element, without="a")):
            yield Found(
                document.block(element),
                "the disclosure does not say that we are paid. Say in plain words that shops pay a commission; "
                "“affiliate links” alone is not understood.",
            )


def disclosures(document: Document) -> list[HtmlElement]:
    """Those that count: words in sight, in the page itself and not in its footer."""
    return [
        element
        for element in document.in_main()
        if _MARKS & set(classes(element))
        and words(element)
        and document.is_seen(element)
        and not any(above.tag == "footer" for above in element.iterancestors())
    ]


def _is_paid_place(document: Document, element: HtmlElement) -> bool:
    if element.tag == "a" and document.is_paid(element):
        return True
    return bool(_PRICE_MARKS & set(classes(element)))
