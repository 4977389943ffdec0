"""What does the gate look at? An article's content, the page that readers would get of it, its blocks by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from reviews import rich_text
from reviews.block_fields import rich_texts
from reviews.block_numbers import numbers_of
from reviews.blocks import BLOCKS
from reviews.blocks.base import ProductFacts
from reviews.desk.gate.document import Document
from reviews.desk.gate.shops import shops
from reviews.models import Article, Correction
from reviews.named_products import named
from reviews.near_titles import NameRemark, name_remarks
from reviews.pages.article import ArticlePage, page_of_content

TEMPLATE = "reviews/article.html"
_CODES = re.compile(r"/go/([^/?#\"'&\s<]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A block of the content; `number` is its own (`reviews.block_numbers`).

    `counted` is its place as the editor counts, from 1; None for the disclosure that publishing adds.
    """

    number: int
    counted: int | None
    key: str
    kind: str
    data: Any
    products: Sequence[int]
    # Without those that its data only refers to (`reviews.named_products`).
    named: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything the checks read of one article. The page is drawn once, when the first of them asks for it."""

    article: Article
    content: Mapping[str, Any]
    now: datetime

    @property
    def told(self) -> Mapping[str, Any]:
        """The article's own fields."""
        told: Mapping[str, Any] = self.content["article"]
        return told

    @cached_property
    def blocks(self) -> tuple[Placed, ...]:
        return placed(self.content["blocks"])

    @cached_property
    def page(self) -> ArticlePage:
        return page_of_content(self.article, self.content, now=self.now, is_draft=True)

    @cached_property
    def document(self) -> Document:
        text = render_to_string(TEMPLATE, {"page": self.page, "marks_blocks": True})
        return document_of(text, written=frozenset(target for _, target in self.text_links))

    @cached_property
    def text_links(self) -> tuple[tuple[int, str], ...]:
        """What an editor linked to in running text: number of the block, and the target as it was written."""
        return tuple(
            (block.number, target)
            for block in self.blocks
            for text in rich_texts(BLOCKS[block.kind].fields, block.data)
            for target in rich_text.hrefs(text)
        )

    @cached_property
    def name_remarks(self) -> list[NameRemark]:
        """What is to be said of its title and its address. Two queries, for all the checks that ask."""
        names = {name: self.told.get(name) or "" for name in ("title", "seo_title", "slug")}
        return name_remarks(article_id=self.article.pk, **names)

    @cached_property
    def waiting_corrections(self) -> list[Correction]:
        """Those that readers get with the next publication. One query."""
        return list(self.article.corrections.filter(revision__isnull=True)) if self.article.pk else []

    @cached_property
    def products(self) -> dict[int, ProductFacts]:
        """Every product that the article names, once, by its own id (of a merged record, the kept one's)."""
        return {facts.product_id: facts for facts in self.page.facts.values()}

    def first_block_with(self, product_id: int) -> int | None:
        """The number of the first block that names the product; None when only the article's subject does."""
        for block in self.blocks:
            if any(self.page.facts[pk].product_id == product_id for pk in block.products if pk in self.page.facts):
                return block.number
        return None


def document_of(text: str, *, written: frozenset[str] = frozenset()) -> Document:
    """A page of ours as the checks read it. Two queries."""
    return Document(text, site=settings.SITE_URL, shops=shops(_CODES.findall(text)), written=written)


def placed(blocks: Sequence[Mapping[str, Any]]) -> tuple[Placed, ...]:
    """The blocks with both their numbers.

    What the editor wrote has a key since there are any; among such blocks, the one without was added by publishing.
    """
    has_keys = any(block.get("key") for block in blocks)
    counted = 0
    found: list[Placed] = []
    for number, block in zip(numbers_of(blocks), blocks, strict=True):
        is_added = has_keys and block["kind"] == "disclosure" and not block.get("key")
        counted += not is_added
        found.append(
            Placed(
                number=number,
                counted=None if is_added else counted,
                key=block.get("key") or "",
                kind=block["kind"],
                data=block["data"],
                products=block["products"],
                named=named(block),
            )
        )
    return tuple(found)


def carries_offers(block: Placed) -> bool:
    """Whether its template prints affiliate links as soon as a shop sells what it shows."""
    plug_in = BLOCKS.get(block.kind)
    return bool(plug_in and plug_in.carries_offers_in(block.data, product_count=len(block.products)))
