"""Which rules hold, for which activities, and which of them are silenced by whom?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from recommender.answers import Needs
from recommender.decision import OverriddenRule
from recommender.engine.asking import EVERY_USE, Asked, Readers, asked
from recommender.rules import Rule
from recommender.rules.conditions import State
from recommender.rules.schema import Effect

# Stands for the person as a whole in rules that name no activity.
WHOLE = EVERY_USE
_ONE = Decimal(1)
_THE_WHOLE: Mapping[str, Decimal] = {WHOLE: _ONE}


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds, with those of its effects that hold too. `shares` are the activities it still speaks for;
    empty when it was silenced altogether."""

    rule: Rule
    shares: Mapping[str, Decimal]
    effects: tuple[Effect, ...]

    def does(self, *names: str) -> bool:
        return any(effect.does in names for effect in self.effects)

    def shares_of(self, effect: Effect) -> Mapping[str, Decimal]:
        """The part of the use this effect is about."""
        if not effect.activities:
            return self.shares
        return {name: share for name, share in self.shares.items() if name in effect.activities}

    def share_of(self, effect: Effect) -> Decimal:
        if self.shares is _THE_WHOLE and not effect.activities:
            return _ONE
        return sum(self.shares_of(effect).values(), Decimal(0))

    @property
    def main_activity(self) -> str:
        return min(self.shares, key=lambda name: (-self.shares[name], name), default=WHOLE)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Of rules that were asked, those that hold: by their places, and in the order of these. `uses`: those of the
    person, under which readers are looked up."""

    by_place: Mapping[int, Match]
    holding: tuple[Match, ...]
    uses: frozenset[str]


def matches(rules: Iterable[Rule], needs: Needs, state: State) -> list[Match]:
    """The rules whose condition is true, with the activities they speak for; overrides are not looked at yet."""
    return list(answers([asked(rule) for rule in rules], needs, state).holding)


def answers(rules: Sequence[Asked], needs: Needs, state: State) -> Answers:
    """The same of rules whose questions were made before."""
    weights = {activity.name: activity.weight for activity in needs.activities}
    found = {place: match for place, one in enumerate(rules) if (match := _match(one, weights, state)) is not None}
    return Answers(found, tuple(found.values()), frozenset((EVERY_USE, *weights)))


def answers_near(
    rules: Sequence[Asked], readers: Readers, before: Answers, changed: Iterable[str], needs: Needs, state: State
) -> Answers:
    """The same when `before` was said of a person who differs in the `changed` fields; `before` itself where nothing
    else is said of this one. Rules about uses that neither of them has are not looked at."""
    weights = {activity.name: activity.weight for activity in needs.activities}
    uses = before.uses.union(weights)
    reading = [readers[field] for field in changed if field in readers]
    found: dict[int, Match] | None = None
    for place in {place for by_use in reading for use in uses if use in by_use for place in by_use[use]}:
        match = _match(rules[place], weights, state)
        if match != before.by_place.get(place):
            found = dict(before.by_place) if found is None else found
            if match is None:
                del found[place]
            else:
                found[place] = match
    return before if found is None else Answers(found, tuple([found[place] for place in sorted(found)]), uses)


def _match(one: Asked, weights: Mapping[str, Decimal], state: State) -> Match | None:
    if one.activities and one.activities.isdisjoint(weights):
        return None
    if one.when(state) is not True:
        return None
    shares = _THE_WHOLE
    if one.activities:
        shares = {name: weights[name] for name in one.rule.activities if name in weights}
    if one.is_plain:
        return Match(one.rule, shares, one.rule.effects)
    effects = tuple(
        effect
        for effect, when in one.effects
        if (when is None or when(state) is True)
        and not (effect.activities and shares.keys().isdisjoint(effect.activities))
    )
    return Match(one.rule, shares, effects)


class Overrides:
    """Decides who silences whom. The graph has no circles (the loader saw to it), so the answer is unique."""

    def __init__(self, found: Iterable[Match]) -> None:
        self._matches = {match.rule.id: match for match in found}
        self._against: dict[str, list[Match]] = {}
        self._known: dict[tuple[str, str], Rule | None] = {}
        for match in self._matches.values():
            for target in match.rule.overrides:
                self._against.setdefault(target, []).append(match)

    def silencer(self, rule_id: str, activity: str) -> Rule | None:
        """The undefeated rule that silences this one for the activity, the most specific of the highest layer."""
        if rule_id not in self._against:
            return None
        asked = (rule_id, activity)
        if asked not in self._known:
            rivals = sorted(self._against[rule_id], key=lambda match: match.rule.specificity)
            self._known[asked] = next((rival.rule for rival in rivals if self._reaches(rival, activity)), None)
        return self._known[asked]

    def _reaches(self, rival: Match, activity: str) -> bool:
        standing = [name for name in rival.shares if self.silencer(rival.rule.id, name) is None]
        if rival.rule.scope == "all" or activity == WHOLE or WHOLE in standing:
            return bool(standing)
        return activity in standing

    def surviving(self, match: Match) -> Match:
        if match.rule.id not in self._against:
            return match
        kept = {name: share for name, share in match.shares.items() if self.silencer(match.rule.id, name) is None}
        effects = tuple(e for e in match.effects if not e.activities or kept.keys() & set(e.activities))
        return Match(match.rule, kept, effects)

    def losses(self, match: Match) -> Iterator[OverriddenRule]:
        """One entry for each rule that silenced this one somewhere."""
        if match.rule.id not in self._against:
            return
        silencers = [self.silencer(match.rule.id, name) for name in match.shares]
        for rule in {rule.id: rule for rule in silencers if rule is not None}.values():
            yield OverriddenRule(rule_id=match.rule.id, by=rule.id, reason=rule.overridden)
