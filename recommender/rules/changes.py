"""What is different between two versions of the rules, in words?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from recommender.rules.schema import Effect, Rule
from recommender.rules.sentences import condition_in_words, effect_in_words, listed, plain

_TEXTS = {
    "title": "title",
    "section": "section of the guide",
    "because": "sentence for the reader",
    "overridden": "sentence where it wins over others",
}
_WORDS = {
    "status": "switch",
    "layer": "layer",
    "strength": "strength",
    "basis": "basis",
    "scope": "reach of its overrides",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rule; `what` are whole sentences."""

    rule_id: str
    title: str
    what: tuple[str, ...]


def changes(before: Mapping[str, Rule], after: Mapping[str, Rule]) -> list[Change]:
    """Rules that differ, in the order of the newer version, then those that are gone."""
    ids = [*after, *(rule_id for rule_id in before if rule_id not in after)]
    found = []
    for rule_id in ids:
        was, becomes = before.get(rule_id), after.get(rule_id)
        if was == becomes:
            continue
        shown = becomes or was
        assert shown is not None
        found.append(Change(rule_id=rule_id, title=shown.title, what=tuple(changed(was, becomes))))
    return found


def changed(was: Rule | None, becomes: Rule | None) -> Iterator[str]:
    """What an editor did to a rule; None stands for a rule that is not there."""
    if was is None:
        yield "The rule is new."
    elif becomes is None:
        yield "The rule is gone."
    else:
        yield from _words(was, becomes)
        yield from _effects(was.effects, becomes.effects)
        yield from _rest(was, becomes)


def _words(was: Rule, becomes: Rule) -> Iterator[str]:
    for field, name in _TEXTS.items():
        old, new = getattr(was, field), getattr(becomes, field)
        if old != new:
            yield f"The {name} was “{old}” and becomes “{new}”." if old else f"The {name} becomes “{new}”."
    for field, name in _WORDS.items():
        old, new = getattr(was, field), getattr(becomes, field)
        if old != new:
            yield f"The {name} goes from {plain(old)} to {plain(new)}."


def _effects(was: tuple[Effect, ...], becomes: tuple[Effect, ...]) -> Iterator[str]:
    waiting = [effect for effect in was if effect not in becomes]
    for effect in (effect for effect in becomes if effect not in was):
        same = next((one for one in waiting if _but_for_the_weight(one, effect)), None)
        if same is None:
            yield f"New: it {effect_in_words(effect)}."
            continue
        waiting.remove(same)
        what = effect_in_words(effect).replace(f" with weight {effect.weight:f}", "")
        yield f"Where it {what}, the weight goes from {same.weight:f} to {effect.weight:f}."
    for effect in waiting:
        yield f"No longer: it {effect_in_words(effect)}."


def _rest(was: Rule, becomes: Rule) -> Iterator[str]:
    if was.activities != becomes.activities:
        yield f"It speaks for {listed(becomes.activities) or 'the whole person'}, before for {listed(was.activities)}."
    if was.when != becomes.when:
        yield f"It holds when {condition_in_words(becomes.when)}; before, when {condition_in_words(was.when)}."
    if was.overrides != becomes.overrides:
        yield f"It silences {listed(becomes.overrides) or 'nobody'}; before, {listed(was.overrides) or 'nobody'}."
    if (was.fires, was.silent) != (becomes.fires, becomes.silent):
        yield "Its examples are others."
    if (was.version, was.file) != (becomes.version, becomes.file):
        yield f"It stands in {becomes.file} as version {becomes.version}."


def _but_for_the_weight(one: Effect, other: Effect) -> bool:
    return (one.does, one.word, one.value, one.rank, one.activities, one.when) == (
        other.does,
        other.word,
        other.value,
        other.rank,
        other.activities,
        other.when,
    )
