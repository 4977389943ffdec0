"""Do two rules of one layer say opposite things to the same person, with nobody to decide between them?

People are made of the two rules' own examples and of what their conditions tell apart, and played through the engine:
whoever is named in a refusal is somebody for whom both rules really speak.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from recommender.answers import Needs, NeedsError, needs_from_mapping
from recommender.engine.matching import WHOLE, Match, Overrides, matches
from recommender.engine.state import state_of
from recommender.rules import Fault, Rule, RuleSet, domains, schema
from recommender.rules.conditions import State
from recommender.rules.schema import Effect

_OPPOSITES = {
    ("kind_vote", "kind_vote"),
    ("require_kind", "require_kind"),
    ("require_feature", "exclude_feature"),
    ("type_vote", "exclude_type"),
}
# Everything that the microphone can be to somebody: most facts are derived from it.
_TALKING = tuple(
    {"mic_need": need, **own}
    for need, own in product(
        (None, "required", "occasional", "none", "forbidden"),
        (
            {},
            {"has_separate_mic": True, "will_use_separate_mic": True},
            {"has_separate_mic": True, "will_use_separate_mic": False},
            {"has_separate_mic": False},
        ),
    )
)
# Ways to meet both conditions that are tried with each of them.
_MOST_WAYS = 12


def conflicts(ruleset: RuleSet) -> list[Fault]:
    """One fault for each pair that is left undecided for somebody, with that person."""
    found = []
    for first, second in combinations(ruleset.before_the_kind, 2):
        if first.layer != second.layer or first.id in second.overrides or second.id in first.overrides:
            continue
        for activity in _where_opposed(first, second):
            person = _somebody(first, second, activity, ruleset)
            if person is not None:
                found.append(_fault(first, second, activity, person))
                break
    return found


def _where_opposed(first: Rule, second: Rule) -> list[str]:
    """The activities about which they say opposite things; WHOLE when one of them speaks of the whole person."""
    about = set()
    for one, other in product(first.effects, second.effects):
        if not _are_opposed(one, other):
            continue
        theirs, others = one.activities or first.activities, other.activities or second.activities
        about |= set(theirs) & set(others) if theirs and others else {*theirs, *others} or {WHOLE}
    return sorted(about)


def _are_opposed(one: Effect, other: Effect) -> bool:
    pair = (one.does, other.does)
    if pair[0] == pair[1]:
        return pair in _OPPOSITES and one.word != other.word
    return one.word == other.word and (pair in _OPPOSITES or (pair[1], pair[0]) in _OPPOSITES)


def _somebody(first: Rule, second: Rule, activity: str, ruleset: RuleSet) -> Mapping[str, Any] | None:
    for person in _people(first, second, activity):
        try:
            needs = needs_from_mapping(person)
        except NeedsError:
            continue  # half of one example with half of another need not be anybody
        if _both_speak(first, second, needs, ruleset):
            return person
    return None


def _both_speak(first: Rule, second: Rule, needs: Needs, ruleset: RuleSet) -> bool:
    state = state_of(needs, ruleset)
    if len(matches((first, second), needs, state)) < 2:
        return False
    everybody = matches(ruleset.before_the_kind, needs, state)
    overrides = Overrides(everybody)
    one, other = (
        overrides.surviving(match) for match in everybody if match.rule.id in (first.id, second.id)
    )  # in precedence order, as the two are
    return any(
        _are_opposed(mine, theirs) and _share_a_use(one, mine, other, theirs)
        for mine, theirs in product(one.effects, other.effects)
    )


def _share_a_use(one: Match, mine: Effect, other: Match, theirs: Effect) -> bool:
    here, there = set(one.shares_of(mine)), set(other.shares_of(theirs))
    return bool(here & there or (WHOLE in here and there) or (WHOLE in there and here))


def _people(first: Rule, second: Rule, activity: str) -> Iterator[dict[str, Any]]:
    use = {"activities": {activity: 1}} if activity != WHOLE else {}
    for mine, theirs in product(first.fires, second.fires):
        for person in ({**mine, **theirs}, {**theirs, **mine}):
            yield {**person, **use}
            yield person
    ways = domains.ways_to_hold(first.when, second.when, most=_MOST_WAYS) or [{}]
    told: list[dict[str, Any]] = []
    for way in ways:
        needs = {**use, **_as_needs(way, activity)}
        if needs not in told:
            told.append(needs)
    for needs, talking in product(told, _TALKING):
        yield {**talking, **needs}


def _as_needs(state: State, activity: str) -> dict[str, Any]:
    """The part of a state that people tell; facts follow from it."""
    needs: dict[str, Any] = {}
    for field, value in state.items():
        if value is None or field in schema.FACTS or field == "kind":
            continue
        if field == "budget_usd":
            needs["budget"] = {"max": str(value), "currency": "USD"}
        elif field in ("age", "glasses", "hearing_aids"):
            needs.setdefault("user", {})[field] = int(value) if isinstance(value, Decimal) else value
        elif field in ("hearing_limit", "hearing_condition"):
            needs.setdefault("hearing", {})[field.removeprefix("hearing_")] = value
        elif field == "activities":
            needs["activities"] = dict.fromkeys(_names(value, activity), 1)
        elif field.startswith("activities.") and isinstance(value, Decimal) and value > 0:
            _split(needs, activity, field.removeprefix("activities."), value)
        elif isinstance(value, frozenset):
            needs[field] = sorted(value)
        elif "." not in field:
            needs[field] = str(value) if isinstance(value, Decimal) else value
    return needs


def _names(value: object, activity: str) -> list[str]:
    named = sorted(value) if isinstance(value, frozenset) else []
    return named if activity in (WHOLE, *named) else [*named, activity]


def _split(needs: dict[str, Any], activity: str, name: str, share: Decimal) -> None:
    """So much of the use for this activity, the rest for the one in question."""
    rest = Decimal(1) - share
    others = {activity: float(rest)} if activity not in (WHOLE, name) and rest > 0 else {}
    needs["activities"] = {**others, name: float(share)}


def _fault(first: Rule, second: Rule, activity: str, person: Mapping[str, Any]) -> Fault:
    about = f"about {activity.replace('_', ' ')}" if activity else "about the same person"
    return Fault(
        file=first.file,
        rule=first.id,
        field="then",
        problem=f"it and {second.id} say opposite things {about}, in the same layer ({first.layer}), and both hold for "
        f"somebody with {in_words(person)}. {_advice(first, second)}",
    )


def _advice(first: Rule, second: Rule) -> str:
    """The more special of the two is the one to win, as in most guides."""
    for special, general in ((first, second), (second, first)):
        narrow = set(special.activities) <= set(general.activities) or not general.activities
        if narrow and domains.implies(special.when, general.when) and not domains.implies(general.when, special.when):
            return f"{special.id} is the more special one: write overrides: [{general.id}] there, if it is to win."
    return "Say which one wins (overrides: […]), or move one to another layer."


def in_words(person: Mapping[str, Any]) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {_told(value)}" for name, value in person.items() if value is not None)


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{str(name).replace('_', ' ')} {_told(each)}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_told(each) for each in value[:5])
    return str(value).replace("_", " ")
