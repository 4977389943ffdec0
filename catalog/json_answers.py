"""What does the body of an API's answer say, when nothing about it may be believed beforehand?

Pure. Numbers become `Decimal` or `int` without ever passing through floating point; what is not what it should be is
a `JsonAnswerError` whose message can follow "The answer …" and never quotes the body (it may hold keys).
"""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from catalog.money.currencies import decimals

_TOO_LARGE = Decimal(10) ** 9
# What is left when somebody's program computed in binary fractions: 59.489999999999995.
_BLUR = Decimal("0.000001")
_WRITTEN_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,8})?", re.ASCII)


class JsonAnswerError(ValueError):
    """The answer, or a value in it, cannot be used."""


def json_object(body: bytes) -> dict[str, Any]:
    """The object that the body is. Raises `JsonAnswerError`, also for NaN, depth without end and other JSON values."""
    found = json_value(body)
    if not isinstance(found, dict):
        raise JsonAnswerError("is JSON, but not the object it should be")
    return found


def json_value(body: bytes) -> Any:
    """Whatever JSON value the body is, for answers that may be lists. Raises as `json_object` does."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError):
        raise JsonAnswerError(_what_instead(body)) from None


def amount_of(value: object, currency: str) -> Decimal:
    """A price above 0 with exactly the currency's decimals (ISO 4217). Raises `JsonAnswerError`.

    A number, or a text that is nothing but one in digits with a dot; never rounded beyond a computer's own blur.
    """
    if isinstance(value, str) and _WRITTEN_NUMBER.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise JsonAnswerError("is not a number")
    amount = Decimal(value)
    if not amount.is_finite() or not 0 < amount < _TOO_LARGE:
        raise JsonAnswerError("is not above 0" if amount <= 0 else "is larger than any price")
    exact = amount.quantize(Decimal(1).scaleb(-decimals(currency)), rounding=ROUND_HALF_UP)
    if abs(exact - amount) > _BLUR:
        raise JsonAnswerError(f"has more decimals than {currency} has")
    if not exact:
        raise JsonAnswerError("is not above 0")
    return exact


def plain_text(value: object, *, longest: int = 200) -> str:
    """A text that can be stored and shown in one line; empty for anything that is no text."""
    if not isinstance(value, str):
        return ""
    storable = value[: 4 * longest].encode("utf-8", "ignore").decode()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in storable).split())[:longest]


def _no_number(name: str) -> None:
    raise ValueError(name)


def _what_instead(body: bytes) -> str:
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.strip():
        return "is empty"
    if start.startswith(b"<"):
        return "is a web page or XML instead of JSON"
    return "is no JSON, or was cut short" if start[:1] in {b"{", b"["} else "is something else than JSON"
