"""Which small edits of the needs are there, and what does each cost a shopper? A fixed catalogue, the easiest first.

The costs are our judgement of how much somebody would have to change: ten is a word about taste, eighteen a changed
life. No edit costs as much as two others together, so a single edit that leads somewhere is always the smallest way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from recommender.answers import Activity, Budget, Needs, shares
from recommender.questions import MICROPHONE

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
AND = " + "


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One answer given otherwise, or two: `key` is `<what>:<how>`, of two joined by a plus sign. `changes` are the
    fields of `Needs` to replace."""

    key: str
    cost: int
    changes: Mapping[str, Any]

    @property
    def but_for_the_budget(self) -> str:
        """The key of the same edit where the budget stays as it is."""
        return AND.join(one for one in self.key.split(AND) if not one.startswith("budget:"))

    def applied(self, needs: Needs) -> Needs:
        # dozens for each answer: the constructor would set all thirty fields one by one
        other = Needs.__new__(Needs)
        vars(other).update(vars(needs), **self.changes)
        return other


def edits_of(needs: Needs) -> tuple[Edit, ...]:
    """All edits of these needs, the easiest first. Answers that were never given may be given by an edit."""
    found = [*_budget(needs), *_words(needs), *_hours(needs), *_activities(needs), *_microphone(needs)]
    return tuple(sorted(found, key=lambda edit: edit.cost))


def pairs_of(edits: Sequence[Edit]) -> list[Edit]:
    """Any two of them that give different answers otherwise, as one edit each, the easiest first."""
    found = [
        Edit(key=f"{one.key}{AND}{other.key}", cost=one.cost + other.cost, changes={**one.changes, **other.changes})
        for one, other in combinations(edits, 2)
        if one.changes.keys().isdisjoint(other.changes)
    ]
    return sorted(found, key=lambda edit: edit.cost)


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
