"""What would change the answer? Every small edit of the needs, tried on the engine itself, the easiest first.

The edits are a fixed catalogue with a cost each, in our judgement of how much a shopper would have to change: ten is a
word about taste, eighteen a changed life. No edit costs as much as two others together, so a single edit that leads
somewhere is always the smallest way there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from recommender.answers import Activity, Budget, Needs, shares
from recommender.decision import Decision
from recommender.engine import decide
from recommender.facts import CandidateFacts
from recommender.questions import MICROPHONE
from recommender.ranking import Catalogue, Selection, demand_of, first_of
from recommender.rules import Rule, RuleSet

KINDS = ("headset", "headphones")
MOST_WINNERS = 3

# What each answer costs to give otherwise. Of a budget the nearest step is the easiest.
BUDGET_STEPS = (
    ("+10%", Decimal("1.1"), 10),
    ("-10%", Decimal("0.9"), 10),
    ("+25%", Decimal("1.25"), 11),
    ("-25%", Decimal("0.75"), 11),
    ("+50%", Decimal("1.5"), 12),
    ("-50%", Decimal("0.5"), 12),
    ("+100%", Decimal(2), 13),
    ("none", None, 14),
)
WORDS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("connection", ("either", "wireless", "wired"), 11),
    ("sound_priority", ("normal", "top"), 11),
    ("portability", ("medium", "high"), 11),
    ("isolation", ("none", "high"), 12),
    ("awareness", ("none", "required"), 12),
)
HOURS_STEPS, HOURS_COST = (Decimal(1), Decimal(3), Decimal(5), Decimal(8)), 12
MORE_COST, WITHOUT_COST = 13, 16
MICROPHONE_COSTS = {"own": 15, "none": 16, "rarely": 17, "never": 18}
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One answer given otherwise: `key` is `<what>:<how>`, `changes` are the fields of `Needs` to replace."""

    key: str
    cost: int
    changes: Mapping[str, Any]

    def applied(self, needs: Needs) -> Needs:
        return replace(needs, **self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An edit of the needs that leads to another kind. Applied, the engine decides for `kind`."""

    key: str
    cost: int
    kind: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An edit of the needs that puts another product first, or (`product` is None) another type at the same kind."""

    key: str
    cost: int
    changes: Mapping[str, Any]
    kind: str
    type: str
    product: CandidateFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactuals:
    """The easiest edit to each other kind, to another first type, and to each of up to three other first products."""

    kinds: tuple[Flip, ...] = ()
    type: Turn | None = None
    winners: tuple[Turn, ...] = ()


def edits_of(needs: Needs) -> tuple[Edit, ...]:
    """All edits of these needs, the easiest first. Answers that were never given may be given by an edit."""
    found = [*_budget(needs), *_words(needs), *_hours(needs), *_activities(needs), *_microphone(needs)]
    return tuple(sorted(found, key=lambda edit: edit.cost))


def counterfactuals(
    needs: Needs,
    decision: Decision,
    ruleset: RuleSet,
    catalogue: Catalogue,
    *,
    winner: CandidateFacts | None,
    near: Selection | None = None,
    given_up: Iterable[str] = (),
) -> Counterfactuals:
    """Every edit is decided and, until enough is known, ranked. `winner` is the product that stands first now, found
    by `near`."""
    dropped = tuple(given_up)
    now = _Standing.of(decision, needs)
    price_only_advises = all(_says_only(rule) for rule in ruleset.rules if "budget_usd" in rule.reads())
    kinds: dict[str, Flip] = {}
    turned: Turn | None = None
    winners: dict[str, Turn] = {}
    for edit in edits_of(needs):
        other = edit.applied(needs)
        # where a price only advises, another budget leaves the decision as it is, and the list alone moves
        decided = decision if price_only_advises and edit.changes.keys() == {"budget"} else decide(other, ruleset)
        kind, first_type = decided.kind, next(iter(decided.types), "")
        if kind not in {decision.kind, "either"}:
            kinds.setdefault(kind, Flip(key=edit.key, cost=edit.cost, kind=kind, changes=edit.changes))
            continue
        turn = Turn(key=edit.key, cost=edit.cost, changes=edit.changes, kind=kind, type=first_type)
        if turned is None and kind == decision.kind and first_type and decision.types[:1] not in ((), (first_type,)):
            turned = turn
        if winner is None or len(winners) >= MOST_WINNERS or _Standing.of(decided, other) == now:
            continue
        best = winner_of(decided, other, catalogue, near=near, given_up=dropped)
        if best is not None and best.slug != winner.slug:
            winners.setdefault(best.slug, replace(turn, product=best))
    return Counterfactuals(kinds=tuple(kinds.values()), type=turned, winners=tuple(winners.values()))


def winner_of(
    decision: Decision,
    needs: Needs,
    catalogue: Catalogue,
    *,
    near: Selection | None = None,
    given_up: Iterable[str] = (),
) -> CandidateFacts | None:
    """The product that stands first: of the decided kind, or in the first of two lists that has any."""
    for kind in kinds_of(decision, needs):
        demand = demand_of(
            decision,
            kind=kind,
            budget=needs.budget,
            mic_forbidden=needs.mic_need == "forbidden",
            given_up=given_up,
        )
        if (best := first_of(demand, catalogue, near)) is not None:
            return best
    return None


def easiest(needs: Needs, ruleset: RuleSet, leads_there: Callable[[Needs, Decision], bool]) -> Edit | None:
    """The cheapest single edit after which this holds."""
    for edit in edits_of(needs):
        other = edit.applied(needs)
        if leads_there(other, decide(other, ruleset)):
            return edit
    return None


def kinds_of(decision: Decision, needs: Needs) -> tuple[str, ...]:
    """The kinds whose products are worth showing: both when it is a draw, none while no use was named (VER-8)."""
    if decision.kind in KINDS:
        return (decision.kind,)
    return KINDS if needs.activities else ()


@dataclass(frozen=True, slots=True)
class _Standing:
    """All that the list of products hangs on."""

    parts: tuple[object, ...]

    @classmethod
    def of(cls, decision: Decision, needs: Needs) -> _Standing:
        wishes = tuple(sorted(decision.nice_to_have.items()))
        asked = (decision.kind, decision.types, decision.facets, decision.must_have, decision.excluded, wishes)
        return cls((*asked, decision.use_case, decision.avoid_brands, needs.budget, needs.mic_need == "forbidden"))


def _says_only(rule: Rule) -> bool:
    return {effect.does for effect in rule.effects} <= {"advise", "note", "neutral"} and not rule.overrides


def _budget(needs: Needs) -> Iterator[Edit]:
    if needs.budget is None:
        return
    for name, factor, cost in BUDGET_STEPS:
        changed = None
        if factor is not None:
            maximum = (needs.budget.maximum * factor).quantize(CENT)
            if maximum == needs.budget.maximum:
                continue
            changed = Budget(maximum=maximum, currency=needs.budget.currency)
        yield Edit(key=f"budget:{name}", cost=cost, changes={"budget": changed})


def _words(needs: Needs) -> Iterator[Edit]:
    for field, values, cost in WORDS:
        have = getattr(needs, field)
        for value in values:
            # "none", "normal" and "either" say no more than nothing said
            if value != have and (have is not None or value not in {"none", "normal", "either", "medium"}):
                yield Edit(key=f"{field}:{value}", cost=cost, changes={field: value})


def _hours(needs: Needs) -> Iterator[Edit]:
    have = needs.wear_hours_per_day
    for hours in HOURS_STEPS:
        if hours != have:
            yield Edit(key=f"hours:{hours}", cost=HOURS_COST, changes={"wear_hours_per_day": hours})


def _activities(needs: Needs) -> Iterator[Edit]:
    if len(needs.activities) < 2:
        return
    for item in needs.activities:
        more = {other.name: other.weight * (2 if other is item else 1) for other in needs.activities}
        yield Edit(key=f"more:{item.name}", cost=MORE_COST, changes={"activities": shares(more)})
        rest = shares({other.name: other.weight for other in needs.activities if other is not item})
        yield Edit(key=f"without:{item.name}", cost=WITHOUT_COST, changes=_among(rest, needs))


def _among(rest: tuple[Activity, ...], needs: Needs) -> dict[str, Any]:
    names = {activity.name for activity in rest}
    return {
        "activities": rest,
        "unknown_activities": tuple(name for name in needs.unknown_activities if name in names),
    }


def _microphone(needs: Needs) -> Iterator[Edit]:
    blank: dict[str, Any] = {"mic_need": None, "has_separate_mic": None, "will_use_separate_mic": None}
    now = {name: getattr(needs, name) for name in blank}
    for answer, cost in MICROPHONE_COSTS.items():
        changes = {**blank, **MICROPHONE[answer]}
        if changes != now:
            yield Edit(key=f"mic:{answer}", cost=cost, changes=changes)
