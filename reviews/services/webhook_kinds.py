"""What are partners told of articles, corrections and comments? Where they are read; nobody's words or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from partners.events import Kind
from reviews.models import Article, Comment, Correction

Told = Mapping[str, Mapping[str, Any]]


def articles_shown(ids: Sequence[str]) -> Told:
    """By the article's number; nothing of one that readers do not see (any more)."""
    rows = Article.objects.published().filter(pk__in=ids).select_related("live_revision")
    return {
        str(row.pk): {
            **_article(row),
            "title": row.shown["title"],
            "revision": row.live_revision.number if row.live_revision else None,
            "url": settings.SITE_URL + reverse("api-article", kwargs={"slug": row.public_slug}),
        }
        for row in rows
    }


def articles_withdrawn(ids: Sequence[str]) -> Told:
    """By the article's number; nothing of one that is back already."""
    rows = Article.objects.filter(pk__in=ids, status=Article.Status.RETIRED)
    return {str(row.pk): _article(row) for row in rows}


def corrections_published(ids: Sequence[str]) -> Told:
    """By the correction's number."""
    rows = Correction.objects.filter(pk__in=ids, revision__isnull=False, article__in=Article.objects.published())
    return {
        str(row.pk): {
            **_article(row.article),
            "correction": row.kind,
            "day": row.day.isoformat() if row.day else None,
            "page": f"{settings.SITE_URL}{reverse('corrections')}",
        }
        for row in rows.select_related("article")
    }


def comments_published(ids: Sequence[str]) -> Told:
    """By the comment's number; nothing of one that was taken away meanwhile."""
    rows = Comment.objects.filter(pk__in=ids, state=Comment.State.SHOWN, article__in=Article.objects.published())
    return {
        str(row.pk): {
            **_article(row.article),
            "comment": row.pk,
            "url": settings.SITE_URL + reverse("api-comments", kwargs={"slug": row.article.public_slug}),
        }
        for row in rows.select_related("article")
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "article": article.public_slug or article.slug,
        "kind": article.kind,
        "page": settings.SITE_URL + article.get_absolute_url(),
    }


KINDS = (
    Kind("article.published", "An article can be read", articles_shown),
    Kind("article.updated", "A published article was revised", articles_shown),
    Kind("article.withdrawn", "An article was taken from readers", articles_withdrawn),
    Kind("correction.published", "A correction was published", corrections_published),
    Kind("comment.published", "A comment can be read", comments_published),
)
