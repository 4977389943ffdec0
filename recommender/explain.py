"""Why this answer? At most four reasons for the reader, and the full trace for whoever wants to check it.

Every sentence comes from a rule and carries its id, basis and section; nothing is worded here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from recommender.answers import Needs
from recommender.decision import Decision, FiredRule, OverriddenRule
from recommender.engine.state import state_of
from recommender.rules import RuleSet
from recommender.rules.conditions import Test, Value, tests

MOST_REASONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One thing a rule asked, and what the needs answered; `have` is empty when that is unknown."""

    field: str
    op: str
    wanted: str
    have: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rule in the trace: what it said, what it read, what it added (positive towards a headset)."""

    rule: FiredRule
    title: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    steps: tuple[Step, ...]
    overridden: tuple[OverriddenRule, ...]
    facts: tuple[tuple[str, str], ...]
    margin: Decimal
    rules_version: str


def reasons(decision: Decision, ruleset: RuleSet, *, most: int = MOST_REASONS) -> tuple[FiredRule, ...]:
    """The rules that speak for the decision, the weightiest first: what forces the kind, what votes for it, what
    makes an exception or guards safety, and what sets a requirement. Rules against it are in the trace."""
    ranked = ((_group(fired, decision, ruleset), fired) for fired in decision.fired)
    told = [(group, fired) for group, fired in ranked if group is not None]
    told.sort(key=lambda item: (item[0], -abs(item[1].contribution), ruleset.rule(item[1].rule_id).precedence))
    return tuple(fired for _, fired in told[:most])


def trace(needs: Needs, decision: Decision, ruleset: RuleSet) -> Trace:
    """Everything the decision rests on, in precedence order."""
    state = {**state_of(needs, ruleset), "kind": decision.kind}
    steps = []
    for fired in decision.fired:
        rule = ruleset.rule(fired.rule_id)
        readings = tuple(_readings(tests(rule.when), state))
        steps.append(Step(rule=fired, title=rule.title, readings=readings))
    return Trace(
        steps=tuple(steps),
        overridden=decision.overridden,
        facts=tuple(sorted(decision.facts.items())),
        margin=decision.margin,
        rules_version=ruleset.version,
    )


def _group(fired: FiredRule, decision: Decision, ruleset: RuleSet) -> int | None:
    """The place of a rule among the reasons; None for rules that are no reason for this answer."""
    rule = ruleset.rule(fired.rule_id)
    speaks_for = {"headset": fired.contribution > 0, "headphones": fired.contribution < 0}
    if any(effect.does == "require_kind" and effect.word == decision.kind for effect in rule.effects):
        return 0
    if speaks_for.get(decision.kind, fired.contribution != 0):
        return 1
    if rule.does("ask", "accept_either") and decision.kind == "either":
        return 1
    if rule.layer in ("safety", "user_exclusion", "exception") and not fired.contribution:
        return 2
    if rule.layer == "remark" and not rule.does("require_feature"):
        # what it rules out in passing nobody had asked for
        return None
    if rule.does("require_feature", "exclude_feature") and not rule.votes_on_kind:
        # what is true by definition comes after what follows from these needs
        return 4 if rule.layer == "definition" else 3
    return None


def _readings(asked: Iterator[Test], state: dict[str, Value]) -> Iterator[Reading]:
    for test in asked:
        yield Reading(field=test.field, op=test.op, wanted=_shown(test.value), have=_shown(state.get(test.field)))


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset | tuple | list):
        return ", ".join(sorted(str(item) for item in value))
    return str(value)
