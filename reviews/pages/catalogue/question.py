"""What does a reader ask the catalogue's page for, and what is the one address of that question?

The order of the parts: words, facets as the table has them, order, view, columns, page. Values are sorted, defaults
left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from catalog.facets.asked import Asked, Range
from catalog.facets.choices import FACETS
from catalog.shopper import Shopper

# The part of a question that is no facet (`WayOut.part`).
WORDS = "words"
BY_OFFERS, BY_MATCH = "sold", "match"
# The order of the columns is theirs. `price`, `score` and `type` are no specs.
COLUMNS = ("type", "score", "price", *(facet.key for facet in FACETS if facet.origin.value == "specs"))
FIRST_COLUMNS = ("type", "score", "price", "weight_g", "anc", "wireless", "battery_hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`sort` is empty for the order that suits the words; `columns` empty for those shown first."""

    words: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    sort: str = ""
    is_table: bool = False
    columns: tuple[str, ...] = ()
    number: int = 1

    @property
    def order(self) -> str:
        return self.sort or (BY_MATCH if self.words else BY_OFFERS)

    @property
    def shown_columns(self) -> tuple[str, ...]:
        return self.columns or FIRST_COLUMNS

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.choices or self.ranges)

    @property
    def is_plain(self) -> bool:
        """Nothing asked but a page of all products."""
        return self == Question(number=self.number)

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its address, in their order."""
        asked = {"q": self.words}
        for facet in FACETS:
            if facet.key in self.choices:
                asked[facet.key] = ",".join(self.choices[facet.key])
            elif facet.key in self.ranges:
                asked[facet.key] = written(self.ranges[facet.key])
        asked |= {
            "sort": self.sort,
            "view": "table" if self.is_table else "",
            "cols": ",".join(self.columns),
            "page": str(self.number) if self.number > 1 else "",
        }
        return [(name, value) for name, value in asked.items() if value]

    @property
    def url(self) -> str:
        query = urlencode(self.pairs(), safe=",:")
        return reverse("products") + (f"?{query}" if query else "")

    def on_page(self, number: int) -> Question:
        return replace(self, number=number)

    def without(self, part: str, value: str = "") -> Question:
        """The question without its words, a facet, or one of a facet's values; on its first page."""
        if part == WORDS:
            return replace(self, words="", sort="" if self.sort == BY_OFFERS else self.sort, number=1)
        choices = {key: values for key, values in self.choices.items() if key != part}
        if left := tuple(one for one in self.choices.get(part, ()) if value and one != value):
            choices[part] = left
        ranges = {key: one for key, one in self.ranges.items() if key != part}
        return replace(self, choices=choices, ranges=ranges, number=1)

    def asked(self, shopper: Shopper) -> Asked:
        """The same, as the index is asked for this reader."""
        return Asked(
            words=self.words,
            choices={key: frozenset(values) for key, values in self.choices.items()},
            ranges=self.ranges,
            sort=self.order,
            currency=shopper.currency,
            country=shopper.country,
        )


def written(one: Range) -> str:
    """`100-250`, `100-`, `-250`."""
    return f"{plain(one.low)}-{plain(one.high)}"


def plain(number: Decimal | None) -> str:
    """A number without needless noughts; empty for none."""
    return "" if number is None else f"{number.normalize():f}"
