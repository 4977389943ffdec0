"""Can the item of an Awin row be ordered, as far as its six columns about stock agree?"""

from __future__ import annotations

import re

from catalog import offer_words
from catalog.feeds.amounts import Fields
from catalog.reading import Availability

_YES = frozenset({"yes", "y", "true", "t"})
_NO = frozenset({"no", "n", "false", "f"})
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]0+)?", re.ASCII)


def availability(fields: Fields) -> Availability:
    """UNKNOWN when nothing is said, or when one column says the contrary of another.

    `in_stock` is 1 or 0, in practice also the number of pieces or a word. A pre-order is a kind of sale of its own,
    whatever is in stock; a back order is one that is in stock with nobody.
    """
    if any(_said(text) is False for text in fields.get("is_for_sale", ())):
        votes = _votes(fields) - {Availability.OUT_OF_STOCK, Availability.DISCONTINUED}
        return Availability.UNKNOWN if votes else Availability.OUT_OF_STOCK
    if any(_said(text) is True for text in fields.get("pre_order", ())):
        return Availability.PRE_ORDER
    votes = _votes(fields)
    if Availability.PRE_ORDER in votes:
        return Availability.PRE_ORDER
    if len(votes) > 1 and Availability.IN_STOCK not in votes:
        votes -= {Availability.OUT_OF_STOCK}  # the more exact word: sold out for now, for good, or to be ordered
    return votes.pop() if len(votes) == 1 else Availability.UNKNOWN


def _votes(fields: Fields) -> set[Availability]:
    found = set()
    for name in ("in_stock", "stock_status", "stock_quantity"):
        for text in fields.get(name, ()):
            said = _said(text)
            word = offer_words.availability(text)
            if said is not None:
                found.add(Availability.IN_STOCK if said else Availability.OUT_OF_STOCK)
            elif word is not Availability.UNKNOWN:
                found.add(word)
    return found


def _said(text: str) -> bool | None:
    """Yes or no, as a word or as a number of pieces; None for anything else, such as a negative number."""
    plain = text.strip().casefold()
    if plain in _YES or plain in _NO:
        return plain in _YES
    if not _NUMBER.fullmatch(plain):
        return None
    pieces = int(re.split(r"[.,]", plain)[0])
    return None if pieces < 0 else pieces > 0
