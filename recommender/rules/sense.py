"""Does every rule say something? Conditions nobody meets or everybody does, numbers in another unit, rules never heard.

Costs more than a process should pay when it starts: drafts are asked this before they are published, and the rules
that ship with the code in a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recommender.rules import domains
from recommender.rules.conditions import All, Condition, holds, tests
from recommender.rules.faults import Fault
from recommender.rules.measures import measure_of
from recommender.rules.schema import LAYER_RANK, Effect, Rule


def senseless(rules: Sequence[Rule]) -> list[Fault]:
    """One fault for each rule, effect or number that means nothing, or not what was meant."""
    active = [rule for rule in rules if rule.status == "active"]
    by_id = {rule.id: rule for rule in active}
    faults = [fault for rule in active for fault in _own_faults(rule)]
    for rule in active:
        silencer = next((by_id[other.id] for other in active if _silences_for_good(other, rule, active)), None)
        if silencer is not None:
            faults.append(
                _fault(rule, "when", f"it can never be heard: {silencer.id} silences it wherever it holds; retire one.")
            )
        twin = next((other for other in active if _says_it_all(other, rule)), None)
        if twin is not None:
            faults.append(
                _fault(
                    rule,
                    "then",
                    f"it adds nothing: {twin.id} holds wherever it does and says the same at least as loudly. "
                    "Retire it, or say what is special here.",
                )
            )
    return faults


def _fault(rule: Rule, field: str, problem: str) -> Fault:
    return Fault(file=rule.file, rule=rule.id, field=field, problem=problem)


def _own_faults(rule: Rule) -> Iterator[Fault]:
    units = [_fault(rule, "when", said) for said in _wrong_units(rule)]
    if units:
        yield from units
        return
    if rule.when is not None:
        if domains.can_hold(rule.when) is None:
            yield _fault(
                rule, "when", "nobody can meet this condition: its tests exclude each other. Drop one of them."
            )
            return
        if _is_always_true(rule.when):
            yield _fault(
                rule, "when", "everybody who answered meets this condition; leave it out, or ask with “present”."
            )
    for index, effect in enumerate(rule.effects):
        if effect.when is not None and domains.can_hold(_both(rule.when, effect.when)) is None:
            yield _fault(rule, f"then[{index}]", "where the rule holds, this effect never does. Drop one of its tests.")


def _wrong_units(rule: Rule) -> Iterator[str]:
    for asked in (rule.when, *(effect.when for effect in rule.effects)):
        for test in tests(asked):
            measure = measure_of(test.field)
            if measure is None or test.value is None:
                continue
            for number in test.value if isinstance(test.value, tuple) else (test.value,):
                if not measure.least <= number <= measure.most:
                    yield (
                        f"{test.field} is counted in {measure.unit}, from {measure.least} to {measure.most}; "
                        f"{number} is outside."
                    )


def _is_always_true(condition: Condition) -> bool:
    """True of everybody whose answers are known. Whether somebody answered at all is a fair question."""
    if any(test.op in ("present", "absent") for test in tests(condition)):
        return False
    found = domains.states(condition)
    if found is None:
        return False
    known = [state for state in found if None not in state.values()]
    return all(holds(condition, state) is True for state in known)


def _both(first: Condition | None, second: Condition) -> Condition:
    return second if first is None else All((first, second))


def _covers(wide: Rule, narrow: Rule) -> bool:
    """The wide rule speaks for all that the narrow one speaks for, whenever it does."""
    if bool(wide.activities) != bool(narrow.activities) or not set(narrow.activities) <= set(wide.activities):
        return False
    return domains.implies(narrow.when, wide.when)


def _silences_for_good(other: Rule, rule: Rule, active: Sequence[Rule]) -> bool:
    if rule.id not in other.overrides or any(other.id in one.overrides for one in active):
        return False
    return _covers(other, rule)


def _says_it_all(other: Rule, rule: Rule) -> bool:
    """Rows of the guide repeat each other on purpose: each is cited, and of equal votes only the strongest counts."""
    if other.id == rule.id or rule.basis == "seed" or rule.layer in ("reading", "invariant") or rule.overrides:
        return False
    if LAYER_RANK[other.layer] != LAYER_RANK[rule.layer] or rule.does("note"):
        return False
    return all(any(_is_as_loud(theirs, effect) for theirs in other.effects) for effect in rule.effects) and _covers(
        other, rule
    )


def _is_as_loud(theirs: Effect, effect: Effect) -> bool:
    if (theirs.does, theirs.word) != (effect.does, effect.word) or theirs.weight < effect.weight:
        return False
    return (not theirs.activities or theirs.activities == effect.activities) and theirs.when in (None, effect.when)
