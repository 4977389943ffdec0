"""What is a rule? The shape of the YAML files beside this module, and the words they may use.

A file holds a list of rules. A rule looks like this (everything not marked optional is required):

    - id: UHP-4                      # unique, never reused; capital letters, a hyphen, a number
      title: Gamer with a microphone of their own
      section: Use cases for headphones    # the part of our guide it rests on
      basis: seed                    # seed | editorial | safety | legal
      layer: exception               # precedence, see LAYERS; the same layer also says which effects are allowed
      strength: soft                 # hard | soft
      for: [gaming_voice]            # optional: the activities it speaks for; without it, for the whole person
      when: {field: separate_mic, op: eq, value: kept}     # optional: test, or all/any (lists), not; depth at most 3
      then:                          # effects, see EFFECTS; a list of words is one effect each
        - {kind_vote: headphones, weight: 1}
        - {prefer_feature: [immersive_audio, open_back], weight: 0.4}    # an effect may have `for` and `when` too
      overrides: [UHS-1]             # optional: rules it silences when both hold…
      scope: activity                # optional: …only for the activities it speaks for (default), or `all`
      because: You keep your own microphone.     # our sentence for the reader
      overridden: Gaming usually …   # optional, needed with overrides: why the other rules lost
      tests:                         # needs in the vocabulary's words; both lists need at least one entry
        fires: [{activities: {gaming_voice: 1}, will_use_separate_mic: true}]
        silent: [{activities: {gaming_voice: 1}}]

Optional too: `version` (a whole number, 1), `status` (`active`, or `draft`/`retired`: checked but not used).

Fields a condition may read: the fields of the needs; `activities` (the set) and `activities.<name>` (its share);
`share.<group>` (see `vocabulary.ACTIVITY_GROUPS`) and `share.strange` (names nobody knows); `budget_usd`; facts that
rules of the layer `reading` derive; and `kind`, what was decided, for rules that do not vote on it. What is not known
is unknown: a test on it is neither true nor false (ask with `present` and `absent`), and the rule stays silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from recommender import vocabulary
from recommender.rules.conditions import Condition, fields

# Highest precedence first (end of part 1b of the rule base): how much a vote of this layer counts.
LAYERS: dict[str, Decimal] = {
    "reading": Decimal(0),  # derives facts from the needs, says nothing itself
    "safety": Decimal(1),
    "user_exclusion": Decimal(1),
    "definition": Decimal(1),
    "invariant": Decimal(0),
    "hard": Decimal(1),
    "exception": Decimal(1),
    "use_case": Decimal(1),
    "remark": Decimal("0.35"),
    "verdict": Decimal("0.15"),
    "default": Decimal("0.15"),
}
LAYER_RANK = {layer: rank for rank, layer in enumerate(LAYERS)}
_FEATURES = ("require_feature", "prefer_feature", "exclude_feature", "type_vote", "exclude_type", "advise", "note")
_VOTES = ("kind_vote", "accept_either", "ask")
ALLOWED: dict[str, tuple[str, ...]] = {
    "reading": ("derive",),
    "safety": ("require_kind", *_FEATURES),
    "user_exclusion": ("require_kind", *_FEATURES),
    "definition": ("require_kind", "ask", *_FEATURES),
    "invariant": ("neutral",),
    "hard": ("require_kind", "kind_vote", "ask", *_FEATURES),
    "exception": (*_VOTES, *_FEATURES),
    "use_case": (*_VOTES, *_FEATURES),
    "remark": (*_VOTES, *_FEATURES),
    "verdict": ("kind_vote", "ask", "note"),
    "default": ("kind_vote", "type_vote", "prefer_feature", "advise", "note"),
}

# The facts `derive` may set, with their values; a fact nobody derives is the word "unknown".
FACTS: dict[str, tuple[str, ...]] = {
    "separate_mic": ("kept", "not_kept", "unknown"),
    "speech_need": ("forbidden", "none", "met", "required", "occasional", "unknown"),
    "young": ("child", "teen", "no", "unknown"),
    "traffic": ("yes", "no", "unknown"),
    "loud": ("yes", "no", "unknown"),
    "leakage": ("yes", "no", "unknown"),
}
# What an invariant may declare neutral: needs that must never move the kind.
NEUTRAL_FIELDS = ("connection", "wear_hours_per_day", "glasses", "budget_usd")

# Effect → the words it may name. An empty tuple: the effect takes no word but `true`.
EFFECTS: dict[str, tuple[str, ...]] = {
    "kind_vote": vocabulary.KINDS,
    "require_kind": vocabulary.KINDS,
    "accept_either": (),
    "type_vote": vocabulary.TYPES,
    "exclude_type": vocabulary.TYPES,
    "require_feature": vocabulary.FEATURES,
    "prefer_feature": vocabulary.FEATURES,
    "exclude_feature": vocabulary.EXCLUDABLE,
    "derive": tuple(FACTS),
    "advise": vocabulary.ADVISORIES,
    "ask": vocabulary.QUESTIONS,
    "neutral": NEUTRAL_FIELDS,
    "note": (),
}
WEIGHTED = ("kind_vote", "type_vote", "prefer_feature")

WORD_FIELDS: dict[str, tuple[str, ...]] = {
    "mic_need": vocabulary.MIC_NEEDS,
    "isolation": vocabulary.ISOLATION,
    "awareness": vocabulary.AWARENESS,
    "portability": vocabulary.PORTABILITY,
    "connection": vocabulary.CONNECTION,
    "sound_priority": vocabulary.SOUND_PRIORITY,
    "ears": vocabulary.EARS,
    "hearing_limit": vocabulary.HEARING_LIMITS,
    "kind": (*vocabulary.KINDS, "either"),
    **FACTS,
}
SET_FIELDS: dict[str, tuple[str, ...]] = {
    "activities": vocabulary.ACTIVITIES,
    "environment": vocabulary.ENVIRONMENTS,
    "platforms": vocabulary.PLATFORMS,
    "connectors": vocabulary.CONNECTORS,
    "forms": vocabulary.FORMS,
    "avoid_forms": vocabulary.FORMS,
    "features": vocabulary.ASKED_FEATURES,
    "avoid_features": vocabulary.REFUSED_FEATURES,
}
FLAG_FIELDS = (
    "has_separate_mic",
    "will_use_separate_mic",
    "glasses",
    "hearing_aids",
    "foldable",
    "water_resistant",
)
TEXT_FIELDS = ("hearing_condition",)
NUMBER_FIELDS = (
    "age",
    "wear_hours_per_day",
    "budget_usd",
    "share.strange",
    *(f"share.{group}" for group in vocabulary.ACTIVITY_GROUPS),
    *(f"activities.{name}" for name in vocabulary.ACTIVITIES),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """`weight` counts for votes and preferences; `value` and `rank` belong to `derive` (the smallest rank wins).

    `activities` and `when` narrow one effect further than its rule; empty and None leave it as wide.
    """

    does: str
    word: str = ""
    weight: Decimal = Decimal(1)
    value: str = ""
    rank: int = 0
    activities: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str
    title: str
    section: str
    basis: str
    layer: str
    strength: str
    because: str
    effects: tuple[Effect, ...]
    activities: tuple[str, ...] = ()
    when: Condition | None = None
    overrides: tuple[str, ...] = ()
    scope: str = "activity"
    overridden: str = ""
    version: int = 1
    status: str = "active"
    fires: tuple[Mapping[str, Any], ...] = ()
    silent: tuple[Mapping[str, Any], ...] = ()
    file: str = ""

    def does(self, *effects: str) -> bool:
        return any(effect.does in effects for effect in self.effects)

    def reads(self) -> frozenset[str]:
        """Every field its conditions ask, those of single effects included."""
        asked = [self.when, *(effect.when for effect in self.effects)]
        return frozenset(field for condition in asked for field in fields(condition))

    @property
    def votes_on_kind(self) -> bool:
        return self.does("kind_vote", "require_kind", "accept_either", "ask")

    @property
    def precedence(self) -> tuple[int, str]:
        return (LAYER_RANK[self.layer], self.id)

    @property
    def specificity(self) -> tuple[int, int, str]:
        """Among rules that say the same, the higher layer speaks, then the one about fewer activities."""
        return (LAYER_RANK[self.layer], len(self.activities) or len(vocabulary.ACTIVITIES), self.id)


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Checked rules in precedence order; `version` is a fingerprint of their content, whatever the file order."""

    rules: tuple[Rule, ...]
    version: str = ""

    def rule(self, rule_id: str) -> Rule:
        return self._by_id[rule_id]

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def before_the_kind(self) -> tuple[Rule, ...]:
        """Rules that can be judged from the needs alone."""
        return tuple(rule for rule in self.rules if rule.layer != "reading" and "kind" not in rule.reads())

    @cached_property
    def after_the_kind(self) -> tuple[Rule, ...]:
        """Rules that ask which kind was decided."""
        return tuple(rule for rule in self.rules if "kind" in rule.reads())

    @cached_property
    def claims(self) -> Mapping[str, tuple[tuple[Rule, str], ...]]:
        """Fact → the rules that may derive it with the value they give it, the smallest rank first."""
        found = [(e.rank, rule, e) for rule in self.rules for e in rule.effects if e.does == "derive"]
        found.sort(key=lambda claim: (claim[0], claim[1].id))
        return {fact: tuple((rule, e.value) for _, rule, e in found if e.word == fact) for fact in FACTS}
