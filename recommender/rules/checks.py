"""Do the rules fit together? Ids, targets of overrides, cycles, what each layer may do, and neutral needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from recommender.rules import conditions, schema
from recommender.rules.faults import Fault
from recommender.rules.schema import Rule


def faults_among(rules: Sequence[Rule]) -> list[Fault]:
    faults = _twins(rules)
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        faults += _layer_faults(rule) + _condition_faults(rule) + _override_faults(rule, by_id)
    return faults + _cycles(rules) + _fact_faults(rules) + _neutrality_faults(rules)


def _fault(rule: Rule, field: str, problem: str) -> Fault:
    return Fault(file=rule.file, rule=rule.id, field=field, problem=problem)


def _twins(rules: Sequence[Rule]) -> list[Fault]:
    counts = Counter(rule.id for rule in rules)
    return [
        _fault(rule, "id", "two rules have this id; give one of them a new number.")
        for rule in rules
        if counts[rule.id] > 1
    ]


def _layer_faults(rule: Rule) -> list[Fault]:
    allowed = schema.ALLOWED[rule.layer]
    wrong = sorted({effect.does for effect in rule.effects if effect.does not in allowed})
    faults = [
        _fault(rule, "then", f"{name} is not allowed in the layer {rule.layer}, which may {', '.join(allowed)}.")
        for name in wrong
    ]
    if rule.does("require_kind") and rule.strength != "hard":
        faults.append(_fault(rule, "strength", "a rule that requires a kind is hard; write hard or use kind_vote."))
    return faults


def _condition_faults(rule: Rule) -> list[Fault]:
    faults = []
    if max(conditions.depth(asked) for asked in (rule.when, *(e.when for e in rule.effects))) > conditions.MAX_DEPTH:
        faults.append(_fault(rule, "when", f"nested deeper than {conditions.MAX_DEPTH}; split the rule in two."))
    if "kind" in rule.reads() and (rule.votes_on_kind or rule.overrides or rule.does("derive")):
        faults.append(_fault(rule, "when", "it reads the decided kind and moves it; drop one of the two."))
    for effect in rule.effects:
        strange = sorted(set(effect.activities) - set(rule.activities))
        if strange:
            faults.append(_fault(rule, "then", f"an effect is for {strange[0]}, which the rule itself is not for."))
    if rule.when is None and not rule.activities and rule.layer != "reading":
        faults.append(_fault(rule, "when", "it would always fire; say for which activities or when it holds."))
    return faults


def _override_faults(rule: Rule, by_id: Mapping[str, Rule]) -> list[Fault]:
    faults = []
    for target in rule.overrides:
        other = by_id.get(target)
        if other is None:
            faults.append(_fault(rule, "overrides", f"there is no rule {target}; correct the id or take it out."))
        elif other.precedence[0] < rule.precedence[0]:
            faults.append(
                _fault(
                    rule,
                    "overrides",
                    f"{target} is of the layer {other.layer}, above {rule.layer}; a lower layer cannot silence it.",
                )
            )
    if rule.overrides and not rule.overridden:
        faults.append(_fault(rule, "overridden", "is missing; say to the reader why the other rules lost."))
    return faults


def _cycles(rules: Sequence[Rule]) -> list[Fault]:
    edges = {rule.id: rule.overrides for rule in rules}
    faults = []
    for rule in rules:
        circle = _path_back(rule.id, edges)
        if circle:
            faults.append(_fault(rule, "overrides", f"rules silence each other in a circle: {' → '.join(circle)}."))
    return faults


def _path_back(start: str, edges: Mapping[str, Sequence[str]]) -> list[str]:
    """A path from a node back to itself, or an empty list."""
    trail = [[start, target] for target in edges.get(start, ())]
    seen: set[str] = set()
    while trail:
        path = trail.pop()
        if path[-1] == start:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            trail += [[*path, target] for target in edges.get(path[-1], ())]
    return []


def _fact_faults(rules: Sequence[Rule]) -> list[Fault]:
    """Facts are derived in one pass over an acyclic graph, and two rules never claim one fact with the same rank."""
    faults = []
    ranks: Counter[tuple[str, int]] = Counter()
    edges: dict[str, list[str]] = {}
    for rule in rules:
        for effect in rule.effects:
            if effect.does == "derive":
                ranks[effect.word, effect.rank] += 1
                edges.setdefault(effect.word, []).extend(f for f in rule.reads() if f in schema.FACTS)
    for rule in rules:
        for effect in rule.effects:
            if effect.does != "derive":
                continue
            if ranks[effect.word, effect.rank] > 1:
                faults.append(_fault(rule, "then", f"rank {effect.rank} of {effect.word} is taken; choose another."))
            circle = _path_back(effect.word, edges)
            if circle:
                faults.append(_fault(rule, "when", f"facts are derived in a circle: {' → '.join(circle)}."))
    return faults


def _neutrality_faults(rules: Sequence[Rule]) -> list[Fault]:
    """What an invariant declares neutral may not be read by a vote on the kind, nor by a fact such a vote reads."""
    neutral = {e.word: rule.id for rule in rules for e in rule.effects if e.does == "neutral"}
    reads: dict[str, set[str]] = {}
    for rule in rules:
        for effect in rule.effects:
            if effect.does == "derive":
                reads.setdefault(effect.word, set()).update(rule.reads())
    faults = []
    for rule in rules:
        # a rule that silences votes moves the kind as much as one that votes
        if not (rule.votes_on_kind or rule.overrides):
            continue
        read = set(rule.reads())
        for _ in schema.FACTS:
            read |= {deeper for field in read for deeper in reads.get(field, ())}
        faults += [
            _fault(rule, "when", f"it moves the kind and reads {field}, which {neutral[field]} forbids.")
            for field in sorted(read & set(neutral))
        ]
    return faults
