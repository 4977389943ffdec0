"""Which amount, time or name does one field of a network's report hold?

Pure. Networks write amounts as numbers, as texts, with signs of currencies and in the habits of a country; whatever
can be read in two ways is refused with the reason. Unlike prices, amounts here may be 0 or negative (a correction).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from catalog.clicks.ids import click_id
from catalog.money.currencies import SIGNS, currency_code, decimals

Value = TypeVar("Value")
# What a ledger's column holds: four decimals, below a thousand million.
_PLACES = Decimal("0.0001")
_TOO_LARGE = Decimal(10) ** 9
_PLAIN = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d{1,16})?[eE][+-]?\d{1,2}", re.ASCII)
_DOT_AND_GROUPS = re.compile(r"\d{1,3}(?:[, ']\d{3})+\.\d{1,4}", re.ASCII)
_COMMA_AND_GROUPS = re.compile(r"\d{1,3}(?:[. ']\d{3})+,\d{1,4}", re.ASCII)
_INDIAN_GROUPS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}\.\d{1,4}", re.ASCII)
_MANY_GROUPS = re.compile(r"\d{1,3}(?:([., '])\d{3})(?:\1\d{3})+", re.ASCII)
_BLANK_GROUPS = re.compile(r"\d{1,3}(?:[ ']\d{3})+", re.ASCII)
_ONE_GROUP = re.compile(r"\d{1,3}([.,])\d{3}", re.ASCII)
_COMMA = re.compile(r"\d{0,12},(?:\d{1,2}|\d{4})", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_JAVASCRIPT = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) "
    r"GMT([+-])(\d{2}):?(\d{2})(?: \(.*\))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MINUS = str.maketrans({"−": "-", "–": "-", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})


class ValueProblem(ValueError):  # noqa: N818 - it is no error of ours: a word about a field of somebody's report
    """The field cannot be read. The text follows a field's name: "is missing", "`1.234` may be …"."""


class FieldProblem(ValueProblem):
    """The same, with the name that the network gives the field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def said(field: str, read: Callable[[object], Value], value: object) -> Value:
    """What `read` makes of the field's value. Raises `FieldProblem`, so that an editor learns which one it is."""
    try:
        return read(value)
    except ValueProblem as problem:
        raise FieldProblem(field, str(problem)) from None


def sub_id_of(*values: object) -> str:
    """Of several fields that may hold a sub-id: the one that names a click of ours, or else the first filled one."""
    texts = [text for value in values if (text := _printable(value) if isinstance(value, str) else "")]
    return next((text for text in texts if click_id(text) is not None), next(iter(texts), ""))[:255]


def currency_of(value: object) -> str:
    """The ISO 4217 code that a currency field names. Raises `ValueProblem`."""
    if not isinstance(value, str) or not value.strip():
        raise ValueProblem("is missing: an amount without its currency cannot be kept")
    try:
        return currency_code(value)
    except ValueError as error:
        raise ValueProblem(f"cannot be used: {error}") from None


def api_amount(value: object) -> Decimal:
    """An amount in an answer of an API: a number, or a text in digits with a dot ("1,234.50" too).

    Rounded to four decimals, which is also what is left of a computer's binary blur. Raises `ValueProblem`.
    """
    if isinstance(value, bool) or value is None:
        raise ValueProblem("is missing" if value is None else "is no amount")
    if isinstance(value, int | Decimal):
        return _kept(Decimal(value))
    if not isinstance(value, str):
        raise ValueProblem("is no amount")
    text = value.strip()
    if not text:
        raise ValueProblem("is missing")
    if _PLAIN.fullmatch(text) or _SCIENTIFIC.fullmatch(text):
        return _kept(_number(text))
    sign, rest = _sign(text)
    if _DOT_AND_GROUPS.fullmatch(rest):
        return _kept(sign * _number(re.sub(r"[, ']", "", rest)))
    raise ValueProblem(f"`{shown(text)}` is no amount in digits with a decimal point")


def written_amount(value: object, currency: str) -> Decimal:
    """An amount as people's spreadsheets hold it: "$1,234.50", "-12,34 €", "(5.00)". Raises `ValueProblem`.

    A text that can be read in two ways ("1.234", "1,234") and a sign of another currency are refused.
    """
    if not isinstance(value, str):
        return api_amount(value)
    text = unicodedata.normalize("NFC", value).translate(_MINUS).strip()
    if not text:
        raise ValueProblem("is missing")
    if _PLAIN.fullmatch(text) and not _ambiguous(text.lstrip("+-"), currency):
        return _kept(_number(text))
    sign, signed = _sign(text)
    bare = _without_currency(signed, currency)
    inner, rest = _sign(bare)
    if signed != text and rest != bare:
        raise ValueProblem(f"`{shown(text)}` has two signs")
    return _kept(sign * inner * _digits(rest.strip(), currency, text))


def optional_amount(value: object) -> Decimal | None:
    """`api_amount`, or None where the network says nothing. Raises `ValueProblem` for what it says unreadably."""
    return None if value is None or (isinstance(value, str) and not value.strip()) else api_amount(value)


def moment(value: object, *, zone: tzinfo = UTC) -> datetime:
    """The time (aware, UTC) that a field names: ISO 8601, with a blank for the T, JavaScript's own, seconds since 1970.

    `zone` is where a time without an offset belongs; a day alone is its first moment there. Raises `ValueProblem`.
    """
    if isinstance(value, bool) or value is None:
        raise ValueProblem("is missing" if value is None else "is no time")
    if isinstance(value, int | Decimal):
        return _since_1970(Decimal(value))
    if isinstance(value, datetime):
        return _sensible(value if value.tzinfo else value.replace(tzinfo=zone))
    if isinstance(value, date):
        return _sensible(datetime(value.year, value.month, value.day, tzinfo=zone))
    if not isinstance(value, str):
        raise ValueProblem("is no time")
    text = " ".join(value.split())
    if not text:
        raise ValueProblem("is missing")
    if _DIGITS.fullmatch(text) and len(text) in {10, 13}:
        return _since_1970(Decimal(text))
    if found := _JAVASCRIPT.fullmatch(text):
        return _sensible(_from_javascript(found))
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueProblem(f"`{shown(text)}` is no time we can read (for example 2026-11-22T06:00:00Z)") from None
    return _sensible(read if read.tzinfo else read.replace(tzinfo=zone))


def optional_moment(value: object, *, zone: tzinfo = UTC) -> datetime | None:
    """`moment`, or None where the network says nothing. Raises `ValueProblem` for what it says unreadably."""
    return None if value is None or (isinstance(value, str) and not value.strip()) else moment(value, zone=zone)


def name_of(value: object, *, longest: int = 100) -> str:
    """A key or code: text or a whole number, without blanks around it. Raises `ValueProblem` when there is none."""
    text = optional_name(value, longest=longest)
    if not text:
        raise ValueProblem("is missing")
    return text


def optional_name(value: object, *, longest: int = 255) -> str:
    """The same, or empty where there is none. Cut-off names would be other names, so too long ones are refused."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    text = _printable(str(value))
    if len(text) > longest:
        raise ValueProblem(f"is longer than {longest} characters")
    return text


def sentence(*values: object) -> str:
    """A reason as one line of at most 200 characters, of whatever of `values` is said."""
    said: Iterable[str] = (_printable(value) for value in values if isinstance(value, str))
    return ": ".join(dict.fromkeys(text for text in said if text))[:200]


def shown(text: str) -> str:
    """What an editor is shown of a field that cannot be read."""
    return _printable(text)[:40]


def _printable(text: str) -> str:
    storable = text.encode("utf-8", "ignore").decode()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in storable).split())


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueProblem(f"`{shown(text)}` is no amount") from None


def _kept(amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) >= _TOO_LARGE:
        raise ValueProblem("is larger than any purchase")
    exact = amount.quantize(_PLACES)
    return exact or Decimal(0).quantize(_PLACES)  # no minus zero


def _sign(text: str) -> tuple[int, str]:
    """Minus before, behind ("5.00-") or the brackets of book-keeping; and what is left."""
    if text.startswith("(") and text.endswith(")"):
        return -1, text[1:-1].strip()
    if text.startswith(("-", "+")):
        return (-1 if text[0] == "-" else 1), text[1:].strip()
    if text.endswith("-"):
        return -1, text[:-1].strip()
    return 1, text


def _without_currency(text: str, currency: str) -> str:
    """The text without a sign or code of its own currency. Raises `ValueProblem` for another one's."""
    rest = re.sub(r"^[^\d.,'+-]+|[^\d.,'+-]+$", " ", text)
    for mark in {found.strip() for found in re.findall(r"^[^\d.,'+-]+|[^\d.,'+-]+$", text)} - {""}:
        meant = SIGNS.get(mark.casefold(), frozenset({mark.upper()}))
        if currency not in meant:
            raise ValueProblem(f"`{shown(text)}` is not in {currency}")
    return rest.strip()


def _ambiguous(text: str, currency: str) -> bool:
    found = _ONE_GROUP.fullmatch(text)
    return found is not None and not text.startswith("0") and decimals(currency) != 3


def _digits(text: str, currency: str, whole: str) -> Decimal:
    if _ambiguous(text, currency):
        raise ValueProblem(f"`{shown(whole)}` may be thousands or a fraction: save the report with two decimals")
    if _PLAIN.fullmatch(text) and not text.startswith(("+", "-")):
        return _number(text)
    if _DOT_AND_GROUPS.fullmatch(text) or _INDIAN_GROUPS.fullmatch(text):
        return _number(re.sub(r"[, ']", "", text))
    if _COMMA_AND_GROUPS.fullmatch(text):
        return _number(re.sub(r"[. ']", "", text).replace(",", "."))
    if _MANY_GROUPS.fullmatch(text) or _BLANK_GROUPS.fullmatch(text):
        return _number(re.sub(r"[., ']", "", text))
    if _COMMA.fullmatch(text) or (_ONE_GROUP.fullmatch(text) and "," in text):
        return _number(text.replace(",", "."))
    raise ValueProblem(f"`{shown(whole)}` is no amount")


def _since_1970(number: Decimal) -> datetime:
    if not number.is_finite():
        raise ValueProblem("is no time")
    seconds = number / 1000 if abs(number) >= Decimal(10) ** 11 else number
    if not 0 < seconds < Decimal(10) ** 11:
        raise ValueProblem("is no time")
    return _sensible(datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(seconds * 1000)))


def _from_javascript(found: re.Match[str]) -> datetime:
    month, day, year, hour, minute, second, sign, hours, minutes = found.groups()
    if month.lower() not in _MONTHS:
        raise ValueProblem(f"`{shown(found[0])}` is no time we can read")
    try:
        read = datetime(
            int(year), _MONTHS.index(month.lower()) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except ValueError:
        raise ValueProblem(f"`{shown(found[0])}` is a time that never was") from None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return read + offset if sign == "-" else read - offset


def _sensible(read: datetime) -> datetime:
    """Affiliate networks are younger than 1995; a year of 20260 is a slip."""
    try:
        moment_ = read.astimezone(UTC)
    except OverflowError:
        raise ValueProblem("is no time") from None
    if not 1995 <= moment_.year < 2100:
        raise ValueProblem(f"names the year {moment_.year}, which cannot be")
    return moment_
