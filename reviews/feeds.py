"""Which articles are new? Atom and RSS. No merchant's price is in them: most programmes forbid it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape

from reviews import selectors
from reviews.models import Article

ENTRIES = 30


def article_feed(kind: type[SyndicationFeed], *, url: str) -> SyndicationFeed:
    """The newest articles as a feed of this kind; `url` is the feed's own path."""
    feed = kind(
        title=settings.SITE_NAME,
        link=f"{settings.SITE_URL}{reverse('home')}",
        description="New and revised reviews and guides about headphones and headsets.",
        language="en",
        feed_url=f"{settings.SITE_URL}{url}",
    )
    for article in selectors.published_articles().prefetch_related("former_addresses")[:ENTRIES]:
        _add(feed, article)
    return feed


def _add(feed: SyndicationFeed, article: Article) -> None:
    selectors.note_article(article)
    link = f"{settings.SITE_URL}{article.get_absolute_url()}"
    feed.add_item(
        title=article.shown["title"],
        link=link,
        unique_id=f"{settings.SITE_URL}{_first_path(article)}",
        # Both formats take a description for HTML, and ours is plain text.
        description=escape(article.shown["standfirst"]),
        author_name=article.author.name,
        author_link=f"{settings.SITE_URL}{article.author.get_absolute_url()}",
        pubdate=article.published_at,
        updateddate=article.revised_at or article.published_at,
        categories=(article.get_kind_display(),),
    )


def _first_path(article: Article) -> str:
    """Where readers first found it: who follows the feed is not told of an article again because it moved."""
    first = min(article.former_addresses.all(), key=lambda address: address.left_at, default=None)
    return first.get_absolute_url() if first else article.get_absolute_url()


class _Steady(SyndicationFeed):
    """Django dates an empty feed by the moment it is asked: its digest would never be the same twice."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)


class _Atom(_Steady, Atom1Feed):
    pass


class _Rss(_Steady, Rss201rev2Feed):
    pass


# By the end of their address.
FORMATS: dict[str, type[SyndicationFeed]] = {"atom": _Atom, "rss": _Rss}
CONTENT_TYPES = {form: f"application/{form}+xml; charset=utf-8" for form in FORMATS}
