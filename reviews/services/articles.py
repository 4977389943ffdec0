"""How does an article get its words and blocks? The only place that saves a draft; readers see none of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from catalog.models import Product
from reviews.blocks import BLOCKS
from reviews.models import Article, Author, Block, BlockProduct


@dataclass(frozen=True, slots=True)
class BlockInput:
    """A block as an editor, an import or the seed gives it; `products` in the order in which they are shown."""

    kind: str
    data: Mapping[str, Any]
    products: Sequence[Product] = ()


class ArticleError(Exception):
    """The article cannot be saved or published; `problems` says why, one sentence each, and nothing was changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@transaction.atomic
def save_article(
    *,
    slug: str,
    kind: str,
    title: str,
    standfirst: str,
    author: Author,
    blocks: Sequence[BlockInput],
    reviewer: Author | None = None,
    subject: Product | None = None,
    obtained: str = "",
    about_kind: str = "",
    about_type: str = "",
    seo_title: str = "",
    seo_description: str = "",
) -> Article:
    """Creates the article with this slug or makes it what is given; the same again changes nothing.

    Only the draft: what is published stays until `publish_article`. Raises `ArticleError`.
    """
    article = Article.objects.filter(slug=slug).first() or Article(slug=slug)
    article.kind = kind
    article.title = title
    article.standfirst = standfirst
    article.author = author
    article.reviewer = reviewer
    article.subject = subject
    article.obtained = obtained
    article.about_kind = about_kind
    article.about_type = about_type
    article.seo_title = seo_title
    article.seo_description = seo_description
    return edit_article(article=article, blocks=blocks)


@transaction.atomic
def edit_article(*, article: Article, blocks: Sequence[BlockInput]) -> Article:
    """Saves an article whose own fields were set by the caller, and makes its blocks the given ones, in their order.

    Raises `ArticleError`; nothing is saved then.
    """
    problems = _article_problems(article)
    wanted: list[tuple[str, dict[str, Any], list[int]]] = []
    for number, given in enumerate(blocks, start=1):
        stored, found = _fitted(number, given)
        problems += found
        wanted.append((given.kind, stored, [product.pk for product in given.products]))
    if problems:
        raise ArticleError(problems)
    article.save()
    _write_blocks(article, wanted)
    return article


def block_problem(number: int, kind: str, problem: object) -> str:
    """A problem with the block it is in: number from 1 and kind, as editors see them."""
    label = BLOCKS[kind].label if kind in BLOCKS else kind
    return f"Block {number} ({label}): {problem}"


def _fitted(number: int, given: BlockInput) -> tuple[dict[str, Any], list[str]]:
    block = BLOCKS.get(given.kind)
    if block is None:
        return {}, [block_problem(number, given.kind, f"there is no such kind; known are {', '.join(BLOCKS)}.")]
    ids = [product.pk for product in given.products]
    stored, found = block.fit(given.data, product_count=len(ids))
    problems = [block_problem(number, given.kind, problem) for problem in found]
    if len(set(ids)) < len(ids):
        problems.append(block_problem(number, given.kind, "Products: one is named twice."))
    return stored, problems


def _article_problems(article: Article) -> list[str]:
    try:
        article.full_clean()
    except ValidationError as error:
        return [
            message if name == NON_FIELD_ERRORS else f"{name.replace('_', ' ').capitalize()}: {message}"
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return []


def _write_blocks(article: Article, wanted: Sequence[tuple[str, dict[str, Any], list[int]]]) -> None:
    """Rows are kept where they already say what is wanted, so that saving twice writes once."""
    present = list(article.blocks.prefetch_related("block_products"))
    for position, (kind, data, products) in enumerate(wanted, start=1):
        row = present[position - 1] if position <= len(present) else Block(article=article)
        if row.pk is None or (row.kind, row.position, row.data) != (kind, position, data):
            row.kind, row.position, row.data = kind, position, data
            row.save()
        _write_products(row, products)
    for row in present[len(wanted) :]:
        row.delete()


def _write_products(block: Block, products: Sequence[int]) -> None:
    if [link.product_id for link in block.block_products.all()] == list(products):
        return
    block.block_products.all().delete()
    BlockProduct.objects.bulk_create(
        BlockProduct(block=block, product_id=product, position=position)
        for position, product in enumerate(products, start=1)
    )
