"""Which day does a report write, in the habit of whichever country its site was set to?

Pure. "03/04/2026" is two days: which one it is, the other rows of the report tell (a 25th month there is none), or else
the country that the account belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from catalog.reports.values import ValueProblem, moment, shown

# Noon in Greenwich is the same calendar day nearly everywhere, so a day stays itself in every time zone of a site.
NOON = 12
DAY_FIRST, MONTH_FIRST = "day/month/year", "month/day/year"

_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T,].*)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-年](\d{1,2})[/.\-月](\d{1,2})日?(?:[ T].*)?", re.ASCII)
_HAS_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]+|\d+")
# The first letters that tell the months apart: English, German, French, Spanish, Italian, Dutch, Portuguese, Polish,
# Swedish.
_MONTHS = (
    "jan ene gen sty",
    "feb fév fev lut",
    "mar mär maa mrt",
    "apr avr abr kwi",
    "may mai mag mei maj",
    "jun giu cze juin",
    "jul lug lip juil",
    "aug aoû aou ago sie",
    "sep set wrz",
    "oct okt ott out paź paz",
    "nov lis",
    "dec dez déc dic gru",
)
_FILLERS = frozenset({"de", "del", "di", "of", "the", "st", "nd", "rd", "th", "r", "er"})
_WEEKDAYS_SHORTEST = 3


def day_order(values: Iterable[object], *, otherwise: str) -> str:
    """`DAY_FIRST` or `MONTH_FIRST`, as the dates of one report show. Raises `ValueProblem` when they show both."""
    found = [match for value in values if isinstance(value, str) and (match := _NUMBERS.fullmatch(value.strip()))]
    day_first = any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[2]) > 12 for match in found)
    if day_first and month_first:
        raise ValueProblem("are written in two orders (25/12 and 12/25): export the report again in one")
    return DAY_FIRST if day_first else MONTH_FIRST if month_first else otherwise


def noon_of(value: object, order: str) -> datetime:
    """Noon (UTC) of the day that a cell names; times of day are left aside. Raises `ValueProblem`."""
    day = _day(value, order)
    if not 1995 <= day.year < 2100:
        raise ValueProblem(f"names the year {day.year}, which cannot be")
    return datetime(day.year, day.month, day.day, NOON, tzinfo=UTC)


def time_or_noon_of(value: object, order: str) -> datetime:
    """The time that a cell names in ISO 8601 (UTC where it says no offset), or noon of the day in any other writing.

    Raises `ValueProblem`.
    """
    if isinstance(value, str) and _HAS_TIME.match(value.strip()):
        return moment(value)
    return noon_of(value, order)


def _day(value: object, order: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text:
        raise ValueProblem("is missing")
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERS.fullmatch(text):
            first, second = int(found[1]), int(found[2])
            day, month = (first, second) if order == DAY_FIRST else (second, first)
            return date(int(found[3]), month, day)
        return _in_words(text)
    except ValueError:
        raise ValueProblem(f"`{shown(text)}` is no day we can read (for example 2026-11-22)") from None


def _in_words(text: str) -> date:
    """ "September 15, 2026", "15 de septiembre de 2026", "15. Sept. 2026", "Tue Sep 15 2026"."""
    months: list[int] = []
    numbers: list[int] = []
    for word in _WORDS.findall(text.casefold()):
        if word.isdigit():
            numbers.append(int(word))
        elif word not in _FILLERS:
            months += [number for number, starts in enumerate(_MONTHS, 1) if _is_month(word, starts)]
    years = [number for number in numbers if number >= 1000]
    days = [number for number in numbers[:3] if number < 100]
    if len(set(months)) != 1 or len(years) != 1 or not days:
        raise ValueError(text)
    return date(years[0], months[0], days[0])


def _is_month(word: str, starts: str) -> bool:
    return len(word) >= _WEEKDAYS_SHORTEST and any(word.startswith(start) for start in starts.split())
