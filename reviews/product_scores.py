"""What does the catalogue's index know of our scores? As the products' cards print them, and by use case."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Q

from catalog.product_rows import ProductScores, Scores
from reviews.models import Article, Score
from reviews.score_table import Method, active_method
from reviews.scoring import overall
from reviews.selectors import score_of


def product_scores(ids: Collection[int] | None) -> Scores:
    """Of these products, or of all. Six queries at most, two before there is a method."""
    by_review = _by_review(ids)
    method = active_method()
    by_case = _by_use_case(method, ids) if method else {}
    default = method.default.key if method and method.default else ""
    found = {}
    for product_id in {*by_review, *by_case}:
        cases = by_case.get(product_id, {})
        in_review = by_review.get(product_id)
        shown = cases.get(default) if in_review is None else in_review
        found[product_id] = ProductScores(overall=shown, use_cases=cases)
    return Scores(of=found, labels={case.key: case.label for case in method.use_cases} if method else {})


def _by_review(ids: Collection[int] | None) -> dict[int, Decimal | None]:
    """What the newest published review of each says, as `selectors.reviews_of` reads it."""
    wanted = Q() if ids is None else Q(subject__in=ids) | Q(subject__merged_into__in=ids)
    rows = (
        Article.objects.published()
        .filter(wanted, kind=Article.ArticleKind.REVIEW, subject__isnull=False)
        .select_related("live_revision", "subject")
        .order_by("published_at", "id")
    )
    found: dict[int, Decimal | None] = {}
    for article in rows:
        assert article.subject is not None
        assert article.live_revision is not None
        reviewed = article.subject.merged_into_id or article.subject.pk
        found[reviewed] = score_of(article.live_revision.content, article.subject.pk)
    return found


def _by_use_case(method: Method, ids: Collection[int] | None) -> dict[int, dict[str, Decimal]]:
    """The overalls there are."""
    keys = {criterion.pk: criterion.key for criterion in method.criteria}
    wanted = Q() if ids is None else Q(product__in=ids)
    scores: dict[int, dict[str, Decimal]] = {}
    rows = Score.objects.filter(wanted, criterion__in=keys, is_confirmed=True).order_by()
    for product_id, criterion, value in rows.values_list("product", "criterion", "value"):
        scores.setdefault(product_id, {})[keys[criterion]] = value
    found: dict[int, dict[str, Decimal]] = {}
    for product_id, given in scores.items():
        overalls = {case.key: overall(given, case.weights).value for case in method.use_cases}
        found[product_id] = {case: value for case, value in overalls.items() if value is not None}
    return found
