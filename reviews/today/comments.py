"""Under which articles do readers' comments wait to be read?"""

from __future__ import annotations

from django.db.models import Count, Min
from django.urls import reverse

from reviews.models import Article, Comment
from reviews.today.base import Asker, Found, Item, Kind, counted, days_ago, found, readers_of


def _waiting(asker: Asker) -> Found:
    rows = (
        Comment.objects.order_by()
        .filter(state=Comment.State.HELD)
        .values("article")
        .annotate(number=Count("pk"), first=Min("written_at"))
    )
    waiting = {row["article"]: row for row in rows}
    articles = Article.objects.filter(pk__in=waiting)
    readers = readers_of({article.get_absolute_url() for article in articles}, today=asker.today)
    return found(
        Item(
            title=article.title,
            detail=f"{counted(waiting[article.pk]['number'], 'comment')} to read, the first from "
            f"{days_ago(waiting[article.pk]['first'], asker.today)}.",
            url=reverse("admin:reviews_comment_queue"),
            act="Read",
            readers=readers.of(article.get_absolute_url()),
            due=waiting[article.pk]["first"],
        )
        for article in articles
    )


READERS_COMMENTS = Kind(
    key="waiting",
    label="Readers’ comments",
    needs="reviews.change_comment",
    find=_waiting,
    none="No comment waits to be read.",
)
