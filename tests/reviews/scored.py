"""A method with scores, for tests: three criteria, two use cases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from catalog.models import Product
from reviews.models import MethodVersion
from reviews.services.methods import CriterionInput, UseCaseInput, activate_version, prepare_version, save_version
from reviews.services.scores import ScoreInput, save_scores

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = date(2026, 11, 20)
CRITERIA = (
    CriterionInput(key="sound", label="Sound", how="By ear, on three songs."),
    CriterionInput(key="comfort", label="Comfort", how="Worn for two hours."),
    CriterionInput(key="carrying", label="Carrying", how="By size and weight."),
)
USE_CASES = (
    UseCaseInput(key="everyday", label="Every day", weights={"sound": 50, "comfort": 30, "carrying": 20}),
    UseCaseInput(key="desk", label="At a desk", weights={"sound": 60, "comfort": 40}),
)


def make_draft(
    criteria: tuple[CriterionInput, ...] = CRITERIA, use_cases: tuple[UseCaseInput, ...] = USE_CASES
) -> MethodVersion:
    """The next version, made of these."""
    draft = prepare_version()
    save_version(version=draft, summary="How.", change_note="Why.", criteria=criteria, use_cases=use_cases)
    return draft


def make_method(
    criteria: tuple[CriterionInput, ...] = CRITERIA, use_cases: tuple[UseCaseInput, ...] = USE_CASES
) -> MethodVersion:
    draft = make_draft(criteria, use_cases)
    activate_version(version=draft, now=NOW)
    return draft


def give(version: MethodVersion, product: Product, **values: str) -> None:
    """Scores by the criterion's key."""
    save_scores(
        version=version,
        scores=[
            ScoreInput(
                product_id=product.pk, criterion=key, value=Decimal(value), evidence=f"Heard {key}.", scored_on=DAY
            )
            for key, value in values.items()
        ],
    )
