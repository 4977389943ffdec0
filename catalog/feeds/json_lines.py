"""Which rows does a feed of JSON Lines hold, as Awin's enhanced feeds and Google's product objects are written?"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import IO

from catalog.feeds.row import BrokenRow, Row
from catalog.feeds.tables import numbered_lines
from catalog.reading import SourceError

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# The two ways in which an amount of money is written as an object.
_AMOUNTS = ("value", "amount")
_CURRENCIES = ("currency", "currency_code")
_MICROS = "amount_micros"
_UNREAD = "{…}"


def json_rows(file: IO[bytes], *, encoding: str, needs: Collection[str]) -> Iterator[Row | BrokenRow]:
    """One object a line, in order. Raises `SourceError` where the first line is none: then it is other JSON.

    Numbers are kept as they are written, never as floats.
    """
    started = False
    for number, line in numbered_lines(file, encoding or "utf-8"):
        if not line.strip():
            continue
        where = f"line {number}"
        found = _object(line)
        if not started and (found is None or not all(name in _names(found) for name in needs)):
            raise SourceError(
                "The feed is JSON but not JSON Lines with one product a line; ask the merchant for XML, TSV, CSV or "
                "JSON Lines.",
                permanent=True,
            )
        started = True
        if found is None:
            yield BrokenRow(reason="It is no JSON object.", raw=line[:200], where=where)
        else:
            yield _row(found, where)


def _object(line: str) -> Mapping[str, object] | None:
    try:
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _names(found: Mapping[str, object]) -> frozenset[str]:
    return frozenset(_name(key) for key in found)


def _name(key: str) -> str:
    """Google's name of the field: `salePrice`, `g:sale_price` and `sale price` are `sale_price`."""
    return _HUMP.sub("_", key.strip().removeprefix("g:")).lower().replace(" ", "_").replace("-", "_")


def _row(found: Mapping[str, object], where: str) -> Row:
    fields: dict[str, list[str]] = {}
    shipping: list[str] = []
    for key, value in found.items():
        name = _name(key)
        for one in value if isinstance(value, list) else [value]:
            if name == "shipping":
                price = one.get("price", "") if isinstance(one, dict) else ""
                shipping.append(_text(price))
            elif text := _text(one):
                fields.setdefault(name, []).append(text)
    return Row(fields=fields, shipping=[text for text in shipping if text], where=where)


def _text(value: object) -> str:
    """A value as a table would hold it. What is neither plain nor an amount of money stays visible, as a sign."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        named = {_name(key): one for key, one in value.items() if isinstance(one, str)}
        amount = next((named[name] for name in _AMOUNTS if name in named), _from_micros(named.get(_MICROS, "")))
        currency = next((named[name] for name in _CURRENCIES if name in named), "")
        return f"{amount} {currency}".strip() if amount else _UNREAD * bool(value)
    return _UNREAD if value else ""


def _from_micros(text: str) -> str:
    """Google's newer objects count money in millionths: 15990000 is 15.99."""
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        return ""
    return f"{(Decimal(text) / 1_000_000).normalize():f}"
