"""How does an article get its words and blocks? The only place that saves a draft; readers see none of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.models import Product
from catalog.selectors import ids_by_slug
from reviews import block_fields, rich_text
from reviews.block_fields import PictureRef, Problem, ProductRef, Reference
from reviews.blocks import BLOCKS
from reviews.models import Article, Author, Picture
from reviews.services.block_rows import WantedBlock, write_blocks


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
    use_case: str = "",
    picture: Picture | None = None,
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
    article.use_case = use_case
    article.picture = picture
    return edit_article(article=article, blocks=blocks)


# What the caller of `edit_article` may have set; all else belongs to the steps of `reviews.desk`.
EDITED = (
    "kind", "title", "slug", "standfirst", "author", "reviewer", "subject", "obtained", "about_kind", "about_type",
    "seo_title", "seo_description", "use_case", "picture", "planned_for", "expires_at",
)  # fmt: skip
_RELATED = {"author", "reviewer", "subject", "picture"}


class ConflictError(ArticleError):
    """Somebody saved the article after the given version of it was read; nothing was saved."""

    def __init__(self, version: int) -> None:
        super().__init__(["Somebody saved this article after you opened it. Nothing of theirs was overwritten."])
        self.version = version


@transaction.atomic
def edit_article(*, article: Article, blocks: Sequence[BlockInput], seen_version: int | None = None) -> Article:
    """Saves an article whose own fields were set by the caller, and makes its blocks the given ones, in their order.

    What changes anything raises the article's version. `seen_version` is the version the caller's work is based on;
    without it whatever is there is replaced. Raises `ConflictError` and `ArticleError`; nothing is saved then.
    """
    columns = [f"{name}_id" if name in _RELATED else name for name in EDITED]
    # The row is held before anything is judged: of two who save at once, the second is compared with the first.
    rows = Article.objects.select_for_update().filter(pk=article.pk) if article.pk else Article.objects.none()
    stored = rows.values("version", *columns).first()
    if stored and seen_version is not None and stored["version"] != seen_version:
        raise ConflictError(stored["version"])
    problems = _article_problems(article)
    wanted, found = _fitted_blocks(blocks)
    if problems or found:
        raise ArticleError([*problems, *found])
    is_new = stored is None
    is_changed = stored is not None and any(stored[column] != getattr(article, column) for column in columns)
    if is_new:
        article.save()  # the first version is 1
    elif is_changed:
        # Only these columns: the other ones belong to the steps of `reviews.desk`.
        article.save(update_fields=EDITED)
    is_changed = write_blocks(article, wanted) or is_changed
    if is_changed and not is_new:
        Article.objects.filter(pk=article.pk).update(version=F("version") + 1, updated_at=timezone.now())
        article.refresh_from_db(fields=["version", "updated_at"])
    return article


def block_problem(number: int, kind: str, problem: object) -> str:
    """A problem with the block it is in: number from 1 and kind, as editors see them."""
    label = BLOCKS[kind].label if kind in BLOCKS else kind
    return f"Block {number} ({label}): {problem}"


def block_problems(blocks: Sequence[BlockInput]) -> list[str]:
    """What keeps these blocks from being saved, one sentence each, by number and kind."""
    return _fitted_blocks(blocks)[1]


def _fitted_blocks(blocks: Sequence[BlockInput]) -> tuple[list[WantedBlock], list[str]]:
    wanted: list[WantedBlock] = []
    problems: list[str] = []
    for number, given in enumerate(blocks, start=1):
        one, found = _fitted(number, given)
        wanted.append(one)
        problems += found
    return _with_priced(wanted), problems + _dangling(wanted)


def _with_priced(wanted: Sequence[WantedBlock]) -> list[WantedBlock]:
    """The blocks, each referring to the products too whose live price its running text names. One query where any does.

    A slug that is nobody's is left to the gate, which names it.
    """
    slugs = [_price_slugs(block) for block in wanted]
    known = ids_by_slug(slug for found in slugs for slug in found)
    return [
        replace(block, referred=[*block.referred, *(known[slug] for slug in found if slug in known)])
        for block, found in zip(wanted, slugs, strict=True)
    ]


def _price_slugs(block: WantedBlock) -> list[str]:
    fields = BLOCKS[block.kind].fields if block.kind in BLOCKS else ()
    return [slug for text in block_fields.rich_texts(fields, block.data) for slug in rich_text.price_slugs(text)]


def _fitted(number: int, given: BlockInput) -> tuple[WantedBlock, list[str]]:
    block = BLOCKS.get(given.kind)
    ids = [product.pk for product in given.products]
    if block is None:
        problem = block_problem(number, given.kind, f"there is no such kind; known are {', '.join(BLOCKS)}.")
        return WantedBlock(key=given.key, kind=given.kind, data={}, named=ids), [problem]
    stored, found = block.fit(given.data, product_count=len(ids))
    problems = [block_problem(number, given.kind, problem) for problem in found]
    if len(set(ids)) < len(ids):
        problems.append(block_problem(number, given.kind, "Products: one is named twice."))
    wanted = WantedBlock(
        key=given.key,
        kind=given.kind,
        data=stored,
        named=ids,
        referred=block_fields.references(block.fields, stored, ProductRef),
        pictures=block_fields.references(block.fields, stored, PictureRef),
    )
    return wanted, problems


def _dangling(wanted: Sequence[WantedBlock]) -> list[str]:
    """What the data refers to and is not there, by block and field. A query per kind of reference that is used."""
    products = {pk for block in wanted for pk in block.referred}
    pictures = {pk for block in wanted for pk in block.pictures}
    if products:
        products -= set(Product.objects.filter(pk__in=products).values_list("pk", flat=True))
    if pictures:
        pictures -= set(Picture.objects.filter(pk__in=pictures).values_list("pk", flat=True))
    if not products and not pictures:
        return []
    return [
        block_problem(number, block.kind, problem)
        for number, block in enumerate(wanted, start=1)
        for kind, gone, noun in ((ProductRef, products, "product"), (PictureRef, pictures, "picture"))
        for problem in _naming(BLOCKS[block.kind].fields if block.kind in BLOCKS else (), block.data, kind, gone, noun)
    ]


def _naming(
    fields: Sequence[block_fields.Field], data: Mapping[str, Any], kind: type[Reference], gone: set[int], noun: str
) -> list[Problem]:
    found: list[Problem] = []
    for field in fields:
        value = data.get(field.name)
        if isinstance(field, kind) and value in gone:
            found.append(Problem((field.name,), field.label, f"there is no {noun} with the id {value}."))
        elif isinstance(field, block_fields.Rows):
            for number, row in enumerate(value or [], start=1):
                found += [field.in_row(number, problem) for problem in _naming(field.columns, row, kind, gone, noun)]
    return found


def _article_problems(article: Article) -> list[str]:
    problems: list[str] = []
    try:
        # The database keeps its constraints itself; of what an editor can break this is the only one.
        article.full_clean(validate_constraints=False)
    except ValidationError as error:
        problems = [
            message if name == NON_FIELD_ERRORS else f"{name.replace('_', ' ').capitalize()}: {message}"
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    if article.kind == Article.ArticleKind.REVIEW and article.subject_id is None:
        problems.append("A review needs the product it reviews.")
    return problems
