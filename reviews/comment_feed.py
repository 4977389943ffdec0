"""What was said last under an article? Atom, for whoever follows a thread without giving an address."""

from __future__ import annotations

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed

from reviews.comment_rows import newest_comments
from reviews.models import Article
from reviews.pages.comment_parts import comments_url
from reviews.remark_rows import marked_words

ENTRIES = 50
_IN_A_TITLE = 80
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
    rows = newest_comments(article, most=ENTRIES)
    passages = marked_words([row.pk for row in rows])
    for row in rows:
        feed.add_item(
            title=_title(row.name, passages.get(row.pk, "")),
            link=f"{address}#comment-{row.pk}",
            # Stays the same when the article moves.
            unique_id=f"{settings.SITE_URL}/comments/{row.pk}/",
            description=row.html,
            author_name=row.name,
            pubdate=row.written_at,
            updateddate=row.edited_at or row.written_at,
        )
    return feed


def _title(name: str, passage: str) -> str:
    """Of a remark, the words it is about too."""
    if not passage:
        return name
    return f"{name} on “{passage if len(passage) <= _IN_A_TITLE else passage[:_IN_A_TITLE].rsplit(' ', 1)[0] + ' …'}”"
