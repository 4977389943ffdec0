"""What does a page show its visitors that contradicts what its markup says?"""

from __future__ import annotations

import re
from decimal import Decimal

from catalog.money.currencies import SIGNS
from catalog.prices.text import PriceTextError, read_price
from catalog.reading import Condition
from catalog.sources.page_markup.document import Document
from catalog.sources.page_markup.prices import TAX_COMES_LATER, NoPriceError, Price

_AUCTION = re.compile(
    r"\b(?:current|starting|opening|next|minimum|winning|highest|your max(?:imum)?) bid\b|\bplace (?:a |your )?bid\b"
    r"|\bbid now\b|\blot (?:ends|closes)\b|\baktuelles gebot\b|\boffre actuelle\b|\bpuja actual\b|\bofferta attuale\b",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"\b(?:page|product|item|site|seite|produkt|artikel|produit|página|pagina|sidan)\b.{0,30}"
    r"\b(?:not (?:be )?found|no longer|doesn.t exist|nicht gefunden|nicht mehr|introuvable|non trouvée?"
    r"|no encontrad[ao]|non trovat[ao]|niet gevonden|hittades inte|existe pas|no existe)\b"
    r"|^\W*(?:error\W*)?404\b|\b404 (?:error|not found)|\b(?:error|fehler|erreur) 404\b",
    re.IGNORECASE,
)
_WHO_ARE_YOU = re.compile(
    r"captcha|are you (?:a )?(?:robot|human)|(?:verify|confirm) (?:that )?you(?: are|.re) (?:a )?human|not a robot"
    r"|just a moment|access (?:to this page has been )?denied|unusual traffic|pardon our interruption"
    r"|attention required|checking your browser|enter the characters you see|automated access",
    re.IGNORECASE,
)
_SECOND_HAND = re.compile(
    r"\b(?:refurbished|renewed|reconditioned|recertified|remanufactured|pre-?owned|second[- ]?hand|open[- ]box|b-?stock"
    r"|b-?ware|(?:general)?überholt|gebraucht|reconditionné|occasion|reacondicionado|segunda mano|ricondizionato"
    r"|recondicionado|gebruikt|begagnad|renoverad|ex-?demo|ex-?display|vorführer|ausstellungsstück)\b"
    r"|[(\[]\s*used\s*[)\]]|^used\s",
    re.IGNORECASE,
)
# Words before a former price that is not struck out. "Regular price" is not among them: for many it is the price.
_FORMER = re.compile(
    r"\b(?:was|rrp|msrp|uvp|statt|list price|old price|instead of|au lieu de|prix conseillé|antes|anziché|invece di|van"
    r"|adviesprijs)\b[:.]?((?: ?[^\s\d]{1,4})? ?\d[\d.,'’ ]{0,12}(?: ?[^\s\d]{1,4})?)",
    re.IGNORECASE,
)
_UNTAXED = re.compile(
    r"\b(?:ex|excl|exc|excluding|without|netto|zzgl|exkl|ohne|hors|sans|sin|senza|sem)\b\.? ?"
    r"(?:of )?(?:vat|tax|mwst|ust|tva|taxes?|btw|iva|moms|gst)\b|\bht\b",
    re.IGNORECASE,
)
# The rates of value added tax in the countries of our merchants, in per cent.
_TAX_RATES = (
    *(Decimal(rate) for rate in range(5, 28)),
    *(Decimal(tenths) / 10 for tenths in (55, 81, 95, 255)),
)
_MOST_WORDS = 400_000
_MOST_AMOUNTS = 400


def refuse_other_page(document: Document) -> None:
    """Shops answer 200 for what is gone, and show something else that is for sale."""
    for line in document.own_headlines:
        if _NOT_THERE.search(line):
            raise NoPriceError(f"The page says that it is not there (“{line[:80]}”).")


def asks_who_we_are(document: Document) -> bool:
    """Does the page ask whether we are a robot, or refuse to let us in? Only of pages that describe no product."""
    return _WHO_ARE_YOU.search(" ".join([*document.headlines, document.words[:3000]])) is not None


def why_nothing(document: Document) -> str:
    """Why a page without a price may have none."""
    if asks_who_we_are(document):
        return "The page asks whether we are a robot, or does not let us in."
    return "The page has no structured price."


def refuse_what_is_seen(document: Document, price: Price, source: str) -> None:
    """Raises `NoPriceError` for an auction, for a price that is struck out, and for one in cents or without its tax."""
    if _AUCTION.search(document.words):
        raise NoPriceError("The page is an auction.")
    for text in document.struck_texts:
        try:
            former = read_price(text, currency=price.currency).amount
        except PriceTextError:
            continue
        if former == price.amount:
            raise NoPriceError(f"The page shows the price in its {source} ({price.raw}) as a former one.")
    words = document.words[:_MOST_WORDS]
    shown = _amounts(words, price.currency)
    told = _amounts(" ".join(_FORMER.findall(words)), price.currency)
    if price.amount in told and any(amount < price.amount for amount in shown):
        raise NoPriceError(f"The page shows the price in its {source} ({price.raw}) as a former one.")
    _refuse_factor(shown, price, source, names_untaxed=bool(_UNTAXED.search(words)))


def _refuse_factor(shown: set[Decimal], price: Price, source: str, *, names_untaxed: bool) -> None:
    """A price that is nowhere to be seen, while a hundredth of it is, or it with the tax: cents, or a price for firms.

    That it is nowhere to be seen proves nothing by itself: many pages draw their price by script.
    """
    if not shown or (price.amount in shown and not names_untaxed):
        return
    if price.amount not in shown and price.amount / 100 in shown:
        raise NoPriceError(f"The price in its {source} ({price.raw}) is a hundred times the one the page shows.")
    if price.currency in TAX_COMES_LATER:
        return
    cent = Decimal("0.01")
    for rate in _TAX_RATES:
        taxed = price.amount * (1 + rate / 100)
        if any(abs(amount - taxed) <= cent for amount in shown):
            raise NoPriceError(f"The price in its {source} ({price.raw}) seems to leave out the tax ({rate} %).")


def refuse_second_hand(document: Document, name: str, condition: Condition) -> None:
    """A used price must never be stored as that of a new thing: many shops say it in the name alone."""
    if condition is not Condition.NEW:
        return
    for line in [name, *document.headlines[:3]]:
        if (found := _SECOND_HAND.search(line)) is not None:
            raise NoPriceError(f"Its name says that it is not new (“{found[0].strip()}”), its markup does not.")


def _amounts(words: str, currency: str) -> set[Decimal]:
    """Every amount beside the currency's sign or code in these words."""
    signs = [currency, *(sign for sign, meant in SIGNS.items() if currency in meant and len(sign) < 4 and sign != "r")]
    one = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))
    number = r"\d{1,9}(?:[.,'’ ]\d{2,3}){0,3}"
    pattern = re.compile(rf"(?<!\w)(?:{one}) ?{number}(?!\d)|(?<![\d.,]){number} ?(?:{one})(?!\w)", re.IGNORECASE)
    found = set()
    for text in list(dict.fromkeys(pattern.findall(words)))[:_MOST_AMOUNTS]:
        try:
            found.add(read_price(text, currency=currency).amount)
        except PriceTextError:
            continue
    return found
