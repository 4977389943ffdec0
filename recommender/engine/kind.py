"""Headset, headphones or either, by what margin, and what would we have to ask to be sure?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from recommender.answers import Needs
from recommender.engine.matching import Match
from recommender.rules import Rule
from recommender.rules.conditions import State, Value
from recommender.rules.schema import LAYERS

# Below this margin both kinds are shown: three parts in twenty of the whole use.
TAU = Decimal("0.15")
# What takes less than this part of the use sets no requirements (it may still vote with its share).
COUNTS = Decimal("0.15")
# A question about an activity holds up the answer when the activity is at least this part of the use.
MATTERS = Decimal("0.5")
SIGN = {"headset": Decimal(1), "headphones": Decimal(-1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    kind: str
    margin: Decimal
    outcome: str = "match"
    question: str | None = None
    # rule id → what it added to the margin: positive towards a headset
    contributions: dict[str, Decimal] = field(default_factory=dict)


def verdict(needs: Needs, active: Sequence[Match], state: State) -> Verdict:
    """Hard rules first; else the sum of votes. Rules that say the same about one activity are one piece of evidence,
    of which only the strongest counts, so that repetition in an article adds no weight."""
    contributions = _contributions(active)
    margin = sum(contributions.values(), Decimal(0))
    required = {
        effect.word
        for match in active
        for effect in match.effects
        if effect.does == "require_kind" and match.share_of(effect) >= COUNTS
    }
    if len(required) > 1:
        kind, outcome, question = "either", "clarify", "mic_forbidden"
    elif required:
        kind, outcome, question = required.pop(), "match", None
    else:
        kind, outcome, question = _weighed(needs, active, margin)
    strange = _number(state.get("share.strange")) + _number(state.get("activities.unknown"))
    if strange:
        outcome, question = "clarify", "activities"
        kind = "either" if not required and abs(margin) <= strange else kind
    return Verdict(kind=kind, margin=margin, outcome=outcome, question=question, contributions=contributions)


def _weighed(needs: Needs, active: Sequence[Match], margin: Decimal) -> tuple[str, str, str | None]:
    asks = _questions(active)
    if abs(margin) >= TAU:
        kind = "headset" if margin > 0 else "headphones"
        holding_up = [key for key, share in asks if share >= MATTERS]
        # Whoever can be answered is answered, and asked beside it.
        return kind, "match", holding_up[0] if holding_up else None
    accepted = sum(
        (match.share_of(e) for match in active for e in match.effects if e.does == "accept_either"), Decimal(0)
    )
    if accepted >= MATTERS:
        return "either", "match", None
    if asks:
        return "either", "clarify", asks[0][0]
    return "either", "clarify", "priority" if len(needs.activities) > 1 else "activities"


def _questions(active: Sequence[Match]) -> list[tuple[str, Decimal]]:
    """The questions rules ask, the one about the largest share first."""
    shares: dict[str, Decimal] = {}
    for match in active:
        for effect in match.effects:
            if effect.does == "ask":
                shares[effect.word] = max(shares.get(effect.word, Decimal(0)), match.share_of(effect))
    return sorted(shares.items(), key=lambda item: (-item[1], item[0]))


def _contributions(active: Sequence[Match]) -> dict[str, Decimal]:
    strongest: dict[tuple[str, str], tuple[Decimal, Rule, Decimal]] = {}
    for match in active:
        for effect in match.effects:
            if effect.does != "kind_vote":
                continue
            strength = effect.weight * LAYERS[match.rule.layer]
            for activity, share in match.shares_of(effect).items():
                best = strongest.get((activity, effect.word))
                if best is None or (-strength, match.rule.specificity) < (-best[0], best[1].specificity):
                    strongest[activity, effect.word] = (strength, match.rule, share)
    added: dict[str, Decimal] = {}
    for (_, kind), (strength, rule, share) in strongest.items():
        added[rule.id] = added.get(rule.id, Decimal(0)) + SIGN[kind] * strength * share
    return added


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)
