"""What does a reader ask the catalogue for, and what is he answered? Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From `low` to `high`, both included; None leaves that side open. In the facet's own unit or currency."""

    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of one facet any of the values fits, of several facets each has to. Empty parts ask nothing.

    `choices` and `ranges` go by the facet's key (`catalog.facets.choices`); `currency` (ISO 4217) is that of the price
    range and of the order by price: amounts are never compared across currencies. `country`: only prices of shops count
    that may deliver there (as `catalog.shopper` spells it); empty: of all shops.
    """

    words: str = ""
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    sort: str = "sold"
    currency: str = "USD"
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the search made of the words, to be said to the reader.

    `corrected`: written and read (`sonny` → `sony`); `meant`: a word and the choice it was taken for
    (`earbuds` → In-ear); `ignored`: words that no product has and nothing resembles.
    """

    corrected: tuple[tuple[str, str], ...] = ()
    meant: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Without this part of the question (a facet's key, or `words`) so many products would be found."""

    part: str
    opens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`ids`: the products of the piece asked for, in order; `count`: how many there are in all.

    `counts`: for each facet and value how many products there were if it were chosen, with everything else that was
    asked but that facet's own choices; `spans`: lowest and highest of each ranged facet in the same way, None where no
    product says; `ways_out`: only where nothing was found, the ways that open most first. `labels`: what the values are
    called of facets whose values follow from the data (brands, merchants, use cases, words of sheets).
    """

    ids: tuple[int, ...]
    count: int
    counts: Mapping[str, Mapping[str, int]]
    spans: Mapping[str, tuple[Decimal, Decimal] | None]
    reading: Reading = Reading()
    ways_out: tuple[WayOut, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
