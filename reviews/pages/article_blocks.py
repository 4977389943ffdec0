"""What do the stored blocks of an article show, and what has to be known of the site before they are drawn?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reviews import rich_text
from reviews.block_fields import PictureRef, ProductRef, Reference, references, rich_texts
from reviews.block_numbers import numbers_of
from reviews.blocks import BLOCKS
from reviews.blocks.base import Heading, ProductFacts, Surroundings
from reviews.named_products import named
from reviews.revision_words import has_words

# A block as `Revision.content` has it.
Stored = Mapping[str, Any]


# Ids of the page's own parts: a heading "Related" of the article's gets another.
PAGE_IDS = frozenset(
    {"author-box", "content", "foot-email", "foot-website", "place", "place-country", "place-currency", "products"}
    | {"related", "scores", "site-q", "weigh-it", "what-changed", "where-to-buy", "your-weights"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBlock:
    """`number` is the one its links are counted by (`reviews.block_numbers`).

    `key`: by which remarks on its passages know it; empty where there is no text to remark on.
    """

    number: int
    key: str
    kind: str
    template: str
    view: object


def installed(blocks: Sequence[Stored]) -> list[tuple[int, Stored]]:
    """The blocks whose kind we still know, each with its number.

    A kind may be removed after publication, and then the rest of the article is worth more than an error page. The
    numbers stay, since the places of links name them.
    """
    return [
        (number, block) for number, block in zip(numbers_of(blocks), blocks, strict=True) if block["kind"] in BLOCKS
    ]


# --- what they ask for ---------------------------------------------------------------------------------------------


def products_in(stored: Iterable[Stored]) -> set[int]:
    """The ids of the products they name, and of those their rows refer to."""
    found = {pk for block in stored for pk in block["products"]}
    return found | {
        pk for block in stored for pk in references(BLOCKS[block["kind"]].fields, block["data"], ProductRef)
    }


def pictures_in(stored: Iterable[Stored]) -> set[int]:
    return _ids(stored, PictureRef)


def _ids(stored: Iterable[Stored], kind: type[Reference]) -> set[int]:
    return {pk for block in stored for pk in references(BLOCKS[block["kind"]].fields, block["data"], kind)}


def own_links_in(stored: Iterable[Stored]) -> list[str]:
    return [target for text in _texts(stored) for target in rich_text.own_links(text)]


def price_slugs_in(stored: Iterable[Stored]) -> list[str]:
    """The products whose live price stands in a text, by slug."""
    return [slug for text in _texts(stored) for slug in rich_text.price_slugs(text)]


def _texts(stored: Iterable[Stored]) -> list[str]:
    return [text for block in stored for text in rich_texts(BLOCKS[block["kind"]].fields, block["data"])]


# --- what they show ------------------------------------------------------------------------------------------------


def shown_blocks(numbered: Sequence[tuple[int, Stored]], page: Surroundings) -> tuple[ShownBlock, ...]:
    """Every block in order. `page` holds what they have in common; its `placement` is the page's.

    A block whose only product is gone is left out: the rest of the article is worth more than an error page.
    """
    cards = _cards(numbered, page.products)
    shown: list[ShownBlock] = []
    # The ids of headings that came before; those of cards are kept free for them.
    taken: set[str] = set()
    printed: set[int] = set()
    for number, block in numbered:
        plug_in, products = BLOCKS[block["kind"]], _named_facts(block, page.products)
        if plug_in.products.minimum and not products:
            continue
        here = replace(
            page,
            placement=f"{page.placement}.{number}",
            heading_level=3 if taken else 2,
            taken_ids=frozenset({*PAGE_IDS, *taken, *cards.values()}),
            cards=cards,
            card_id=_card_id(block, products, cards, printed),
        )
        view = plug_in.build(block["data"], products, here)
        taken.update(heading.id for heading in headings_of(view))
        kind = block["kind"]
        key = block.get("key", "") if has_words(kind) else ""
        shown.append(ShownBlock(number=number, key=key, kind=kind, template=f"blocks/{kind}.html", view=view))
    return tuple(shown)


def _named_facts(block: Stored, facts: Mapping[int, ProductFacts]) -> list[ProductFacts]:
    """The products the block names, in order; two that became one are shown once, what is gone is not shown."""
    return list({facts[pk].product_id: facts[pk] for pk in named(block) if pk in facts}.values())


def _cards(numbered: Sequence[tuple[int, Stored]], facts: Mapping[int, ProductFacts]) -> dict[int, str]:
    """Which id the card of each product has that has one, by product."""
    stored = [block for _, block in numbered]
    return {product.product_id: f"card-{product.slug}" for product in picks_of(stored, facts)}


def _card_id(block: Stored, products: Sequence[ProductFacts], cards: Mapping[int, str], printed: set[int]) -> str:
    """A product may have two cards on a page; links lead to the first."""
    if block["kind"] != "product_card" or products[0].product_id in printed:
        return ""
    printed.add(products[0].product_id)
    return cards[products[0].product_id]


def headings_of(view: object) -> tuple[Heading, ...]:
    headings: tuple[Heading, ...] = getattr(view, "headings", ())
    return headings


def contents_of(views: Iterable[object]) -> tuple[Heading, ...]:
    """The headings of the second level; a page with fewer than three needs no list of them."""
    found = tuple(heading for view in views for heading in headings_of(view) if heading.level == 2 and heading.id)
    return found if len(found) >= 3 else ()


def picks_of(stored: Iterable[Stored], facts: Mapping[int, ProductFacts]) -> tuple[ProductFacts, ...]:
    """The products that have a card of their own, in order."""
    cards = [block for block in stored if block["kind"] == "product_card"]
    found = [product for block in cards for product in _named_facts(block, facts)]
    return tuple({product.product_id: product for product in found}.values())


def discloses(stored: Iterable[Stored]) -> bool:
    """Whether a disclosure stands before the first block that carries offers."""
    for block in stored:
        if block["kind"] == "disclosure":
            return True
        if BLOCKS[block["kind"]].carries_offers_in(block["data"], product_count=len(block["products"])):
            return False
    return False
