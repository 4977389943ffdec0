"""What does a rule say, in a sentence that an editor can read aloud?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recommender.rules.conditions import All, AnyOf, Condition, Not, Test
from recommender.rules.measures import measure_of
from recommender.rules.schema import LAYERS, Effect, Rule

_ASKED = {
    "eq": "is {}",
    "ne": "is not {}",
    "in": "is {}",
    "not_in": "is neither {}",
    "gte": "is at least {}",
    "lte": "is at most {}",
    "between": "lies between {}",
    "weight_gte": "is at least {}",
    "contains_any": "has {}",
    "contains_all": "has {}",
    "present": "was told",
    "absent": "was not told",
}
_JOINED = {"in": "or", "not_in": "nor", "contains_any": "or"}
_DONE = {
    "kind_vote": "votes for {}",
    "require_kind": "decides for {}",
    "accept_either": "accepts either kind",
    "type_vote": "votes for the type {}",
    "exclude_type": "rules out the type {}",
    "require_feature": "demands {}",
    "prefer_feature": "wishes for {}",
    "exclude_feature": "rules out {}",
    "derive": "takes {} to be {}",
    "advise": "adds the advice “{}”",
    "ask": "asks about {}",
    "neutral": "forbids that {} moves the kind",
    "note": "says its sentence",
}
FIELDS = {
    "activities": "what it is used for",
    "mic_need": "the need for a microphone",
    "speech_need": "the need to be heard",
    "separate_mic": "a microphone of one's own",
    "wear_hours_per_day": "hours of wear a day",
    "budget_usd": "the budget",
    "share.strange": "the part of uses nobody knows",
    "kind": "the kind decided on",
    "young": "the age of who wears it",
    "loud": "noise around the wearer",
    "traffic": "traffic around the wearer",
    "leakage": "harm by sound that leaks out",
}


def sentence(rule: Rule) -> str:
    """For whom, when, what, and over which other rules."""
    about = [f"for {listed(rule.activities)}"] if rule.activities else []
    when = [f"when {condition_in_words(rule.when)}"] if rule.when is not None else []
    start = ", ".join([*about, *when]) or "always"
    said = f"{start[:1].upper()}{start[1:]}, it {listed([effect_in_words(e) for e in rule.effects], '; ')}."
    if rule.overrides:
        reach = "whatever it is used for" if rule.scope == "all" else "there"
        said += f" It silences {listed(rule.overrides)} {reach}."
    factor = LAYERS[rule.layer]
    if rule.does("kind_vote") and factor != 1:
        said += f" As a rule of the layer “{plain(rule.layer)}”, its votes count {factor} times."
    return said


def condition_in_words(condition: Condition | None) -> str:
    match condition:
        case None:
            return "always"
        case Test():
            return _test(condition)
        case Not(part):
            return f"it is not so that {condition_in_words(part)}"
        case All(parts):
            return " and ".join(_inside(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_inside(part) for part in parts)


def effect_in_words(effect: Effect) -> str:
    said = _DONE[effect.does].format(plain(effect.word), plain(effect.value))
    if effect.does in ("kind_vote", "type_vote", "prefer_feature"):
        said += f" with weight {effect.weight:f}"
    if effect.activities:
        said += f" (for {listed(effect.activities)})"
    if effect.when is not None:
        said += f" (when {condition_in_words(effect.when)})"
    return said


def field_in_words(field: str) -> str:
    if field in FIELDS:
        return FIELDS[field]
    group, _, name = field.partition(".")
    return f"the part of {plain(name)} in the use" if name and group in ("activities", "share") else plain(field)


def asked_in_words(op: str) -> str:
    """What a condition asks of its field, before the value: “is at least”."""
    return _ASKED[op].replace(" {}", "") if op in _ASKED else plain(op)


def plain(word: str) -> str:
    return word.replace("_", " ")


def listed(words: Iterable[str], between: str = ", ", last: str = "and") -> str:
    """“a, b and c”."""
    each = [plain(word) for word in words]
    if len(each) < 2:
        return "".join(each)
    return f"{between.join(each[:-1])} {last} {each[-1]}"


def _inside(part: Condition) -> str:
    said = condition_in_words(part)
    return f"({said})" if isinstance(part, All | AnyOf) else said


def _test(test: Test) -> str:
    measure = measure_of(test.field)
    unit = {"years": " years", "hours a day": " hours", "US dollars, roughly": " US dollars"}.get(
        measure.unit if measure else "", ""
    )
    values: Sequence[object] = test.value if isinstance(test.value, tuple) else (test.value,)
    told = listed([_value(value) for value in values], last=_JOINED.get(test.op, "and")) + unit
    return f"{field_in_words(test.field)} {_ASKED[test.op].format(told)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{plain(value)}”" if isinstance(value, str) else str(value)
