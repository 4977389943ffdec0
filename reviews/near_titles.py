"""Which other articles have the same title, or nearly, or an address that this one takes over?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from reviews.likeness import is_alike, is_same, slug_advice
from reviews.models import Article, ArticleAddress

# So many are named; who has more of them knows by then.
MOST = 5


@dataclass(frozen=True, slots=True)
class NameRemark:
    """`check` is the key of the gate's check that says it (`reviews.desk.gate.names`)."""

    check: str
    message: str


def name_remarks(*, article_id: int | None, title: str, seo_title: str, slug: str) -> list[NameRemark]:
    """What could be mistaken for another article or be a better address, one sentence each. Two queries.

    Readers and search engines see `seo_title or title`. Retired articles are nobody's rivals.
    """
    return [
        *_rivals(article_id, title, seo_title),
        *(NameRemark("slug-unclear", message) for message in slug_advice(slug)),
        *_taken_over(article_id, slug),
    ]


def _rivals(article_id: int | None, title: str, seo_title: str) -> list[NameRemark]:
    shown = KeyTransform("article", "live_revision__content")
    others = (
        Article.objects.exclude(Q(pk=article_id) | Q(status=Article.Status.RETIRED))
        .annotate(live_title=KeyTextTransform("title", shown), live_seo=KeyTextTransform("seo_title", shown))
        .order_by("-published_at", "-id")
        .values_list("title", "seo_title", "live_title", "live_seo", "status")
    )
    same: list[str] = []
    near: list[str] = []
    for theirs, their_seo, live, live_seo, status in others:
        where = f"“{live or theirs}” ({Article.Status(status).label.lower()})"
        if any(is_same(title, other) for other in (theirs, live or "")):
            same.append(f"{where} has the same title. Readers cannot tell them apart.")
        elif any(is_same(seo_title or title, other) for other in (their_seo or theirs, live_seo or live or "")):
            same.append(f"{where} has the same title in search results. They would compete with each other.")
        elif is_alike(seo_title or title, their_seo or theirs):
            near.append(f"{where} has nearly the same title.")
    both = [("title-duplicate", message) for message in same] + [("title-near", message) for message in near]
    return [NameRemark(check, message) for check, message in both[:MOST]]


def _taken_over(article_id: int | None, slug: str) -> Iterator[NameRemark]:
    former = ArticleAddress.objects.filter(slug=slug).exclude(article=article_id).select_related("article").first()
    if former is not None:
        yield NameRemark(
            "slug-taken-over",
            f"“{former.article.title}” was at the address “{slug}” before. Whoever follows old links there will come "
            "to this article once it is published.",
        )
