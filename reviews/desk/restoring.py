"""How does an earlier state of an article become its working copy again, and what could not be brought back?

Readers see nothing of it until it is published. What is replaced is frozen first, so that restoring can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from catalog.models import Product
from reviews.block_fields import Field, PictureRef, ProductRef, Rows
from reviews.blocks import BLOCKS
from reviews.desk.versions import referred
from reviews.models import Article, Author, DraftVersion, Picture
from reviews.named_products import named
from reviews.services.articles import BlockInput, block_problem, edit_article
from reviews.services.drafts import draft_content, is_same

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Taken over as they are; what else an article has of its own is looked up first.
_PLAIN = ("title", "standfirst", "obtained", "about_kind", "about_type", "seo_title", "seo_description", "use_case")
_FIXED = {"kind": "kind", "author": "author", "subject": "product reviewed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`missing` says what could not be brought back, one sentence each. `kept` is what was replaced, if it differed."""

    missing: tuple[str, ...]
    kept: DraftVersion | None


@dataclass(frozen=True, slots=True)
class _Present:
    """What a content names and we still have."""

    products: Mapping[int, Product]
    pictures: frozenset[int]


@transaction.atomic
def restore(*, article: Article, content: Mapping[str, Any], by: User | None, now: datetime) -> Restored:
    """Makes the working copy what the content says (it has the form of `Revision.content`).

    What it names and we no longer have is left out and named. Raises `ArticleError`; nothing is changed then.
    """
    row = (
        Article.objects.select_for_update(of=("self",))
        .select_related("author", "reviewer", "subject", "live_revision")
        .get(pk=article.pk)
    )
    before = draft_content(row)
    kept = None
    if not is_same(before, content):
        kept = DraftVersion.objects.create(
            article=row, content=before, why=DraftVersion.Why.REPLACED, created_at=now, created_by=by
        )
    missing: list[str] = []
    _set_fields(row, content["article"], missing)
    blocks = _inputs(content["blocks"], missing)
    edit_article(article=row, blocks=blocks)
    article.refresh_from_db()
    return Restored(missing=tuple(missing), kept=kept)


# --- the article's own fields -----------------------------------------------------------------------------------------


def _set_fields(article: Article, told: Mapping[str, Any], missing: list[str]) -> None:
    for name in _PLAIN:
        setattr(article, name, told.get(name, ""))
    _set_slug(article, told["slug"], missing)
    _set_place(article, told, missing)
    reviewer = Author.objects.filter(slug=told.get("reviewer") or "").first()
    if told.get("reviewer") and reviewer is None:
        missing.append(f"Reviewer: there is no author “{told['reviewer']}” any more, so nobody is named.")
    article.reviewer = reviewer
    picture = Picture.objects.filter(pk=told.get("picture") or 0).first()
    if told.get("picture") and picture is None:
        missing.append(f"Picture: picture {told['picture']} was deleted, so the article has none.")
    article.picture = picture


def _set_slug(article: Article, slug: str, missing: list[str]) -> None:
    others = Article.objects.exclude(pk=article.pk)
    if others.filter(slug=slug).exists() or others.published().filter(public_slug=slug).exists():
        missing.append(f"Slug: another article has “{slug}” now, so “{article.slug}” stays.")
    else:
        article.slug = slug


def _set_place(article: Article, told: Mapping[str, Any], missing: list[str]) -> None:
    """Kind, author and subject: fixed while readers see the article."""
    author = Author.objects.filter(slug=told["author"]).first()
    subject = Product.objects.filter(pk=told["subject"] or 0).first()
    if author is None:
        missing.append(f"Author: there is no author “{told['author']}” any more, so {article.author} stays.")
    if told["subject"] and subject is None:
        missing.append(f"Product reviewed: product {told['subject']} was deleted, so today's stays.")
    wanted = {
        "kind": told["kind"],
        "author": author or article.author,
        "subject": article.subject if told["subject"] and subject is None else subject,
    }
    is_public = article.status == Article.Status.PUBLISHED
    for name, value in wanted.items():
        if value == getattr(article, name):
            continue
        if is_public:
            missing.append(f"The {_FIXED[name]} stays as it is: readers see this article now.")
        else:
            setattr(article, name, value)


# --- its blocks -------------------------------------------------------------------------------------------------------


def _inputs(blocks: Sequence[Mapping[str, Any]], missing: list[str]) -> list[BlockInput]:
    present = _present(blocks)
    has_keys = any(block.get("key") for block in blocks)
    found: list[BlockInput] = []
    for number, block in enumerate(blocks, 1):
        if has_keys and not block.get("key") and block["kind"] == "disclosure":
            continue  # publishing put it there and will do so again
        given = _input(number, block, present, missing)
        if given is not None:
            found.append(given)
    return found


def _present(blocks: Sequence[Mapping[str, Any]]) -> _Present:
    products = {pk for block in blocks for pk in (*block["products"], *referred(block, ProductRef))}
    pictures = {pk for block in blocks for pk in referred(block, PictureRef)}
    return _Present(
        Product.objects.select_related("brand").in_bulk(products),
        frozenset(Picture.objects.filter(pk__in=pictures).values_list("pk", flat=True)),
    )


def _input(number: int, block: Mapping[str, Any], present: _Present, missing: list[str]) -> BlockInput | None:
    """The block without what is gone; None when nothing that fits is left of it."""
    known, kind = BLOCKS.get(block["kind"]), block["kind"]
    if known is None:
        missing.append(block_problem(number, kind, "is left out: this kind is not installed any more."))
        return None
    products = [present.products[pk] for pk in named(block) if pk in present.products]
    missing += [
        block_problem(number, kind, f"product {pk} was deleted.") for pk in named(block) if pk not in present.products
    ]
    data = block["data"]
    if isinstance(data, Mapping):
        gone = [f"product {pk}" for pk in referred(block, ProductRef) if pk not in present.products]
        gone += [f"picture {pk}" for pk in referred(block, PictureRef) if pk not in present.pictures]
        missing += [block_problem(number, kind, f"{what} was deleted.") for what in gone]
        data = _without_gone(known.fields, data, present)
    problems = known.fit(data, product_count=len(products))[1]
    if problems:
        missing.append(block_problem(number, kind, f"is left out, since it does not fit any more: {problems[0]}"))
        return None
    return BlockInput(kind, data, products, key=block.get("key") or "")


def _without_gone(fields: Sequence[Field], data: Mapping[str, Any], present: _Present) -> dict[str, Any]:
    found = dict(data)
    for field in fields:
        value = data.get(field.name)
        if isinstance(field, Rows) and isinstance(value, list):
            rows = [_without_gone(field.columns, row, present) if isinstance(row, Mapping) else row for row in value]
            found[field.name] = rows
        elif (isinstance(field, ProductRef) and value not in present.products) or (
            isinstance(field, PictureRef) and value not in present.pictures
        ):
            found[field.name] = None
    return found
