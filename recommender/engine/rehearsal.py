"""Does every rule do what its own examples say? The examples of the rule files, played through the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recommender.answers import NeedsError, needs_from_mapping
from recommender.engine import decide
from recommender.engine.state import state_of
from recommender.rules import Fault, Rule, RuleSet


def faults_in(ruleset: RuleSet) -> tuple[Fault, ...]:
    """One fault for each example that does not hold: a rule that stays silent where it should speak, or the reverse."""
    return tuple(fault for rule in ruleset.rules for fault in _rule_faults(rule, ruleset))


def _rule_faults(rule: Rule, ruleset: RuleSet) -> Iterator[Fault]:
    for name, examples, wanted in (("tests.fires", rule.fires, True), ("tests.silent", rule.silent, False)):
        for index, example in enumerate(examples):
            problem = _problem(rule, ruleset, example, wanted=wanted)
            if problem:
                yield Fault(file=rule.file, rule=rule.id, field=f"{name}[{index}]", problem=problem)


def _problem(rule: Rule, ruleset: RuleSet, example: Mapping[str, Any], *, wanted: bool) -> str:
    try:
        spoke = speaks(rule, ruleset, example)
    except NeedsError as error:
        return f"the example cannot be read: {error}"
    if spoke == wanted:
        return ""
    return "the rule stays silent here; mend its condition or the example." if wanted else "the rule speaks here."


def speaks(rule: Rule, ruleset: RuleSet, example: Mapping[str, Any]) -> bool:
    """Whether the rule has a part in the answer to these needs; a `reading` rule has one when its fact comes true."""
    needs = needs_from_mapping(example)
    if rule.layer == "reading":
        state = state_of(needs, ruleset)
        return all(state[effect.word] == effect.value for effect in rule.effects)
    return any(fired.rule_id == rule.id for fired in decide(needs, ruleset).fired)
