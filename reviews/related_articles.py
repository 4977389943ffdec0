"""Which other articles is somebody who reads this one told of?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models.fields.json import KeyTextTransform, KeyTransform

from catalog.kept_query import KeptQuery, Question
from catalog.page_tags import note
from reviews.models import Article, RevisionProduct
from reviews.selectors import published_cards

_others = KeptQuery(
    lambda *, but: (
        published_cards()
        .exclude(pk=but)
        .select_related(None)
        .values_list(
            "pk",
            "live_revision_id",
            KeyTextTransform("about_kind", KeyTransform("article", "live_revision__content")),
            KeyTextTransform("about_type", KeyTransform("article", "live_revision__content")),
        )[:60]
    )
)
_shows = KeptQuery(
    lambda *, revisions, products: RevisionProduct.objects.filter(
        revision_id__in=revisions, product_id__in=products
    ).values_list("revision_id")
)
_cards = KeptQuery(lambda *, articles: published_cards().filter(pk__in=articles))


def others_question(article: Article) -> Question | None:
    """The first of what `related_articles` will ask, for `asked_together`."""
    return _others.of(but=article.pk)


def related_articles(
    article: Article, product_ids: Iterable[int], *, about_kind: str, about_type: str, limit: int = 4
) -> list[Article]:
    """Other articles that show the same products or belong to the same hub as published, newest and nearest first."""
    note("articles")
    others = _others.rows(but=article.pk)
    shared = Counter(
        revision for (revision,) in _shows.rows(revisions=[row[1] for row in others], products=sorted(set(product_ids)))
    )

    def nearness(other: tuple[int, int, str, str]) -> tuple[int, bool, bool]:
        _, revision, kind, product_type = other
        same_type = bool(about_type) and product_type == about_type
        same_kind = bool(about_kind) and kind == about_kind
        return (shared[revision], same_type, same_kind)

    nearest = [other[0] for other in sorted(others, key=nearness, reverse=True)[:limit]]
    # only now with their content: a card shows what was published
    cards = {row.pk: row for row in _cards.rows(articles=nearest)}
    return [cards[pk] for pk in nearest]
