"""How does an article get its words and blocks? The only place that saves a draft; readers see none of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.models import Product
from reviews.block_numbers import alike
from reviews.blocks import BLOCKS
from reviews.models import Article, Author, Block, BlockProduct


@dataclass(frozen=True, slots=True)
class BlockInput:
    """A block as an editor, an import or the seed gives it; `products` in the order in which they are shown.

    `key` is the block's own when it is there already; without one it is known by its place and kind.
    """

    kind: str
    data: Mapping[str, Any]
    products: Sequence[Product] = ()
    key: str = ""


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


# What the caller of `edit_article` may have set; all else belongs to the steps of `reviews.desk`.
EDITED = (
    "kind", "title", "slug", "standfirst", "author", "reviewer", "subject", "obtained", "about_kind", "about_type",
    "seo_title", "seo_description", "use_case", "picture", "planned_for", "expires_at",
)  # fmt: skip
_RELATED = {"author", "reviewer", "subject", "picture"}


@transaction.atomic
def edit_article(*, article: Article, blocks: Sequence[BlockInput]) -> Article:
    """Saves an article whose own fields were set by the caller, and makes its blocks the given ones, in their order.

    What changes anything raises the article's version. Raises `ArticleError`; nothing is saved then.
    """
    problems = _article_problems(article)
    wanted: list[dict[str, Any]] = []
    for number, given in enumerate(blocks, start=1):
        stored, found = _fitted(number, given)
        problems += found
        products = [product.pk for product in given.products]
        wanted.append({"key": given.key, "kind": given.kind, "data": stored, "products": products})
    if problems:
        raise ArticleError(problems)
    is_changed = _save_fields(article)
    is_changed = _write_blocks(article, wanted) or is_changed
    if is_changed:
        Article.objects.filter(pk=article.pk).update(version=F("version") + 1, updated_at=timezone.now())
        article.refresh_from_db(fields=["version", "updated_at"])
    return article


def _save_fields(article: Article) -> bool:
    """Whether they were different before. Only these columns: somebody may be publishing the article meanwhile."""
    columns = [f"{name}_id" if name in _RELATED else name for name in EDITED]
    stored = Article.objects.select_for_update().filter(pk=article.pk).values(*columns).first() if article.pk else None
    if stored is None:
        article.save()
        return False  # the first version is 1
    if stored == {column: getattr(article, column) for column in columns}:
        return False
    article.save(update_fields=EDITED)
    return True


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


def _write_blocks(article: Article, wanted: Sequence[Mapping[str, Any]]) -> bool:
    """A block keeps its row, and with it its key, wherever it moves. Whether anything had to be written."""
    present = list(article.blocks.prefetch_related("block_products"))
    rows = {row.key: row for row in present}
    kept = alike(wanted, [(row.key, _as_content(row)) for row in present])
    is_changed = False
    for position, block in enumerate(wanted, start=1):
        row = rows.pop(kept[position]) if position in kept else Block(article=article)
        if row.pk is None or (row.kind, row.position, row.data) != (block["kind"], position, block["data"]):
            row.kind, row.position, row.data = block["kind"], position, block["data"]
            row.save()
            is_changed = True
        is_changed = _write_products(row, block["products"]) or is_changed
    for row in rows.values():
        row.delete()
    return is_changed or bool(rows)


def _as_content(row: Block) -> dict[str, Any]:
    products = [link.product_id for link in row.block_products.all()]
    return {"key": row.key, "kind": row.kind, "data": row.data, "products": products}


def _write_products(block: Block, products: Sequence[int]) -> bool:
    if [link.product_id for link in block.block_products.all()] == list(products):
        return False
    block.block_products.all().delete()
    BlockProduct.objects.bulk_create(
        BlockProduct(block=block, product_id=product, position=position)
        for position, product in enumerate(products, start=1)
    )
    return True
