"""WHAT CLAIMS HANG ON: one file per condition, one line here. Recipe: docs/extending.md."""

from catalog.registry import plug_ins
from reviews.conditions.base import Condition

CONDITIONS: dict[str, Condition] = plug_ins(
    __name__,
    Condition,
    "price_below",
    "price_above",
    "cheapest_among",
    "price_drop_at_least",
    "in_stock",
    "available_at",
    "still_made",
    "newest_of_its_line",
    "weight_below",
    "spec_at_least",
    "spec_at_most",
    "spec_equals",
    "score_at_least",
    "best_score_among",
    "checked_within",
)
