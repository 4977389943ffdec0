"""When may readers see an article, and what exactly do they see? A revision: the draft, frozen.

`Revision.content` is {"article": its own fields, "blocks": [{"kind", "data", "products": ids}]}, with the blocks'
numbers where they are not their positions (`reviews.block_numbers`). Pages are made from it alone, so that editing a
published article changes nothing until it is published again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog.services.page_changes import announce
from reviews import own_links, rich_text
from reviews.block_fields import rich_texts
from reviews.block_numbers import with_numbers
from reviews.blocks import BLOCKS
from reviews.models import Article, Revision, RevisionProduct
from reviews.services.articles import ArticleError, block_problem

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BlockContent = Mapping[str, Any]


class PublishError(ArticleError):
    """The article may not be published; `problems` says why, and what readers see is unchanged."""


@transaction.atomic
def publish_article(
    *, article: Article, by: User | None = None, note: str = "", now: datetime | None = None
) -> Revision:
    """Freezes the draft into a new revision and shows it to readers.

    An unchanged draft makes no new revision. `note` goes into the public change log; `now` is aware. Raises
    `PublishError`.
    """
    draft = (
        Article.objects.select_for_update(of=("self",))
        .select_related("author", "reviewer", "live_revision")
        .get(pk=article.pk)
    )
    content = draft_content(draft)
    if problems := publishing_problems(content):
        raise PublishError(problems)
    moment = now or timezone.now()
    revision = draft.live_revision
    if revision is None or revision.content != content:
        revision = _add_revision(draft, content, by=by, note=note, now=moment)
        draft.revised_at = moment if draft.published_at else None
    draft.live_revision = revision
    draft.status = Article.Status.PUBLISHED
    draft.published_at = draft.published_at or moment
    draft.save(update_fields=["live_revision", "status", "published_at", "revised_at"])
    announce(f"article:{article.pk}")
    article.refresh_from_db()
    return revision


@transaction.atomic
def retire_article(*, article: Article) -> None:
    """Takes the article from readers. Its revisions stay; publishing shows it again."""
    row = Article.objects.select_for_update().get(pk=article.pk)
    row.status = Article.Status.RETIRED
    row.save(update_fields=["status"])
    announce(f"article:{article.pk}")
    article.refresh_from_db()


def draft_content(article: Article) -> dict[str, Any]:
    """What would be published: the draft's fields and blocks, with the disclosure in its place. Four queries at most.

    Blocks that readers see already keep their numbers.
    """
    blocks = [
        {
            "kind": block.kind,
            "data": _stored(block.kind, block.data),
            "products": [link.product_id for link in block.block_products.all()],
        }
        for block in article.blocks.prefetch_related("block_products")
    ]
    live = article.live_revision
    content = {
        "article": {
            "kind": article.kind,
            "title": article.title,
            "slug": article.slug,
            "standfirst": article.standfirst,
            "author": article.author.slug,
            "reviewer": article.reviewer.slug if article.reviewer else None,
            "subject": article.subject_id,
            "obtained": article.obtained,
            "about_kind": article.about_kind,
            "about_type": article.about_type,
            "seo_title": article.seo_title,
            "seo_description": article.seo_description,
        },
        "blocks": with_disclosure(blocks),
    }
    return with_numbers(content, before=live.content if live else None)


def with_disclosure(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks, with a disclosure at the top when they carry affiliate links and none of them is one (E15)."""
    has_one = any(block["kind"] == "disclosure" for block in blocks)
    if has_one or not any(map(_carries_offers, blocks)):
        return list(blocks)
    return [{"kind": "disclosure", "data": {"text": ""}, "products": []}, *blocks]


def publishing_problems(content: Mapping[str, Any]) -> list[str]:
    """Everything that keeps this content from readers, one sentence each, blocks by number and kind."""
    article, blocks = content["article"], content["blocks"]
    found: list[str] = []
    if not blocks:
        found.append("The article has no blocks yet.")
    if article["kind"] == Article.ArticleKind.REVIEW and not article["obtained"]:
        found.append("Obtained: a review says how its unit came to us.")
    found += _unfit_blocks(blocks)
    if found:  # the checks below read data that fits
        return found
    return [*_late_disclosure(blocks), *_heading_jumps(blocks), *_bad_links(blocks)]


def _add_revision(article: Article, content: dict[str, Any], *, by: User | None, note: str, now: datetime) -> Revision:
    latest = article.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = Revision.objects.create(
        article=article, number=latest + 1, content=content, created_by=by, note=note, created_at=now
    )
    ids = {product for block in content["blocks"] for product in block["products"]}
    if content["article"]["subject"]:
        ids.add(content["article"]["subject"])
    RevisionProduct.objects.bulk_create(
        RevisionProduct(revision=revision, product_id=product) for product in sorted(ids)
    )
    return revision


def _stored(kind: str, data: Any) -> Any:
    """The data as its block stores it today, or as it is when it does not fit (which the checks will say)."""
    block = BLOCKS.get(kind)
    if block is None:
        return data
    stored, problems = block.fit(data, product_count=block.products.minimum)
    return data if problems else stored


def _carries_offers(content: BlockContent) -> bool:
    block = BLOCKS.get(content["kind"])
    return bool(block and block.carries_offers and content["products"])


def _unfit_blocks(blocks: Sequence[BlockContent]) -> Iterator[str]:
    for number, content in enumerate(blocks, start=1):
        block = BLOCKS.get(content["kind"])
        if block is None:
            yield block_problem(number, content["kind"], "this kind is not installed. Remove the block.")
            continue
        for problem in block.fit(content["data"], product_count=len(content["products"]))[1]:
            yield block_problem(number, content["kind"], problem)


def _late_disclosure(blocks: Sequence[BlockContent]) -> Iterator[str]:
    kinds = [content["kind"] for content in blocks]
    if "disclosure" not in kinds:
        return
    place = kinds.index("disclosure")
    for number, content in enumerate(blocks[:place], start=1):
        if _carries_offers(content):
            yield block_problem(
                number,
                content["kind"],
                f"has affiliate links, so the disclosure (block {place + 1}) must stand before it.",
            )


def _heading_jumps(blocks: Sequence[BlockContent]) -> Iterator[str]:
    """Readers of screen readers walk by headings: after the title (level 1) no level may be skipped."""
    level = 1
    for number, content in enumerate(blocks, start=1):
        for heading in _headings(content):
            if heading.level > level + 1:
                jump = f"is level {heading.level} after level {level}; use level {level + 1}."
                yield block_problem(number, content["kind"], f"the heading “{heading.text}” {jump}")
            level = heading.level


def _headings(content: BlockContent) -> Iterator[rich_text.Heading]:
    block = BLOCKS[content["kind"]]
    if title := content["data"].get("title"):
        yield rich_text.Heading(2, title, "")
    for html in rich_texts(block.fields, content["data"]):
        yield from rich_text.shown(html, links={}).headings


def _bad_links(blocks: Sequence[BlockContent]) -> Iterator[str]:
    targets = [
        (number, content["kind"], target)
        for number, content in enumerate(blocks, start=1)
        for html in rich_texts(BLOCKS[content["kind"]].fields, content["data"])
        for target in rich_text.hrefs(html)
    ]
    own = [target for _, _, target in targets if target.startswith(rich_text.OWN_SCHEMES)]
    dangling = set(own_links.dangling(own))
    for number, kind, target in targets:
        if target in dangling:
            yield block_problem(number, kind, f"the link to “{target}” leads to nothing we have.")
        elif _is_affiliate(target):
            yield block_problem(
                number, kind, f"“{target}” is an affiliate link in running text; name the product in a product card."
            )


def _is_affiliate(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.path.startswith("/go/") and parts.netloc in ("", urlsplit(settings.SITE_URL).netloc)
