"""What does an article show, block after block? The one place where blocks meet the page they stand on.

Pure: the revision's (or the draft's) blocks and the products' facts in, what the templates print out. It hands each
block its placement code, keeps the ids of headings apart and tells blocks whether a section has been opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reviews.block_fields import rich_texts
from reviews.blocks import BLOCKS
from reviews.blocks.base import Heading, ProductFacts, Surroundings
from reviews.rich_text import own_links

# Ids that the page around the article uses itself.
RESERVED_IDS = frozenset({"content"})
# A placement code has room for 60 characters (catalog.clicks); the rest is ".<block>.<item>".
_SLUG_ROOM = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBlock:
    """`template` is included with `block` set to `view`. `number` counts from 1, as editors do."""

    number: int
    kind: str
    template: str
    view: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    blocks: tuple[ShownBlock, ...]
    headings: tuple[Heading, ...]

    @property
    def sections(self) -> tuple[Heading, ...]:
        """The second-level headings: the table of contents."""
        return tuple(heading for heading in self.headings if heading.level == 2)


def own_targets(blocks: Iterable[Mapping[str, Any]]) -> set[str]:
    """Every `product:<slug>` and `article:<slug>` that the formatted texts link to."""
    return {
        target
        for content in blocks
        if (block := BLOCKS.get(content["kind"]))
        for html in rich_texts(block.fields, content["data"])
        for target in own_links(html)
    }


def product_ids(blocks: Iterable[Mapping[str, Any]]) -> list[int]:
    """The products the blocks show, each once, in order."""
    return list(dict.fromkeys(product for content in blocks for product in content["products"]))


def build_body(
    blocks: Sequence[Mapping[str, Any]],
    *,
    facts: Mapping[int, ProductFacts],
    links: Mapping[str, str],
    slug: str,
    today: date,
    disclosure_url: str,
) -> Body:
    """The article's blocks as they are shown. `blocks` have the shape of `Revision.content["blocks"]`.

    A block whose kind is no longer installed is left out; so is a product without facts.
    """
    shown: list[ShownBlock] = []
    headings: list[Heading] = []
    for number, content in enumerate(blocks, start=1):
        block = BLOCKS.get(content["kind"])
        if block is None:
            continue
        here = Surroundings(
            placement=f"{slug[:_SLUG_ROOM]}.{number}",
            today=today,
            disclosure_url=disclosure_url,
            links=links,
            heading_level=3 if headings else 2,
            taken_ids=RESERVED_IDS | {heading.id for heading in headings},
        )
        products = [facts[product] for product in content["products"] if product in facts]
        if block.products.problems(len(products)):
            continue
        view = block.build(content["data"], products, here)
        headings += getattr(view, "headings", ())
        shown.append(
            ShownBlock(number=number, kind=content["kind"], template=f"blocks/{content['kind']}.html", view=view)
        )
    return Body(blocks=tuple(shown), headings=tuple(headings))
