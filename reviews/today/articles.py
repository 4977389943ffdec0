"""Which articles wait for somebody: to be reviewed, answered, or written anew?"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from reviews.models import Article, DraftComment
from reviews.today.base import MOST_OF_A_KIND, Asker, Found, Item, Kind, counted, days_ago, found, readers_of

AGEING = timedelta(days=180)


def _reviews(asker: Asker) -> Found:
    """Asked of this person, or of nobody in particular."""
    rows = list(
        Article.objects.filter(stage=Article.Stage.IN_REVIEW)
        .filter(Q(review_asked_of=asker.user_id) | Q(review_asked_of__isnull=True))
        .select_related("author")
        .order_by("updated_at")[:MOST_OF_A_KIND]
    )
    readers = readers_of({row.get_absolute_url() for row in rows}, today=asker.today)
    return found(
        Item(
            title=str(row),
            detail=f"By {row.author}, last changed {days_ago(row.updated_at, asker.today)}. "
            f"{'You are asked to review it.' if row.review_asked_of_id else 'Nobody in particular is asked.'}",
            url=reverse("admin:reviews_article_change", args=[row.pk]),
            act="Review",
            readers=readers.of(row.get_absolute_url()),
            due=row.updated_at,
            is_mine=row.review_asked_of_id == asker.user_id,
        )
        for row in rows
    )


def _comments(asker: Asker) -> Found:
    """Open remarks on this person's working copies."""
    rows = (
        DraftComment.objects.filter(
            resolved_at__isnull=True, parent__isnull=True, article__author_id__in=asker.author_ids
        )
        .exclude(written_by=asker.user_id)
        .values("article", "article__title")
        .annotate(comments=Count("pk"), last=Max("written_at"))
        .order_by("-last")[:MOST_OF_A_KIND]
    )
    return found(
        Item(
            title=row["article__title"],
            detail=f"{counted(row['comments'], 'open comment')}, the last {days_ago(row['last'], asker.today)}.",
            url=reverse("admin:reviews_article_change", args=[row["article"]]),
            act="Answer",
            due=row["last"],
            is_mine=True,
        )
        for row in rows
    )


def _ageing(asker: Asker) -> Found:
    """Those that most readers see come first, not the oldest."""
    rows = [
        (row, row.revised_at or row.published_at or row.updated_at)
        for row in Article.objects.published()
        .alias(last=Coalesce("revised_at", "published_at"))
        .filter(last__lt=asker.now - AGEING)
        .only("title", "kind", "slug", "public_slug", "status", "author", "revised_at", "published_at", "updated_at")
    ]
    readers = readers_of((row.get_absolute_url() for row, _ in rows), today=asker.today)
    return found(
        Item(
            title=str(row),
            detail=f"Last revised {days_ago(last, asker.today)}.",
            url=reverse("admin:reviews_article_change", args=[row.pk]),
            act="Revise",
            readers=readers.of(row.get_absolute_url()),
            due=last,
            is_mine=row.author_id in asker.author_ids,
        )
        for row, last in rows
    )


REVIEWS = Kind(
    key="reviews",
    label="Reviews asked",
    needs="reviews.review_article",
    find=_reviews,
    none="No article waits for your review.",
)
COMMENTS = Kind(
    key="comments",
    label="Comments on your drafts",
    needs="reviews.view_article",
    find=_comments,
    none="No comment on a draft of yours is open.",
)
AGEING_ARTICLES = Kind(
    key="ageing",
    label="Ageing articles",
    needs="reviews.change_article",
    find=_ageing,
    none="Every article was revised within half a year.",
)
