"""What did a product get by the active method: on each criterion, and in all for each use case?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from catalog.page_tags import note
from reviews.pages.weights import rank_url
from reviews.score_table import Method, active_method, overalls_of, scores_of_product


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """`tester` is empty when nobody had the product in hand."""

    criterion: str
    score: Decimal
    evidence: str
    evidence_url: str
    tester: str
    scored_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCaseLine:
    """`overall` is None when too little of what counts is scored."""

    label: str
    url: str
    overall: Decimal | None
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductScores:
    number: int
    url: str
    use_cases: tuple[UseCaseLine, ...]
    lines: tuple[ScoreLine, ...]


def method_of_pages() -> Method | None:
    """What the page is scored by. Four queries at most."""
    note("method")
    return active_method()


def product_scores(product_id: int, method: Method | None) -> ProductScores | None:
    """None without a method, or without any score. One query."""
    note(f"scores:{product_id}")
    rows = scores_of_product(method, product_id) if method else {}
    if method is None or not rows:
        return None
    return ProductScores(
        number=method.number,
        url=reverse("method"),
        use_cases=tuple(
            UseCaseLine(
                label=use_case.label, url=rank_url(use_case.key), overall=found.value, missing=len(found.missing)
            )
            for use_case in method.use_cases
            for found in overalls_of({product_id: rows}, use_case, [product_id]).values()
        ),
        lines=tuple(
            ScoreLine(
                criterion=criterion.label,
                score=row.value,
                evidence=row.evidence,
                evidence_url=row.evidence_url,
                tester=row.tester.name if row.tester else "",
                scored_on=row.scored_on,
            )
            for criterion in method.criteria
            if (row := rows.get(criterion.key))
        ),
    )
