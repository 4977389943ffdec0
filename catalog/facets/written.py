"""How are a facet's values and a range written in an address? One spelling for pages and for the API.

Pure: text in, values out; what makes no sense is handed back for whoever asks to be told in their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from catalog.facets.asked import Range
from catalog.facets.choices import Facet

LONGEST_WORDS, LONGEST_VALUE = 80, 80
MOST_VALUES = 40
_NUMBER = r"([0-9]{1,9}(?:\.[0-9]{1,3})?)?"
_RANGE = re.compile(f"{_NUMBER}-{_NUMBER}", re.ASCII)


def split(said: Iterable[str]) -> list[str]:
    """Values written one by one or with commas between."""
    parts = (part.strip().lower()[:LONGEST_VALUE] for one in said for part in one.replace("\x00", "").split(","))
    return [part for part in parts if part]


def sorted_out(facet: Facet, said: Sequence[str]) -> tuple[list[str], list[str]]:
    """The facet's values among these, each once and sorted, and those it does not have."""
    known = {value for value, _ in facet.values}
    wrong = [] if facet.is_open else [one for one in dict.fromkeys(said) if one not in known]
    return sorted(set(said).difference(wrong)), wrong


def range_of(text: str) -> Range | None:
    """`100-250`, `100-` (from), `-250` (up to), as they were written; None for what is no range."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    low, high = (Decimal(one) if one else None for one in match.groups())
    return Range(low=low, high=high)


def is_crossed(one: Range) -> bool:
    """From more to less: it fits nothing, and was meant the other way round."""
    return one.low is not None and one.high is not None and one.low > one.high
