"""What was decided, and by which rules? The engine's result before any product is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredRule:
    """A rule that contributed. `because` is our own sentence; `section` is the part of our guide it rests on."""

    rule_id: str
    because: str
    basis: str
    section: str
    layer: str
    # signed: positive speaks for a headset, negative for headphones, zero for rules that moved something else
    contribution: Decimal = Decimal(0)
    activity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverriddenRule:
    rule_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`kind` is headset, headphones or either; `outcome` is match or clarify (ranking may make it relaxed).

    `must_have` and `excluded` are feature names of the vocabulary (`type:<name>` and form names among the excluded);
    `nice_to_have` maps features to a weight between 0 and 1; `question` is the key of the one question that would
    change most, when the decision is not settled.
    """

    kind: str
    types: tuple[str, ...]
    facets: tuple[str, ...]
    must_have: tuple[str, ...]
    nice_to_have: Mapping[str, Decimal]
    excluded: tuple[str, ...]
    fired: tuple[FiredRule, ...]
    overridden: tuple[OverriddenRule, ...]
    advisories: tuple[str, ...]
    outcome: str
    margin: Decimal
    question: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    # which score of our reviews speaks for this use; the empty word is the overall, None: no use was named
    use_case: str | None = None
    # makers the shopper refuses, as they wrote them
    avoid_brands: tuple[str, ...] = ()
