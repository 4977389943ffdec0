"""At which address do readers find an article, and what becomes of the one they knew it by?

A former address leads straight to the article, whatever it is called today, so that no chain and no loop can grow. An
address that is somebody's today is nobody's former one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from reviews.models import Article, ArticleAddress
from reviews.models.article import address_taken


def address_problems(*, article: Article, slug: str) -> list[str]:
    """What keeps the article from being published under this slug: readers find another one there. One query."""
    other = Article.objects.published().filter(public_slug=slug).exclude(pk=article.pk).first()
    return [] if other is None else [f"Slug: {address_taken(other.title, slug)}"]


@transaction.atomic
def move_address(*, article: Article, told: Mapping[str, Any], now: datetime) -> None:
    """The article is about to be published as `told` (`content["article"]`): takes that address and leaves its former.

    Sets `public_slug` and saves it. Nothing stands in the way any more (`address_problems`). What other articles were
    formerly known by, and what a retired one was last known by, is taken over.
    """
    before = article.live_revision.content["article"] if article.live_revision else None
    kind, slug = told["kind"], told["slug"]
    ArticleAddress.objects.filter(kind=kind, slug=slug).delete()
    others = Article.objects.exclude(pk=article.pk)
    others.filter(public_slug=slug).exclude(status=Article.Status.PUBLISHED).update(public_slug="")
    is_moving = before is not None and (before["kind"], before["slug"]) != (kind, slug)
    if before is not None and is_moving and not others.filter(public_slug=before["slug"]).exists():
        ArticleAddress.objects.update_or_create(
            kind=before["kind"], slug=before["slug"], defaults={"article": article, "left_at": now}
        )
    article.public_slug = slug
    article.save(update_fields=["public_slug"])
