"""By what can the list be narrowed, what is chosen, and how many products would each further choice show?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from catalog.facets.asked import Found, Range
from catalog.facets.choices import BY_KEY, FACET_GROUPS, FACETS, Facet, FacetSort
from catalog.kinds import ProductType
from catalog.money import money_text
from catalog.shopper import Shopper
from reviews.pages.catalogue.question import Question, plain
from reviews.pages.parts import type_name

# What people ask first stands open, in this order; everything else is grouped as on the spec sheet.
FIRST = ("kind", "type", "brand", "price", "wireless", "anc", "mic_grade", "use_case", "score", "stock")
# Of values that follow from the data so many stand open, and so many more behind a click.
_OPEN, _MORE = 8, 80


@dataclass(frozen=True, slots=True)
class Option:
    """`count`: how many products the list would have if this were chosen, with everything else that is."""

    value: str
    label: str
    count: int
    is_chosen: bool

    @property
    def said(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A facet as a part of the form: options, or a range with what the products span.

    `more`: options behind a click; `left_out`: how many are not even there. `low`, `high` are written in numbers.
    `shops`: whose prices alone count.
    """

    key: str
    label: str
    sort: FacetSort
    options: tuple[Option, ...] = ()
    more: tuple[Option, ...] = ()
    left_out: int = 0
    low: str = ""
    high: str = ""
    span: str = ""
    shops: str = ""
    unit: str = ""

    @property
    def is_range(self) -> bool:
        return self.sort.is_range

    @property
    def is_flag(self) -> bool:
        return self.sort is FacetSort.FLAG

    @property
    def chosen(self) -> int:
        return sum(one.is_chosen for one in (*self.options, *self.more)) or int(bool(self.low or self.high))


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Filters behind one click; `chosen`: how many choices in it count."""

    label: str
    filters: tuple[Filter, ...]

    @property
    def chosen(self) -> int:
        return sum(one.chosen for one in self.filters)


def first_filters(question: Question, found: Found, *, shopper: Shopper) -> tuple[Filter, ...]:
    return _shown((BY_KEY[key] for key in FIRST), question, found, shopper)


def filter_groups(question: Question, found: Found, *, shopper: Shopper) -> tuple[FilterGroup, ...]:
    """What does not stand open, grouped; groups without any filter are left out."""
    groups = (
        FilterGroup(
            label, _shown((f for f in FACETS if f.group == label and f.key not in FIRST), question, found, shopper)
        )
        for label in FACET_GROUPS
    )
    return tuple(group for group in groups if group.filters)


def _shown(facets: Iterable[Facet], question: Question, found: Found, shopper: Shopper) -> tuple[Filter, ...]:
    filters = (
        _range(facet, question, found, shopper) if facet.sort.is_range else _choices(facet, question, found)
        for facet in facets
    )
    return tuple(one for one in filters if one.is_range or one.options)


def _choices(facet: Facet, question: Question, found: Found) -> Filter:
    chosen = question.choices.get(facet.key, ())
    counts = found.counts.get(facet.key, {})
    options = [
        Option(value, label, counts.get(value, 0), value in chosen) for value, label in labels_of(facet, found).items()
    ]
    if not facet.is_open:
        return Filter(key=facet.key, label=facet.label, sort=facet.sort, options=tuple(options))
    options.sort(key=lambda one: (not one.is_chosen, -one.count, one.label.casefold()))
    most = max(_OPEN, len(chosen))
    more = sorted(options[most : most + _MORE], key=lambda one: one.label.casefold())
    return Filter(
        key=facet.key,
        label=facet.label,
        sort=facet.sort,
        options=tuple(options[:most]),
        more=tuple(more),
        left_out=max(0, len(options) - most - _MORE),
    )


def labels_of(facet: Facet, found: Found) -> Mapping[str, str]:
    """Value and name of all that can be chosen of a facet, in the order they are offered."""
    if facet.key == "type":
        return {name.value: type_name(name) for name in ProductType}
    return found.labels.get(facet.key, {}) if facet.is_open else dict(facet.values)


def _range(facet: Facet, question: Question, found: Found, shopper: Shopper) -> Filter:
    asked, span = question.ranges.get(facet.key, Range()), found.spans.get(facet.key)
    whole = None if span is None else Range(low=_rounded(span[0], ROUND_FLOOR), high=_rounded(span[1], ROUND_CEILING))
    is_price = facet.sort is FacetSort.MONEY
    return Filter(
        key=facet.key,
        label=facet.label,
        sort=facet.sort,
        low=plain(asked.low),
        high=plain(asked.high),
        span="" if whole is None else range_words(facet, whole, currency=shopper.currency),
        shops=f"of shops that may deliver to {shopper.country_words}" if is_price and shopper.country else "",
        unit=shopper.currency if is_price else facet.unit,
    )


def _rounded(number: Decimal, direction: str) -> Decimal:
    """To whole units where the number is large: what lies in the span still lies in it."""
    return number.to_integral_value(rounding=direction) if number >= 10 else number


def range_words(facet: Facet, one: Range, *, currency: str) -> str:
    """`100–250 g`, `from 100 g`, `up to $250`. `currency` (ISO 4217) is that of money."""

    def said(number: Decimal) -> str:
        if facet.sort is FacetSort.MONEY:
            return money_text(number, currency)
        return plain(number)

    unit = f"\N{NO-BREAK SPACE}{facet.unit}" if facet.unit else ""
    if one.low is None:
        return f"up to {said(one.high)}{unit}" if one.high is not None else "any"
    if one.high is None:
        return f"from {said(one.low)}{unit}"
    if one.low == one.high:
        return f"{said(one.low)}{unit}"
    return f"{said(one.low)}–{said(one.high)}{unit}"
