"""What is one row of a feed before anybody has judged it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`fields`: Google's names in lower case, each with every value given. `where`: its place, for an editor."""

    fields: Mapping[str, Sequence[str]]
    # The prices of its shipping entries, apart from the fields so that none is taken for the item's price.
    shipping: Sequence[str] = ()
    where: str
    # Every column of its table, also those that are empty here; none in XML and JSON, which have no header.
    columns: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRow:
    """A row whose fields cannot be told apart; the rows around it can."""

    reason: str
    raw: str
    where: str
