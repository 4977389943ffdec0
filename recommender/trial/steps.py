"""How far does a draft move the rules from those in force: which weights too far at once, which rules out of sight?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from recommender.rules import Fault, Rule
from recommender.rules.schema import WEIGHTED, Effect

# A weight moves at most so far in one publication, unless the note says why.
STEP = Decimal("0.5")


def too_far(before: Mapping[str, Rule], rules: Sequence[Rule], *, note: str) -> list[Fault]:
    """Weights that move by more than half a vote, as long as there is no note."""
    if note.strip():
        return []
    return [
        Fault(
            file=rule.file,
            rule=rule.id,
            field=f"weight of {effect.does} {effect.word}",
            problem=f"it moves from {was.weight} to {effect.weight}, more than {STEP} at once. "
            "Move it in smaller steps, or say in the draft's note why.",
        )
        for rule in rules
        if rule.id in before
        for was, effect in moved_weights(before[rule.id], rule)
        if abs(effect.weight - was.weight) > STEP
    ]


def moved_weights(before: Rule, after: Rule) -> Iterator[tuple[Effect, Effect]]:
    """Effects that are the same but for their weight."""
    waiting = list(before.effects)
    for effect in after.effects:
        was = next((one for one in waiting if _same(one, effect)), None)
        if was is None or effect.does not in WEIGHTED:
            continue
        waiting.remove(was)
        if was.weight != effect.weight:
            yield was, effect


def lost_rules(before: Mapping[str, Rule], rules: Sequence[Rule]) -> list[Fault]:
    """Ids are never taken away: answers of before name them."""
    here = {rule.id for rule in rules}
    return [
        Fault(
            file=rule.file,
            rule=rule.id,
            problem="it is gone, but answers given before name it. Put it back, and write “status: retired”.",
        )
        for rule in before.values()
        if rule.id not in here
    ]


def _same(one: Effect, other: Effect) -> bool:
    return (one.does, one.word, one.activities, one.when) == (other.does, other.word, other.activities, other.when)
