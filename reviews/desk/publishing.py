"""When may readers see an article, and what exactly do they see? A revision: the draft, frozen.

Pages are made from the revision alone, so that editing a published article changes nothing until it is published again.
It stands above the pages because it refuses by what the page would show.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from catalog.services.page_changes import announce
from reviews.desk.gate import publishing_problems
from reviews.models import Article, Revision, RevisionProduct
from reviews.services.articles import ArticleError
from reviews.services.drafts import draft_content, is_same

if TYPE_CHECKING:
    from django.contrib.auth.models import User


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
    if revision is None or not is_same(revision.content, content):
        revision = _add_revision(draft, content, by=by, note=note, now=moment)
        draft.revised_at = moment if draft.published_at else None
    draft.live_revision = revision
    draft.status = Article.Status.PUBLISHED
    draft.public_slug = content["article"]["slug"]
    draft.published_at = draft.published_at or moment
    draft.save(update_fields=["live_revision", "status", "public_slug", "published_at", "revised_at"])
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
