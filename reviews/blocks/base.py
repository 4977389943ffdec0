"""What must a content block be able to do? The contract every file in this folder keeps.

A block is pure: it declares the fields an editor fills in (the admin builds its form from them), judges what was
filled in, and turns it into what its template shows. It imports neither Django nor models. Its template is
`templates/blocks/<key>.html` and sees the value that `build` returns as `block`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from catalog.shown_offer import ShownOffer
from reviews import block_fields, rich_text
from reviews.block_fields import (
    Choice,
    Choices,
    Field,
    Lines,
    LongText,
    Number,
    PictureRef,
    Problem,
    ProductRef,
    RichText,
    Rows,
    Text,
)
from reviews.exact_fields import Day, Flag, Grid, WebAddress
from reviews.rich_text import Heading, PricePlace, SafeHtml, paragraphs

__all__ = [
    "Block",
    "BlockText",
    "Choice",
    "Choices",
    "Day",
    "Field",
    "Flag",
    "Grid",
    "Heading",
    "InlinePrice",
    "Lines",
    "LongText",
    "Number",
    "PictureFacts",
    "PictureRef",
    "PictureSource",
    "Problem",
    "ProductFacts",
    "ProductRef",
    "ProductsNeeded",
    "RichText",
    "Rows",
    "SafeHtml",
    "SpecFact",
    "Surroundings",
    "Text",
    "WebAddress",
    "paragraphs",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecFact:
    """A spec as it is printed: `value` is None when it is not known."""

    key: str
    label: str
    value: str | None
    # "yes", "no", "unknown" or "value": how the page marks it, in sign and word, never by colour alone
    state: str
    # The bare number behind `value`, in the spec's own unit, where there is one: what comparisons compare.
    number: Decimal | None = None


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


@dataclass(frozen=True, slots=True)
class PictureSource:
    """One `<source>`: a media type and its `srcset`."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """A picture as blocks see it. `url` is one plain rendition for `<img>`; `sources` are the better ones, best first.

    `width` and `height` are those of the whole picture, so that its place is kept while it loads; `focus` is the point
    that has to stay when it is cropped, as shares of both.
    """

    picture_id: int
    alt: str
    caption: str
    credit: str
    source_url: str
    licence: str
    width: int
    height: int
    url: str
    sources: tuple[PictureSource, ...]
    focus: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class InlinePrice:
    """The live price of the product's best offer in a sentence; where no shop sells it, `words` lead to the product.

    Without `product` (it was deleted) the words stand alone.
    """

    words: SafeHtml
    product: ProductFacts | None
    placement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockText:
    """Formatted text with prices in it; `{% shown_text %}` prints it. A piece of HTML alone need not be whole."""

    pieces: tuple[SafeHtml | InlinePrice, ...]
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a block may know about the page it stands on.

    `placement` is the place it stands in (`catalog.placements`): article and block; a block adds the position.
    `links` maps the own targets of formatted text (`product:<slug>`) to addresses. `heading_level` is the level of a
    heading that opens no section of its own (a product's name): 3 inside a section, 2 before the first one.
    """

    placement: str
    today: date
    disclosure_url: str
    choose_url: str = ""
    how_we_work_url: str = ""
    compare_url: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    heading_level: int = 3
    taken_ids: frozenset[str] = frozenset()
    # The page's own path: a block does not link to the page it stands on.
    page_url: str = ""
    # Public pages of the scoring method: a version's is this with its number and a slash.
    method_url: str = "/method/"
    # By the id that the block's data names; what is gone or not ready is not in here.
    products: Mapping[int, ProductFacts] = field(default_factory=dict)
    pictures: Mapping[int, PictureFacts] = field(default_factory=dict)
    # By the slug that a text names as `price:<slug>`.
    priced: Mapping[str, ProductFacts] = field(default_factory=dict)
    # Where on this page a product has its card, by `product_id`; and the id of this block's own, when it is that card.
    cards: Mapping[int, str] = field(default_factory=dict)
    card_id: str = ""

    def placement_of(self, item: int) -> str:
        """The place of the item at this position, counted from 1."""
        return f"{self.placement}.{item}"

    def heading(self, text: str, level: int = 2) -> Heading:
        """A heading of the block's own that can be linked to."""
        return Heading(level, text, rich_text.free_anchor(text, self.taken_ids))

    def shown(self, html: str, after: Iterable[Heading] = (), first_item: int = 1) -> BlockText:
        """Formatted text as it is printed; `after` are the block's own headings, whose ids are taken.

        Its prices stand in the places from `first_item` on.
        """
        taken = {*self.taken_ids, *(heading.id for heading in after)}
        text = rich_text.shown(html, links=self.links, taken=taken)
        pieces: list[SafeHtml | InlinePrice] = []
        item = first_item
        for piece in text.pieces:
            if isinstance(piece, PricePlace):
                product = self.priced.get(piece.slug)
                pieces.append(InlinePrice(words=piece.words, product=product, placement=self.placement_of(item)))
                item += 1
            else:
                pieces.append(piece)
        return BlockText(pieces=tuple(pieces), headings=text.headings)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsNeeded:
    minimum: int = 0
    maximum: int = 0

    def problems(self, count: int) -> list[Problem]:
        if self.minimum <= count <= self.maximum:
            return []
        wanted = str(self.maximum) if self.minimum == self.maximum else f"{self.minimum} to {self.maximum}"
        return [Problem(("products",), "Products", f"{count} named; it takes {wanted}.")]


class Block(ABC):
    key: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()
    products: ClassVar[ProductsNeeded] = ProductsNeeded()
    # Does its template print affiliate links of the products it has? Asked through `carries_offers_in`.
    carries_offers: ClassVar[bool] = False
    # Data that fits, shown to editors and used by the contract test.
    example: ClassVar[Mapping[str, Any]] = {}

    def fit(self, data: object, *, product_count: int) -> tuple[dict[str, Any], list[Problem]]:
        """The data as it is stored, and everything that is wrong: single fields, number of products, the whole."""
        stored, found = block_fields.fit(self.fields, data)
        found += self.products.problems(product_count)
        if not found:
            found += [Problem((), "", text) for text in self.problems(stored, product_count=product_count)]
        return stored, found

    def problems(self, data: Mapping[str, Any], *, product_count: int) -> list[str]:
        """What is wrong beyond the single fields, one sentence each. The fields themselves are checked before."""
        return []

    def carries_offers_in(self, data: Mapping[str, Any], *, product_count: int | None = None) -> bool:
        """May affiliate links be printed for this data? The disclosure has to stand before such a block.

        A live price in running text is one too. `product_count`: how many products the block has in all, named or
        only referred to; not given, it is taken to have some.
        """
        if not isinstance(data, Mapping):
            return False
        if self.carries_offers and (product_count != 0 or block_fields.references(self.fields, data, ProductRef)):
            return True
        return any(rich_text.price_slugs(html) for html in block_fields.rich_texts(self.fields, data))

    @abstractmethod
    def build(self, data: Mapping[str, Any], products: Sequence[ProductFacts], here: Surroundings) -> object:
        """What the template shows: a frozen dataclass. `data` fits `fields`, `products` are as many as needed.

        Its headings, if it has any, are in `headings`: the page makes its table of contents from them.
        """
