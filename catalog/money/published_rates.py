"""Which exchange rates does a file hold? The European Central Bank's daily XML, or a CSV.

Pure. Rates are units per euro (https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from catalog.money.currencies import is_active
from catalog.money.exchange import OLDEST

Row = tuple[date, str, Decimal]
_LARGEST = Decimal(10) ** 9
# From one day to the next no currency that the bank publishes moves so far; a misprint does.
LARGEST_MOVE = Decimal("0.20")
# How ECB's own CSV says that a currency had no rate on a day.
_NOTHING = {"", "N/A", "-"}


class RatesError(Exception):
    """The file holds no rates that can be used. The text says where it is wrong and what is expected."""


def ecb_rates(body: bytes) -> list[Row]:
    """The rates of ECB's XML, one day or ninety. Currencies that are no longer in use are left out.

    External entities, networks and huge trees are off. Raises `RatesError`; nothing of a file that breaks is taken.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise RatesError(f"The rates are no whole XML file (line {error.position[0]}).") from error
    rows: list[Row] = []
    for day_cube in root.iterfind(".//{*}Cube[@time]"):
        day = _day(str(day_cube.get("time")), "The file")
        for cube in day_cube.iterfind("{*}Cube[@currency]"):
            rows += _row(day, str(cube.get("currency")), str(cube.get("rate", "")), f"{day}")
    if not rows:
        raise RatesError("There are no rates in the XML: a Cube with a time and Cubes with currency and rate.")
    return rows


def csv_rates(text: str) -> list[Row]:
    """The rates of a CSV: columns `day`, `currency`, `per_euro`; or ECB's own: `Date` and a column per currency.

    Raises `RatesError` naming the first line that cannot be read.
    """
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        names = [name.lower() for name in header]
        if {"day", "currency", "per_euro"} <= set(names):
            found = list(_long(lines, names))
        elif names and names[0] == "date" and any(is_active(name.upper()) for name in header[1:]):
            found = list(_wide(lines, header))
        else:
            raise RatesError(
                "The first line must name the columns day, currency, per_euro; or Date and one column per currency."
            )
    except csv.Error as error:
        raise RatesError(f"Line {lines.line_num} is no CSV: {error}.") from error
    if not found:
        raise RatesError("There is no rate below the first line.")
    return found


def without_jumps(rows: Iterable[Row], known: Mapping[str, tuple[date, Decimal]]) -> tuple[list[Row], list[Row]]:
    """The rows to be taken, and those held because the rate is more than `LARGEST_MOVE` off the one before.

    `known`: of each currency its last day and rate. After ten days it says nothing any more, and any rate is taken:
    what is still published then is no misprint.
    """
    taken: list[Row] = []
    held: list[Row] = []
    last = dict(known)
    for day, currency, rate in sorted(rows):
        before = last.get(currency)
        is_near = before is not None and before[0] <= day <= before[0] + OLDEST
        if before is not None and is_near and abs(rate / before[1] - 1) > LARGEST_MOVE:
            held.append((day, currency, rate))
            continue
        taken.append((day, currency, rate))
        last[currency] = (day, rate)
    return taken, held


def _long(lines: Iterator[list[str]], names: Sequence[str]) -> Iterator[Row]:
    at = {name: names.index(name) for name in ("day", "currency", "per_euro")}
    for number, line in enumerate(lines, 2):
        if not any(line):
            continue
        if len(line) <= max(at.values()):
            raise RatesError(f"Line {number} has too few columns.")
        currency = line[at["currency"]].strip().upper()
        if not is_active(currency):
            raise RatesError(f"Line {number}: `{currency[:10]}` is no ISO 4217 currency in use.")
        yield from _row(_day(line[at["day"]], f"Line {number}"), currency, line[at["per_euro"]], f"Line {number}")


def _wide(lines: Iterator[list[str]], header: Sequence[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 2):
        if not any(line):
            continue
        day = _day(line[0], f"Line {number}")
        for name, value in zip(header[1:], line[1:], strict=False):
            if value.strip() not in _NOTHING:
                yield from _row(day, name.upper(), value, f"Line {number}, {name}")


def _row(day: date, currency: str, value: str, where: str) -> list[Row]:
    if not is_active(currency) or currency == "EUR":
        return []
    try:
        rate = Decimal(value.strip())
    except InvalidOperation:
        raise RatesError(f"{where}: `{value.strip()[:20]}` is no rate in digits with a decimal point.") from None
    if not rate.is_finite() or not 0 < rate < _LARGEST:
        raise RatesError(f"{where}: {currency} cannot be at {value.strip()[:20]} per euro.")
    return [(day, currency, rate)]


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RatesError(f"{where}: `{text.strip()[:20]}` is no day such as 2026-11-25.") from None
