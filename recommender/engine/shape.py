"""What must the thing have, what would be nice, what is refused, of which type? The features a decision asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from recommender import vocabulary
from recommender.engine.kind import COUNTS
from recommender.engine.matching import Match
from recommender.rules.schema import LAYER_RANK, Effect

# A requirement of the use that did not decide the kind is still welcome, as far as that use counts.
CONSOLATION = Decimal("0.5")
NEVER_LOST = ("safety", "user_exclusion")
SHAPING = frozenset({"require_feature", "prefer_feature", "exclude_feature", "exclude_type", "type_vote", "advise"})
# A type is named when it has more than this part of the best one's votes.
MENTIONED = Decimal("0.1")
MIC_FEATURES = ("mic_builtin", "mic_high_quality", "mic_noise_cancelling", "mic_mute", "hands_free")
_PLACES = Decimal("0.001")
_FEATURE_PLACES = {name: place for place, name in enumerate(vocabulary.FEATURES)}
_EXCLUDABLE_PLACES = {word: place for place, word in enumerate(vocabulary.EXCLUDABLE)}
RADIO = ("wireless", "bluetooth", "dect", "low_latency_wireless")


@dataclass
class Shape:
    """Collected from the rules that hold; `used` are the ids of rules that left a trace in it."""

    kind: str
    must: dict[str, int] = field(default_factory=dict)  # feature → precedence of the layer that asks for it
    nice: dict[str, Decimal] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    types: dict[str, Decimal] = field(default_factory=dict)
    advisories: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def take(self, match: Match) -> None:
        lost = _voted_otherwise(match, self.kind)
        for effect in match.effects:
            if effect.does in SHAPING and self._take(match, effect, lost=lost):
                self.used.add(match.rule.id)

    def _take(self, match: Match, effect: Effect, *, lost: bool) -> bool:
        """Whether the effect left a trace."""
        share = match.share_of(effect)
        match effect.does:
            case "require_feature" if not lost and share >= COUNTS:
                return self._require(effect.word, match)
            case "require_feature":
                return self._prefer(effect.word, CONSOLATION * share)
            case "prefer_feature":
                return self._prefer(effect.word, effect.weight * share)
            # what safety or the shopper rules out stays out, even when the kind is left open
            case "exclude_feature" if (not lost or match.rule.layer in NEVER_LOST) and share >= COUNTS:
                return self._exclude(effect.word, match)
            case "exclude_type":
                return self._exclude(f"type:{effect.word}", match)
            case "type_vote" if self.kind == "either" or effect.word in _types_of(self.kind):
                self.types[effect.word] = self.types.get(effect.word, Decimal(0)) + effect.weight * share
                return True
            case "advise":
                self.advisories.add(effect.word)
                return True
        return False

    def _require(self, feature: str, match: Match) -> bool:
        if feature in MIC_FEATURES and self.kind == "headphones":
            return self._prefer(feature, CONSOLATION)
        rank = _rank(match)
        self.must[feature] = min(rank, self.must.get(feature, rank))
        return True

    def _exclude(self, word: str, match: Match) -> bool:
        rank = _rank(match)
        self.excluded[word] = min(rank, self.excluded.get(word, rank))
        return True

    def _prefer(self, feature: str, weight: Decimal) -> bool:
        self.nice[feature] = max(min(weight, Decimal(1)), self.nice.get(feature, Decimal(0)))
        return True

    # --- what comes out --------------------------------------------------------------------------------------

    @cached_property
    def must_have(self) -> tuple[str, ...]:
        """A must that a higher or equal layer refuses gives way: safety is never bargained with."""
        kept = [f for f, rank in self.must.items() if rank < self.excluded.get(f, rank + 1)]
        return tuple(sorted(kept, key=_FEATURE_PLACES.__getitem__))

    @cached_property
    def refused(self) -> tuple[str, ...]:
        kept = [word for word in self.excluded if word not in self.must_have]
        return tuple(sorted(kept, key=_EXCLUDABLE_PLACES.__getitem__))

    def nice_to_have(self) -> dict[str, Decimal]:
        kept = self.nice.keys() - {*self.must_have, *self.refused}
        return {f: self.nice[f].quantize(_PLACES) for f in sorted(kept, key=_FEATURE_PLACES.__getitem__)}

    def type_names(self) -> tuple[str, ...]:
        """Best first. When both kinds are shown, headphones come first: they are the broader class."""
        refused = self.refused
        worth = MENTIONED * max(self.types.values(), default=Decimal(0))
        standing = [
            name
            for name in vocabulary.HEADPHONE_TYPES + vocabulary.HEADSET_TYPES
            if self.types.get(name, Decimal(0)) > worth and name not in refused and f"type:{name}" not in refused
        ]
        return tuple(
            sorted(standing, key=lambda name: (name in vocabulary.HEADSET_TYPES, -self.types[name], _place(name)))
        )

    def facets(self) -> tuple[str, ...]:
        must = self.must_have
        found = {"wireless": any(feature in must for feature in RADIO), "noise-cancelling": "anc" in must}
        return tuple(name for name in vocabulary.FACETS if found[name])


def shape(kind: str, active: Iterable[Match]) -> Shape:
    collected = Shape(kind)
    for match in active:
        collected.take(match)
    return collected


def _voted_otherwise(match: Match, kind: str) -> bool:
    votes = [effect.word for effect in match.effects if effect.does in ("kind_vote", "require_kind")]
    return bool(votes) and kind not in votes


def _types_of(kind: str) -> Sequence[str]:
    return vocabulary.HEADSET_TYPES if kind == "headset" else vocabulary.HEADPHONE_TYPES


def _rank(match: Match) -> int:
    return LAYER_RANK[match.rule.layer]


def _place(name: str) -> int:
    return vocabulary.TYPES.index(name)
