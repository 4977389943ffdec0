"""Which amount, in which currency, does the text of a price say? Or does it not say one price at all?

Pure. The rules are those learnt from prices that real trackers misread: a text that can be read in two ways, or that
is a range, a "from", a unit price, a list price, a price without tax or an amount of cents, is refused with the
reason. Refusing costs one look of an editor; a wrong price costs a reader's trust.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from catalog.money.currencies import SIGNS, currency_code, decimals, is_active


class PriceTextError(ValueError):
    """The text is no price that can be relied on; the message says why, for an editor."""


class StartingPriceError(PriceTextError):
    """The text names the lowest of several prices."""


@dataclass(frozen=True, slots=True)
class PriceText:
    """`amount` exactly as written. `currency` is ISO 4217, or None when neither text nor context names one."""

    amount: Decimal
    currency: str | None


_LONGEST = 200
_PLAIN = re.compile(r"(\d{1,9}(?:\.\d{1,2})?) ([A-Z]{3})", re.ASCII)
_BARE = re.compile(r"\d{1,9}(?:\.\d{1,2})?", re.ASCII)
_NUMBER = re.compile(r"[.,]?\d(?:[\d.,']|\s(?=\d))*")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e[+-]?\d{1,3}", re.ASCII | re.IGNORECASE)
_NO_CENTS = re.compile(r"(?<=\d)\s?[.,]?\s?[-–—]{1,2}(?=\s|$|[^\d\s])")
_PERCENT = re.compile(r"\(?(?:[-–−]\s*)?\d+(?:[.,]\d+)?\s*%\s*\)?")
_RANGE = re.compile(r"\d\s*[^\d\s.,]{0,4}\s*(?:[-–—]|\bto\b|\bbis\b)\s*[^\d\s.,]{0,4}\s*\d", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:^|[\s$€£¥])[-−–]\s?[^\d\s]{0,3}\s?\d")
# 5.00- is how ledgers write what is owed; 5,- is how shops write a price without cents.
_NEGATIVE_IN_BOOKS = re.compile(r"\d[.,]\d{1,2}\s?[-–−](?=\s|$)")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_STARTS_THERE = re.compile(r"\d\s?[^\d\s]{0,3}\s?~|~\s?\D?\d|\d\s?[^\d\s]{0,3}\+(?!\w)(?!\s*\w)")
_ONE_SPELLING = {
    ord(sign): one for signs, one in (("’ʼ′‘", "'"), ("٫", "."), ("٬", ","), ("\u200f\u200e", "")) for sign in signs
}
# Currencies with three decimals whose countries write 1,500.000; Tunisia and Libya write 1 500,000.
_COMMA_IS_THOUSANDS = frozenset({"BHD", "IQD", "JOD", "KWD", "OMR"})
_TOO_LARGE = Decimal(10) ** 12
_RUPEES_ONLY = re.compile(r"(?<=\d)\s?/-(?=\s|$)")
_LETTERS_BEFORE_SIGN = re.compile(r"\b(US|AU|CA|NZ|HK|NT|SG) (?=\$)")
# "129 €TTC", "Sale price$79.99": a sign glued to a word, as a page's text is once its tags are gone.
_GLUED = re.compile(r"(?<=[€£])(?=[A-Za-z]{2})|(?<=[a-z]{4})(?=[$€£]\s?\d)")
_SPLIT = re.compile(r"[\s:;*()\[\]|!\"“”]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words around an amount, in the languages of the shops we know. What is in none of these lists makes us refuse.
_LABELS = _words(
    """price prices our now only today sale special offer total cena prix preis pris prezzo precio preço preco prijs
    hinta ár цена ціна nur jetzt nu current online buy it incl incl. inkl inkl. including inc inc. inclusive vat mwst
    mwst. ust ust. ttc tva iva inclusa incluida incluso inclusief moms btw dph s gst 税込 税込み 含税 tps tax
    your brutto naša naše of"""
)
_STARTS = "is a price from which others start"
_REFUSED_WORDS = {
    _STARTS: """from à ab desde vanaf från fra od da dès starting beginning von alkaen от
        partir partire upto up as low ~ 부터""",
    "is a limit or a range": "to until bis до about approx approx. ca ca. circa around",
    "leaves the tax out": """excl excl. exkl exkl. ex excluding bez zzgl zzgl. plus + ht hors netto net χωρίς without
        税抜 税抜き 税別""",
    "names a former or list price": """was rrp uvp statt list regular before msrp srp old original save savings saving
        off instead běžná""",
    "is a price per unit": "per pro each ea ea. pr pro/ unit count piece pack month mo year / ×",
    "is in minor units (cents or pence)": "p gbx ¢ cent cents ct ct. pence c minor öre grosz",
}
_REASONS = {word: reason for reason, words in _REFUSED_WORDS.items() for word in words.split()}
# ISO codes that are also words: in lower case they are read as words.
_ALSO_WORDS = _words("all top try cup pen mop sos bam gel mad lak nad mur sar bob bam")


def read_price(text: str, *, currency: str | None = None) -> PriceText:
    """The one price that `text` says. `currency`: the ISO code known from beside the text, which must not contradict.

    Three digits after the only separator are thousands, unless the currency has three decimals.
    Raises `PriceTextError`.
    """
    if (plain := _PLAIN.fullmatch(text)) and is_active(plain[2]) and currency in {None, plain[2]}:
        return PriceText(Decimal(plain[1]), plain[2])  # what nearly every feed writes, a million times over
    if _BARE.fullmatch(text):
        return PriceText(Decimal(text), currency)  # and what nearly every feed with a currency column writes
    if len(text) > _LONGEST:
        raise PriceTextError("is too long for a price")
    lines = [_tidy(line) for line in text.splitlines()]
    found = {_read_line(line, currency) for line in lines if line}
    if not found:
        raise PriceTextError("is empty")
    amounts = {price.amount for price in found}
    named = {price.currency for price in found if price.currency is not None}
    if len(amounts) > 1 or len(named) > 1:
        raise PriceTextError("holds several prices")
    return PriceText(amounts.pop(), named.pop() if named else None)


def _tidy(line: str) -> str:
    """One spelling for blanks, digits, apostrophes and Arabic separators. Raises for 68⁵⁰, where cents are raised."""
    if any(unicodedata.category(sign) == "No" for sign in line):
        raise PriceTextError("has raised, circled or broken digits")
    plain = unicodedata.normalize("NFKC", line)
    plain = "".join(str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in plain)
    plain = plain.translate(_ONE_SPELLING)
    return " ".join(plain.split())


def _read_line(line: str, currency: str | None) -> PriceText:
    if _SCIENTIFIC.fullmatch(line):
        return PriceText(_sensible(Decimal(line)), currency)
    line = _PERCENT.sub(" ", line)
    if _RANGE.search(line):
        raise PriceTextError("is a range")
    if _NEGATIVE.search(line) or _NEGATIVE_IN_BOOKS.search(line):
        raise PriceTextError("is negative")
    if not _NUMBER.search(_IN_BRACKETS.sub(" ", line)) and _NUMBER.search(line):
        raise PriceTextError("stands in brackets, which may mean anything")
    line = _NO_CENTS.sub(" ", _RUPEES_ONLY.sub(" ", _LETTERS_BEFORE_SIGN.sub(r"\1", _GLUED.sub(" ", line))))
    runs = _NUMBER.findall(line)
    if not runs:
        raise PriceTextError("holds no number")
    if _STARTS_THERE.search(line):
        raise StartingPriceError(_STARTS)
    meant = _currency_of(_NUMBER.sub(" ", line), currency)
    amounts = {_amount(run.strip(), meant) for run in runs}
    if len(amounts) > 1:
        raise PriceTextError("holds several prices")
    return PriceText(_sensible(amounts.pop()), meant)


def _sensible(amount: Decimal) -> Decimal:
    if amount >= _TOO_LARGE:
        raise PriceTextError("is more than any shop has ever asked")
    return amount


def _currency_of(words: str, known: str | None) -> str | None:
    """The currency that the words around a number leave possible. Raises for words that make it another thing."""
    possible: frozenset[str] | None = None if known is None else frozenset({known})
    for word in _SPLIT.split(words):
        plain = word.casefold()
        if not word.strip(".,'-") or plain in _LABELS or plain.rstrip(".,") in _LABELS:
            continue
        if plain in _REASONS:
            raise (StartingPriceError if _REASONS[plain] == _STARTS else PriceTextError)(_REASONS[plain])
        named = _currencies_named(word)
        if named is None:
            raise PriceTextError(f"holds a word that is not understood (`{word[:20]}`)")
        possible = named if possible is None else possible & named
        if not possible:
            raise PriceTextError(f"names another currency than {known or 'the rest of it'}")
    return next(iter(possible)) if possible is not None and len(possible) == 1 else None


def _currencies_named(word: str) -> frozenset[str] | None:
    if word == "GBp":
        raise PriceTextError("is in minor units (cents or pence)")
    for spelling in (word, word.rstrip(".,"), word.removesuffix("$")):
        if spelling.casefold() in SIGNS and spelling != "ft":  # feet; forints are written Ft
            return SIGNS[spelling.casefold()]
        if spelling.endswith("/") and len(spelling) > 2:
            raise PriceTextError("is a price per unit")
        is_code = is_active(spelling.upper()) and (spelling.isupper() or spelling not in _ALSO_WORDS)
        if is_code or spelling == "RUR":
            return frozenset({currency_code(spelling)})
    if len(word) == 3 and word.isupper():
        try:
            return frozenset({currency_code(word)})
        except ValueError as error:
            raise PriceTextError(str(error)) from None
    return None


def _amount(run: str, currency: str | None) -> Decimal:
    """The value of one written number: digits with dots, commas, apostrophes and blanks."""
    run = run.rstrip(".,'")
    places = 2 if currency is None else decimals(currency)
    separators = [sign for sign in run if not sign.isdigit()]
    if not separators:
        return Decimal(run)
    last = separators[-1]
    whole, _, after = run.rpartition(last)
    if last in ".," and separators.count(last) == 1 and not _is_thousands(run, whole, after, currency, places):
        return Decimal(f"{_ungrouped(whole)}.{after}")
    return Decimal(_ungrouped(run))


def _is_thousands(run: str, whole: str, after: str, currency: str | None, places: int) -> bool:
    """Is the last separator one between thousands rather than the decimal one? Raises when both are possible."""
    alone = whole.isdigit()
    if len(after) == 3 and places == 3 and currency in _COMMA_IS_THOUSANDS and (alone or not whole):
        sign = run[len(whole)]
        if sign == "," or currency == "IQD":
            raise PriceTextError("can be read as thousands or as thousandths")
    if len(after) != 3 or places == 3:
        if len(after) > 3 and "," in run and alone:
            raise PriceTextError("has digits that fit neither thousands nor cents")
        return False
    if not alone and whole:
        # 1.234,567 or 1 234,567: the earlier separators are the thousands, so three decimals are left over.
        raise PriceTextError("has three digits after the decimal sign")
    if not whole or whole.startswith("0"):
        raise PriceTextError("can be read as thousands or as thousandths")
    if len(whole) > 3:
        if after == "000":
            return False
        raise PriceTextError("has digits that fit neither thousands nor cents")
    return True


def _ungrouped(text: str) -> str:
    """The digits of a whole number whose groups must fit: 1.234.567, 1 234, 1'234, or Indian 12,34,567."""
    if not text or text.isdigit():
        return text or "0"
    signs = {sign for sign in text if not sign.isdigit()}
    groups = re.split(r"[.,'\s]", text)
    western = len(groups[0]) in {1, 2, 3} and all(len(group) == 3 for group in groups[1:])
    indian = "," in signs and 1 <= len(groups[0]) <= 2 and len(groups[-1]) == 3
    indian = indian and all(len(group) == 2 for group in groups[1:-1])
    if len(signs) != 1 or not (western or indian) or groups[0].startswith("0"):
        raise PriceTextError("has groups of digits that do not fit together")
    return "".join(groups)
