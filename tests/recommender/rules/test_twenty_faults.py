"""Bad rules that an editor could write: each is stopped before publishing, with what, where and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from recommender.rules import rules_of_texts, shipped_texts
from recommender.rules.sense import senseless
from recommender.trial import try_out

RULE = """
- id: OWN-900
  title: A rule on trial
  section: House
  basis: editorial
  layer: {layer}
  strength: {strength}
  for: {activities}
  when: {when}
  then: {then}
  because: Because it is a trial.
  tests:
    fires: [{fires}]
    silent: [{silent}]
"""
PLAIN = {
    "layer": "remark",
    "strength": "soft",
    "activities": "[sleep]",
    "when": "{field: isolation, op: eq, value: high}",
    "then": "[{prefer_feature: foldable, weight: 0.3}]",
    "fires": "{activities: {sleep: 1}, isolation: high}",
    "silent": "{activities: {music: 1}}",
}


def added(extra: str = "", **changed: str) -> Mapping[str, str]:
    texts = dict(shipped_texts())
    texts["house.yaml"] += RULE.format(**{**PLAIN, **changed}).rstrip() + "\n" + extra
    return texts


def edited(file: str, old: str, new: str) -> Mapping[str, str]:
    texts = dict(shipped_texts())
    assert old in texts[file], old
    return {**texts, file: texts[file].replace(old, new, 1)}


def without_a_rule() -> Mapping[str, str]:
    texts = dict(shipped_texts())
    head, _, _ = texts["house.yaml"].partition("- id: OWN-3\n")
    rest = texts["house.yaml"][len(head) :].partition("- id: OWN-4\n")
    return {**texts, "house.yaml": head + rest[1] + rest[2]}


def talks_both_ways() -> Mapping[str, str]:
    return added(
        layer="use_case",
        activities="[music]",
        then="[{kind_vote: headset, weight: 1}]",
        fires="{activities: {music: 1}, isolation: high}",
        silent="{activities: {sleep: 1}}",
    )


SILENCED = """
- id: OWN-901
  title: It takes the word from the other
  section: House
  basis: editorial
  layer: remark
  strength: soft
  for: [sleep, music]
  then: [{note: true}]
  overrides: [OWN-900]
  overridden: This one always knows better.
  because: This one always knows better.
  tests:
    fires: [{activities: {sleep: 1}}]
    silent: [{activities: {driving: 1}}]
"""
TWIN = """
- id: OWN-901
  title: The same again
  section: House
  basis: editorial
  layer: remark
  strength: soft
  for: [sleep]
  when: {field: isolation, op: eq, value: high}
  then: [{prefer_feature: foldable, weight: 0.2}]
  because: The same again.
  tests:
    fires: [{activities: {sleep: 1}, isolation: high}]
    silent: [{activities: {music: 1}}]
"""
CIRCLE = """
- id: OWN-901
  title: It silences what silences it
  section: House
  basis: editorial
  layer: use_case
  strength: soft
  for: [sleep]
  then: [{note: true}]
  overrides: [OWN-902]
  overridden: The first wins.
  because: The first wins.
  tests:
    fires: [{activities: {sleep: 1}}]
    silent: [{activities: {music: 1}}]
- id: OWN-902
  title: It silences what silences it, too
  section: House
  basis: editorial
  layer: use_case
  strength: soft
  for: [sleep]
  then: [{note: true}]
  overrides: [OWN-901]
  overridden: The second wins.
  because: The second wins.
  tests:
    fires: [{activities: {sleep: 1}}]
    silent: [{activities: {music: 1}}]
"""

# what the editor did → (where it is said to be, what is said of it, what to do about it)
FAULTS: dict[str, tuple[Callable[[], Mapping[str, str]], str, str, str]] = {
    "an unknown field in a condition": (
        lambda: added(when="{field: hair_colour, op: eq, value: red}"),
        "house.yaml, rule OWN-900, when",
        "there is no field “hair_colour”",
        "the schema module lists",
    ),
    "a word where a number belongs": (
        lambda: added(when="{field: wear_hours_per_day, op: gte, value: many}"),
        "house.yaml, rule OWN-900, when",
        "compared with a number, not with “many”",
        "",
    ),
    "a word that is no value of the field": (
        lambda: added(when="{field: isolation, op: eq, value: enormous}"),
        "rule OWN-900, when",
        "“enormous” is not a value of isolation",
        "use one of",
    ),
    "a field no rule has": (
        lambda: edited("house.yaml", "- id: OWN-1\n", "- id: OWN-1\n  colour: red\n"),
        "rule OWN-1, colour",
        "there is no such field",
        "use id,",
    ),
    "a kind that does not exist": (
        lambda: added(then="[{kind_vote: speakers, weight: 1}]"),
        "rule OWN-900, then[0].kind_vote",
        "“speakers” is not in the vocabulary",
        "use one of headset, headphones",
    ),
    "a weight out of its range": (
        lambda: added(then="[{prefer_feature: foldable, weight: 30}]"),
        "rule OWN-900, then[0].weight",
        "“30” is not a weight",
        "at most 3",
    ),
    "a remark that requires a kind": (
        lambda: added(strength="hard", then="[{require_kind: headset}]"),
        "rule OWN-900, then",
        "require_kind is not allowed in the layer remark",
        "which may kind_vote",
    ),
    "a hard effect of a soft rule": (
        lambda: added(layer="hard", then="[{require_kind: headset}]"),
        "rule OWN-900, strength",
        "a rule that requires a kind is hard",
        "write hard",
    ),
    "a condition nobody can meet": (
        lambda: added(
            when="{all: [{field: isolation, op: eq, value: high}, {field: isolation, op: eq, value: none}]}",
        ),
        "rule OWN-900, when",
        "nobody can meet this condition",
        "Drop one",
    ),
    "a condition everybody meets": (
        lambda: added(when="{field: wear_hours_per_day, op: gte, value: 0}"),
        "rule OWN-900, when",
        "everybody who answered meets this condition",
        "leave it out",
    ),
    "a share in per cent": (
        lambda: added(when="{field: activities.sleep, op: gte, value: 50}"),
        "rule OWN-900, when",
        "part of the whole use, 0 to 1",
        "50 is outside",
    ),
    "an effect that can never happen where its rule holds": (
        lambda: added(
            then="[{prefer_feature: foldable, weight: 0.3, when: {field: isolation, op: eq, value: none}}]",
        ),
        "rule OWN-900, then[0]",
        "this effect never does",
        "Drop one",
    ),
    "rules that silence each other in a circle": (
        lambda: added(CIRCLE),
        "rule OWN-901, overrides",
        "in a circle: OWN-901 → OWN-902 → OWN-901",
        "",
    ),
    "an override of a rule that is not there": (
        lambda: edited("house.yaml", "- id: OWN-1\n", "- id: OWN-1\n  overrides: [ZZZ-1]\n  overridden: No.\n"),
        "rule OWN-1, overrides",
        "there is no rule ZZZ-1",
        "correct the id",
    ),
    "an ordinary rule that silences safety": (
        lambda: edited("house.yaml", "- id: OWN-1\n", "- id: OWN-1\n  overrides: [EXT-1]\n  overridden: No.\n"),
        "rule OWN-1, overrides",
        "EXT-1 is of the layer safety, above use_case",
        "cannot silence it",
    ),
    "two rules with one id": (
        lambda: edited("house.yaml", "- id: OWN-3\n", "- id: OWN-1\n"),
        "rule OWN-1, id",
        "two rules have this id",
        "new number",
    ),
    "opposite votes that nobody decides between": (
        talks_both_ways,
        "rule OWN-900, then",
        "it and UHP-1 say opposite things about music, in the same layer (use_case), and both hold for somebody with",
        "OWN-900 is the more special one: write overrides: [UHP-1] there",
    ),
    "a rule that is silenced wherever it holds": (
        lambda: added(SILENCED),
        "rule OWN-900, when",
        "it can never be heard: OWN-901 silences it",
        "retire one",
    ),
    "a rule that adds nothing": (
        lambda: added(TWIN),
        "rule OWN-901, then",
        "it adds nothing: OWN-900 holds wherever it does",
        "say what is special",
    ),
    "an example that does not fire": (
        lambda: added(fires="{activities: {music: 1}, isolation: high}"),
        "rule OWN-900, tests.fires[0]",
        "the rule stays silent here",
        "mend its condition or the example",
    ),
    "an example that should be silent and is not": (
        lambda: added(silent="{activities: {sleep: 1}, isolation: high}"),
        "rule OWN-900, tests.silent[0]",
        "the rule speaks here",
        "",
    ),
    "a promise to a child that is broken": (
        lambda: edited("extensions.yaml", "- id: EXT-2\n", "- id: EXT-2\n  status: retired\n"),
        "people.yaml, rule small-child, must",
        "is promised volume limited",
        "mend the rule",
    ),
    "a weight that jumps": (
        lambda: edited("house.yaml", "{kind_vote: headphones, weight: 1}", "{kind_vote: headphones, weight: 1.6}"),
        "rule OWN-1, weight of kind_vote headphones",
        "it moves from 1 to 1.6",
        "say in the draft's note why",
    ),
    "a rule that was taken out": (without_a_rule, "rule OWN-3", "it is gone", "“status: retired”"),
    "a vote on the kind that reads the budget": (
        lambda: added(
            layer="use_case",
            when="{field: budget_usd, op: lte, value: 40}",
            then="[{kind_vote: headphones, weight: 1}]",
        ),
        "rule OWN-900, when",
        "it moves the kind and reads budget_usd",
        "forbids",
    ),
    "a key that stands twice": (
        lambda: edited("house.yaml", "  title: Games without talk\n", "  title: Games without talk\n  title: Twice\n"),
        "house.yaml",
        "the key “title” stands twice",
        "line",
    ),
}
BEFORE = {rule.id: rule for rule in rules_of_texts(shipped_texts())}


def test_there_are_at_least_twenty() -> None:
    assert len(FAULTS) >= 20


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_stopped_and_explained(name: str) -> None:
    make, where, what, to_do = FAULTS[name]
    trial = try_out(make(), BEFORE, note="")
    assert not trial.may_be_published
    said = [str(fault) for fault in trial.faults]
    assert any(where in line and what in line and to_do in line for line in said), "\n".join(said)


def test_the_rules_that_ship_are_not_suspected_of_anything() -> None:
    assert try_out(shipped_texts(), BEFORE, note="").faults == ()


def test_a_sound_new_rule_may_be_published() -> None:
    trial = try_out(added(), BEFORE, note="")
    assert trial.faults == ()
    assert trial.may_be_published


def test_a_weight_may_jump_when_the_note_says_why() -> None:
    texts = edited("house.yaml", "{kind_vote: headphones, weight: 1}", "{kind_vote: headphones, weight: 1.6}")
    assert try_out(texts, BEFORE, note="Listening tests of May say so.").faults == ()


def test_no_condition_that_ships_is_too_wide_to_be_judged() -> None:
    from recommender.rules import domains

    rules = rules_of_texts(shipped_texts())
    asked = [one for rule in rules for one in (rule.when, *(effect.when for effect in rule.effects))]
    assert all(domains.states(one) is not None for one in asked)
    assert senseless(rules) == []
