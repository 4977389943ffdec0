"""What must a content block be able to do? The contract every file in this folder keeps.

A block is pure: it declares the fields an editor fills in (the admin builds its form from them), judges what was
filled in, and turns it into what its template shows. It imports neither Django nor models. Its template is
`templates/blocks/<key>.html` and sees the value that `build` returns as `block`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from catalog.shown_offer import ShownOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing an editor fills in. `name` is the key in the block's data."""

    name: str
    label: str
    help: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """One line of plain text."""

    max_length: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText(Field):
    """Paragraphs of plain text; a blank line separates them."""

    max_length: int = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class RichText(Field):
    """Formatted text. Stored as HTML, sanitised on save and again before it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Field):
    """A list of short plain texts, one on each line."""

    minimum: int = 0
    maximum: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Field):
    """Any number of the options, in the order chosen."""

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A decimal number, kept as text so that nothing is rounded."""

    minimum: Decimal
    maximum: Decimal
    places: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Field):
    """A list of rows with the same columns; a column is any field but `Rows`."""

    columns: tuple[Field, ...]
    minimum: int = 0
    maximum: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecFact:
    """A spec as it is printed: `value` is None when it is not known."""

    key: str
    label: str
    value: str | None
    # "yes", "no", "unknown" or "value": how the page marks it, in sign and word, never by colour alone
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A product as blocks see it: read once per page, whatever the number of blocks."""

    product_id: int
    slug: str
    name: str
    brand: str
    kind: str
    kind_label: str
    type_labels: tuple[str, ...]
    url: str
    picture: str
    summary: str
    is_discontinued: bool
    specs: Mapping[str, SpecFact]
    offers: tuple[ShownOffer, ...]
    review_url: str
    overall_score: Decimal | None

    @property
    def best_offer(self) -> ShownOffer | None:
        return self.offers[0] if self.offers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a block may know about the page it stands on.

    `placement` is the prefix of the placement code of its links: article and block; a block adds the position.
    """

    placement: str
    today: date
    disclosure_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsNeeded:
    minimum: int = 0
    maximum: int = 0


class Block(ABC):
    key: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()
    products: ClassVar[ProductsNeeded] = ProductsNeeded()
    # Data that fits, shown in the admin's gallery and used by the contract test.
    example: ClassVar[Mapping[str, Any]] = {}

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        """What is wrong beyond the single fields, one sentence each. The fields themselves are checked before."""
        return []

    @abstractmethod
    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> object:
        """What the template shows: a frozen dataclass. `data` fits `fields`, `products` are as many as needed."""
