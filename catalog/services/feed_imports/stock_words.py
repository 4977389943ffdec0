"""Is it in stock? In the words, yes-or-no and numbers of pieces of shops' own files, in several languages."""

from __future__ import annotations

from catalog import offer_words
from catalog.reading import Availability


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _set("yes y true ja j oui o si sì sí sim tak ano kyllä igen vorrätig lieferbar verfügbar")
_NO = _set("no n false nein non não nao nie ne ei nem nee ausverkauft agotado épuisé epuise esaurito slutsåld")
_WORDS = {
    "auf lager": Availability.IN_STOCK,
    "sofort lieferbar": Availability.IN_STOCK,
    "en stock": Availability.IN_STOCK,
    "disponible": Availability.IN_STOCK,
    "disponibile": Availability.IN_STOCK,
    "op voorraad": Availability.IN_STOCK,
    "i lager": Availability.IN_STOCK,
    "på lager": Availability.IN_STOCK,
    "nicht auf lager": Availability.OUT_OF_STOCK,
    "nicht lieferbar": Availability.OUT_OF_STOCK,
    "rupture de stock": Availability.OUT_OF_STOCK,
    "en rupture": Availability.OUT_OF_STOCK,
    "sin stock": Availability.OUT_OF_STOCK,
    "non disponibile": Availability.OUT_OF_STOCK,
    "niet op voorraad": Availability.OUT_OF_STOCK,
    "vorbestellbar": Availability.PRE_ORDER,
    "précommande": Availability.PRE_ORDER,
}


def stock(text: str) -> Availability:
    """Words of feeds and shops, yes or no, or a number of pieces. What is not understood is unknown."""
    known = offer_words.availability(text)
    plain = " ".join(text.casefold().split())
    if known is not Availability.UNKNOWN or not plain:
        return known
    if plain.replace(".", "", 1).isdigit() and plain.isascii():
        return Availability.IN_STOCK if float(plain) > 0 else Availability.OUT_OF_STOCK
    if plain in _YES:
        return Availability.IN_STOCK
    return Availability.OUT_OF_STOCK if plain in _NO else _WORDS.get(plain, Availability.UNKNOWN)
