"""What must the thing have, what would be nice, what is refused, of which type? The features a decision asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

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
_NOTHING = Decimal(0)
_FEATURE_PLACES = {name: place for place, name in enumerate(vocabulary.FEATURES)}
_EXCLUDABLE_PLACES = {word: place for place, word in enumerate(vocabulary.EXCLUDABLE)}
_RANKS = {layer: Decimal(rank) for layer, rank in LAYER_RANK.items()}
_TYPE_PLACES = {name: place for place, name in enumerate(vocabulary.TYPES)}
RADIO = ("wireless", "bluetooth", "dect", "low_latency_wireless")


class Trace(NamedTuple):
    """What an effect leaves: `on` is the field of `Shape` it goes into, `number` a weight, or the rank of a layer."""

    on: str
    word: str
    number: Decimal = _NOTHING


@dataclass
class Shape:
    """Collected from the rules that hold; `used` are the ids of rules that left a trace in it."""

    must: dict[str, Decimal] = field(default_factory=dict)  # feature → precedence of the layer that asks for it
    nice: dict[str, Decimal] = field(default_factory=dict)
    excluded: dict[str, Decimal] = field(default_factory=dict)
    types: dict[str, Decimal] = field(default_factory=dict)
    advisories: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def take(self, traces: Iterable[Trace]) -> None:
        """Of several who ask for a word the highest layer counts, of wishes the strongest; votes are added up."""
        nice, types = self.nice, self.types
        for on, word, number in traces:
            if on == "nice":
                if word not in nice or number > nice[word]:
                    nice[word] = number
            elif on == "types":
                types[word] = types.get(word, _NOTHING) + number
            elif on == "advisories":
                self.advisories.add(word)
            else:
                ranks = self.must if on == "must" else self.excluded
                if word not in ranks or number < ranks[word]:
                    ranks[word] = number

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

    @cached_property
    def types_named(self) -> tuple[str, ...]:
        """Best first. When both kinds are shown, headphones come first: they are the broader class."""
        if not self.types:
            return ()
        refused = self.refused
        worth = MENTIONED * max(self.types.values())
        standing = [
            name
            for name, votes in self.types.items()
            if votes > worth and name not in refused and f"type:{name}" not in refused
        ]
        return tuple(
            sorted(standing, key=lambda name: (name in vocabulary.HEADSET_TYPES, -self.types[name], _TYPE_PLACES[name]))
        )

    def facets(self) -> tuple[str, ...]:
        must = self.must_have
        found = {"wireless": any(feature in must for feature in RADIO), "noise-cancelling": "anc" in must}
        return tuple(name for name in vocabulary.FACETS if found[name])


class Traces:
    """What rules that hold leave in a shape, worked out once for all shapes of one person and those near to them."""

    def __init__(self) -> None:
        # by kind, then by identity, and with the match itself: as long as it is kept, no other has its number
        self._known: dict[str, dict[int, tuple[Match, tuple[Trace, ...]]]] = {}

    def shape(self, kind: str, active: Iterable[Match]) -> Shape:
        collected, known = Shape(), self._known.setdefault(kind, {})
        left: list[Trace] = []
        for match in active:
            found = known.get(id(match))
            if found is None:
                found = known[id(match)] = (match, tuple(_traces(match, kind)))
            if found[1]:
                left += found[1]
                collected.used.add(match.rule.id)
        collected.take(left)
        return collected


def _traces(match: Match, kind: str) -> Iterator[Trace]:
    shaping = [effect for effect in match.effects if effect.does in SHAPING]
    lost = bool(shaping) and _voted_otherwise(match, kind)
    for effect in shaping:
        if trace := _trace(match, effect, match.share_of(effect), kind, lost=lost):
            yield trace


def _trace(match: Match, effect: Effect, share: Decimal, kind: str, *, lost: bool) -> Trace | None:
    match effect.does:
        case "require_feature" if not lost and share >= COUNTS:
            if effect.word in MIC_FEATURES and kind == "headphones":
                return _wish(effect.word, CONSOLATION)
            return Trace("must", effect.word, _RANKS[match.rule.layer])
        case "require_feature":
            return _wish(effect.word, CONSOLATION * share)
        case "prefer_feature":
            return _wish(effect.word, effect.weight * share)
        # what safety or the shopper rules out stays out, even when the kind is left open
        case "exclude_feature" if (not lost or match.rule.layer in NEVER_LOST) and share >= COUNTS:
            return Trace("excluded", effect.word, _RANKS[match.rule.layer])
        case "exclude_type":
            return Trace("excluded", f"type:{effect.word}", _RANKS[match.rule.layer])
        case "type_vote" if kind == "either" or effect.word in _types_of(kind):
            return Trace("types", effect.word, effect.weight * share)
        case "advise":
            return Trace("advisories", effect.word)
    return None


def _wish(feature: str, weight: Decimal) -> Trace:
    return Trace("nice", feature, min(weight, Decimal(1)))


def _voted_otherwise(match: Match, kind: str) -> bool:
    votes = [effect.word for effect in match.effects if effect.does in ("kind_vote", "require_kind")]
    return bool(votes) and kind not in votes


def _types_of(kind: str) -> Sequence[str]:
    return vocabulary.HEADSET_TYPES if kind == "headset" else vocabulary.HEADPHONE_TYPES
