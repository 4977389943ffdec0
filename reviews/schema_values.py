"""What may a value of a Schema.org property be? Each rule says what is wrong with one, or an empty text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from catalog.money.currencies import is_active
from catalog.product_codes import gtin

Node = Mapping[str, Any]
Rule = Callable[[Any], str]


def type_of(node: Node) -> str:
    """The first of its types, or an empty text."""
    kind = node.get("@type")
    if isinstance(kind, list):
        kind = next(iter(kind), "")
    return kind if isinstance(kind, str) else ""


def text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "is no text"


def short_text(most: int) -> Rule:
    def rule(value: Any) -> str:
        return text(value) or (f"is longer than {most} characters" if len(value) > most else "")

    return rule


def url(value: Any) -> str:
    if not isinstance(value, str):
        return "is no address"
    try:
        parts = urlsplit(value)
    except ValueError:
        return f"“{value}” is no address"
    whole = parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", value)
    return "" if whole else f"“{value}” is no full address (https://…)"


def moment(value: Any) -> str:
    """ISO 8601: a day, or a time with its offset from UTC."""
    try:
        if len(value) == len("2026-01-31"):
            date.fromisoformat(value)
            return ""
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return f"“{value}” is no date in ISO 8601"
    return "" if found.tzinfo else f"“{value}” does not say its time zone"


def number(value: Any) -> str:
    return "" if decimal(value) is not None else f"“{value}” is no number"


def not_negative(value: Any) -> str:
    number = decimal(value)
    return "" if number is not None and number >= 0 else f"“{value}” is no amount"


def count(value: Any) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return "" if whole else f"“{value}” is no number from 1"


def currency(value: Any) -> str:
    return "" if isinstance(value, str) and is_active(value) else f"“{value}” is no currency of ISO 4217"


def trade_number(value: Any) -> str:
    return "" if isinstance(value, str) and gtin(value) else f"“{value}” is no GTIN"


def one_of(prefix: str, *names: str) -> Rule:
    known = {f"{start}{prefix}{name}" for name in names for start in ("https://schema.org/", "http://schema.org/")}
    return lambda value: "" if value in known else f"“{value}” is none of Schema.org's"


def node(*types: str) -> Rule:
    def rule(value: Any) -> str:
        if isinstance(value, Mapping) and (type_of(value) in types or ("@id" in value and not type_of(value))):
            return ""
        return f"is no {' or '.join(types)}"

    return rule


def either(*rules: Rule) -> Rule:
    return lambda value: "" if any(not rule(value) for rule in rules) else rules[0](value)


def each(rule: Rule, minimum: int = 1) -> Rule:
    """One or several, as Schema.org lets every property be."""

    def judged(value: Any) -> str:
        several = value if isinstance(value, list) else [value]
        if len(several) < minimum:
            return f"has {len(several)}; at least {minimum} are wanted"
        return next((wrong for item in several if (wrong := rule(item))), "")

    return judged


def decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
