"""What are assistants told of articles: found, and each in Markdown?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from reviews import selectors
from reviews.api.articles import ArticleSummaryOut
from reviews.article_search import articles_with
from reviews.mcp.arguments import FindArticles, ReadArticle, RefusedError
from reviews.models import Article
from reviews.plain_texts import article_markdown

SCHEME = "earmark://articles/"
PER_PAGE = 50
_FOUND = 12


def address_of(article: Article) -> str:
    """The resource's own address."""
    return f"{SCHEME}{article.public_slug}"


def found_articles(asked: FindArticles, *, now: datetime) -> dict[str, Any]:
    found = articles_with(asked.words.replace("\x00", ""), limit=_FOUND)
    return {
        "articles": [{**ArticleSummaryOut(one).data, "resource": address_of(one)} for one in found.articles],
        "some_words_only": found.some_words_only,
    }


def one_article(asked: ReadArticle, *, now: datetime) -> dict[str, Any]:
    article = published(asked.slug)
    return {
        "slug": article.public_slug,
        "title": article.shown["title"],
        "url": settings.SITE_URL + article.get_absolute_url(),
        "markdown": article_markdown(article, now=now),
    }


def published(slug: str) -> Article:
    """By today's slug or a former one. Raises `RefusedError` when readers cannot see such an article."""
    rows = Article.objects.published().select_related("author", "reviewer", "live_revision")
    article = rows.filter(public_slug=slug).first()
    if article is None and (renamed := selectors.renamed_article(slug)):
        article = rows.filter(pk=renamed.pk).first()
    if article is None:
        raise RefusedError(f"There is no article `{slug[:80]}`. Look for one with `find_articles`.")
    return article


def listed(start: int) -> list[Article]:
    """A page of all published articles, newest first, and one more when there are more."""
    return list(selectors.published_articles()[start : start + PER_PAGE + 1])
