"""What do a merchant's words for stock and condition mean? One vocabulary for feeds and for pages.

Pure. Google's feed words, schema.org's terms (as address or bare) and their usual misspellings; anything else is
unknown, which is never the same as "in stock" or "new".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalog.reading import Availability, Condition

_AVAILABILITY = {
    "instock": Availability.IN_STOCK,
    "available": Availability.IN_STOCK,
    "yes": Availability.IN_STOCK,
    "true": Availability.IN_STOCK,
    "auflager": Availability.IN_STOCK,
    "lagernd": Availability.IN_STOCK,
    "enstock": Availability.IN_STOCK,
    "disponible": Availability.IN_STOCK,
    "disponibile": Availability.IN_STOCK,
    "disponivel": Availability.IN_STOCK,
    "disponível": Availability.IN_STOCK,
    "opvoorraad": Availability.IN_STOCK,
    "ilager": Availability.IN_STOCK,
    "pålager": Availability.IN_STOCK,
    "skladem": Availability.IN_STOCK,
    "onlineonly": Availability.IN_STOCK,
    "limitedavailability": Availability.IN_STOCK,
    "limitedstock": Availability.IN_STOCK,
    "lowstock": Availability.IN_STOCK,
    "download": Availability.IN_STOCK,  # Prisjakt's word for digital goods
    "preorder": Availability.PRE_ORDER,
    "presale": Availability.PRE_ORDER,
    "backorder": Availability.BACK_ORDER,
    "madetoorder": Availability.BACK_ORDER,
    "outofstock": Availability.OUT_OF_STOCK,
    "oos": Availability.OUT_OF_STOCK,
    "soldout": Availability.OUT_OF_STOCK,
    "notinstock": Availability.OUT_OF_STOCK,
    "notavailable": Availability.OUT_OF_STOCK,
    "no": Availability.OUT_OF_STOCK,
    "false": Availability.OUT_OF_STOCK,
    "ausverkauft": Availability.OUT_OF_STOCK,
    "nichtauflager": Availability.OUT_OF_STOCK,
    "agotado": Availability.OUT_OF_STOCK,
    "épuisé": Availability.OUT_OF_STOCK,
    "esaurito": Availability.OUT_OF_STOCK,
    "esgotado": Availability.OUT_OF_STOCK,
    "uitverkocht": Availability.OUT_OF_STOCK,
    "slutsåld": Availability.OUT_OF_STOCK,
    "unavailable": Availability.OUT_OF_STOCK,
    "discontinued": Availability.DISCONTINUED,
    # InStoreOnly is deliberately absent: our reader cannot order it, yet it is not sold out.
}
_CONDITION = {
    "new": Condition.NEW,
    "brandnew": Condition.NEW,
    "neu": Condition.NEW,
    "neuf": Condition.NEW,
    "nuevo": Condition.NEW,
    "nuovo": Condition.NEW,
    "novo": Condition.NEW,
    "nieuw": Condition.NEW,
    "ny": Condition.NEW,
    "refurbished": Condition.REFURBISHED,
    "renewed": Condition.REFURBISHED,
    "reconditioned": Condition.REFURBISHED,
    "reconditionné": Condition.REFURBISHED,
    "generalüberholt": Condition.REFURBISHED,
    "reacondicionado": Condition.REFURBISHED,
    "ricondizionato": Condition.REFURBISHED,
    "recondicionado": Condition.REFURBISHED,
    "recertified": Condition.REFURBISHED,
    "used": Condition.USED,
    "gebraucht": Condition.USED,
    "occasion": Condition.USED,
    "usado": Condition.USED,
    "usato": Condition.USED,
    "gebruikt": Condition.USED,
    "begagnad": Condition.USED,
    "preowned": Condition.USED,
    "secondhand": Condition.USED,
    "openbox": Condition.USED,
    # What Facebook's and Google's catalogues know beside the three of Google's feeds.
    "usedlikenew": Condition.USED,
    "usedgood": Condition.USED,
    "usedfair": Condition.USED,
    "likenew": Condition.USED,
    "openboxnew": Condition.USED,
    "certifiedrefurbished": Condition.REFURBISHED,
    "damaged": Condition.USED,
}
# The best first: one of several variants that can be had makes the product one that can be had.
_BEST_FIRST = (
    Availability.IN_STOCK,
    Availability.PRE_ORDER,
    Availability.BACK_ORDER,
    Availability.UNKNOWN,
    Availability.OUT_OF_STOCK,
    Availability.DISCONTINUED,
)


def _word(text: str) -> str:
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"[\s_\-:.]+", "", last).lower()


def availability(text: str) -> Availability:
    """`https://schema.org/InStock`, `in stock`, `in_stock` … UNKNOWN for a word outside the vocabulary."""
    return _AVAILABILITY.get(_word(text), Availability.UNKNOWN)


def condition(text: str) -> Condition | None:
    """`new`, `UsedCondition`, `https://schema.org/NewCondition` …; None for a word outside the vocabulary."""
    return _CONDITION.get(_word(text).removesuffix("condition"))


def best_of(found: Iterable[Availability]) -> Availability:
    """What holds for a product whose variants or sellers differ."""
    present = set(found)
    return next((availability for availability in _BEST_FIRST if availability in present), Availability.UNKNOWN)
