"""What was said last under an article? Atom, for whoever follows a thread without giving an address."""

from __future__ import annotations

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed

from reviews.comment_rows import newest_comments
from reviews.models import Article
from reviews.pages.comment_parts import comments_url

ENTRIES = 50
CONTENT_TYPE = "application/atom+xml; charset=utf-8"


def comments_of(article: Article) -> SyndicationFeed:
    """The newest comments and answers; sanitised HTML, no address of anybody."""
    own = comments_url(article)
    title = article.shown["title"]
    feed = Atom1Feed(
        title=f"Comments: {title}",
        link=f"{settings.SITE_URL}{own}",
        description=f"What readers say about “{title}”.",
        language="en",
        feed_url=f"{settings.SITE_URL}{own}feed/",
    )
    address = f"{settings.SITE_URL}{article.get_absolute_url()}"
    for row in newest_comments(article, most=ENTRIES):
        feed.add_item(
            title=f"{row.name}",
            link=f"{address}#comment-{row.pk}",
            # Stays the same when the article moves.
            unique_id=f"{settings.SITE_URL}/comments/{row.pk}/",
            description=row.html,
            author_name=row.name,
            pubdate=row.written_at,
            updateddate=row.edited_at or row.written_at,
        )
    return feed
