"""A form changes single values of a rule file; everything around them stays as its author wrote it."""

from __future__ import annotations

import pytest

from recommender.rules import rules_of_texts, shipped_texts
from recommender.rules.changes import changes
from recommender.rules.editing import NoSuchRuleError, block, places, rule_ids, with_block, with_values
from recommender.rules.sentences import sentence

TEXT = """# What stands above stays.

- id: OWN-801
  title: A folded
    title
  section: House
  basis: editorial
  layer: remark
  strength: soft
  for: [sleep]   # a remark of the author
  when: {field: wear_hours_per_day, op: gte, value: 6}
  then:
    - {prefer_feature: [foldable, compact], weight: 0.3}
    - {prefer_feature: lightweight}
    - prefer_feature: wired
      weight: 0.7
  because: >
    A text over
    two lines.
  tests:
    fires: [{activities: {sleep: 1}, wear_hours_per_day: 8}]
    silent: [{activities: {music: 1}}]

# Between two rules.
- id: OWN-802
  title: Another
  section: House
  basis: editorial
  layer: remark
  strength: soft
  for: [music]
  when: {all: [{field: wear_hours_per_day, op: between, value: [1, 3]}, {field: isolation, op: eq, value: high}]}
  then: [{note: true}]
  because: Another.
  tests: {fires: [{activities: {music: 1}}], silent: [{}]}
"""


def values(text: str, rule_id: str) -> dict[str, str]:
    return {place.name: place.value for place in places(text, rule_id)}


def test_every_value_a_form_may_change_is_found() -> None:
    assert values(TEXT, "OWN-801") == {
        "status": "active",
        "title": "A folded title",
        "because": "A text over two lines.",
        "then.0.weight": "0.3",
        "then.1.weight": "1",
        "then.2.weight": "0.7",
        "when.value": "6",
    }
    assert values(TEXT, "OWN-802")["when.all.0.value.1"] == "3"


def test_a_number_says_its_unit_and_range() -> None:
    (threshold,) = (place for place in places(TEXT, "OWN-801") if place.kind == "threshold")
    assert threshold.measure is not None
    assert (threshold.measure.unit, threshold.measure.most) == ("hours a day", 24)
    assert threshold.label == "Threshold: hours of wear a day is at least"


def test_only_the_changed_line_is_another() -> None:
    changed = with_values(TEXT, "OWN-801", {("then", 0, "weight"): "0.45"})
    before, after = TEXT.splitlines(), changed.splitlines()
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        (
            "    - {prefer_feature: [foldable, compact], weight: 0.3}",
            "    - {prefer_feature: [foldable, compact], weight: 0.45}",
        )
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("then", 1, "weight"), "0.5"),
        (("status",), "draft"),
        (("because",), 'Quotes “ ” ", a colon: and a # sign'),
        (("title",), "- no list"),
        (("when", "value"), "7.5"),
    ],
)
def test_a_value_is_read_back_as_it_was_written(path: tuple[str | int, ...], value: str) -> None:
    changed = with_values(TEXT, "OWN-801", {path: value})
    assert values(changed, "OWN-801") == {**values(TEXT, "OWN-801"), ".".join(map(str, path)): value}
    assert block(changed, "OWN-802") == block(TEXT, "OWN-802")


def test_several_values_at_once() -> None:
    changed = with_values(TEXT, "OWN-801", {("status",): "retired", ("then", 2, "weight"): "1", ("because",): "Short."})
    assert values(changed, "OWN-801") | {} == {
        **values(TEXT, "OWN-801"),
        "status": "retired",
        "then.2.weight": "1",
        "because": "Short.",
    }


def test_a_rule_is_replaced_whole() -> None:
    new = "- id: OWN-801\n  title: All new\n"
    changed = with_block(TEXT, "OWN-801", new)
    assert block(changed, "OWN-801").strip() == new.strip()
    assert rule_ids(changed) == ["OWN-801", "OWN-802"]
    assert changed.startswith("# What stands above stays.")


def test_a_rule_that_is_not_there_is_told_apart_from_a_file_nobody_can_read() -> None:
    for text in (TEXT, "- id: [", ""):
        with pytest.raises(NoSuchRuleError):
            places(text, "OWN-999")
    assert rule_ids("- id: [") == []


@pytest.mark.parametrize("name", ["house.yaml", "extensions.yaml", "verdict.yaml"])
def test_every_rule_that_ships_can_be_edited_by_form(name: str) -> None:
    text = shipped_texts()[name]
    assert rule_ids(text)
    for rule_id in rule_ids(text):
        assert with_block(text, rule_id, block(text, rule_id)) == text
        other = with_values(text, rule_id, {("status",): "retired"})
        assert values(other, rule_id) == {**values(text, rule_id), "status": "retired"}


def test_every_rule_that_ships_has_a_sentence() -> None:
    said = {rule.id: sentence(rule) for rule in rules_of_texts(shipped_texts())}
    assert said["OWN-1"] == (
        "For gaming solo, it votes for headphones with weight 1; votes for the type over-ear with weight 0.8; "
        "wishes for immersive audio with weight 0.5 and wishes for stereo with weight 0.5."
    )
    assert all("{" not in text for text in said.values())


def test_what_was_changed_is_told_in_words() -> None:
    texts = dict(shipped_texts())
    text = texts["house.yaml"]
    text = with_values(text, "OWN-1", {("then", 0, "weight"): "1.3", ("because",): "Alone."})
    before = {rule.id: rule for rule in rules_of_texts(texts)}
    after = {rule.id: rule for rule in rules_of_texts({**texts, "house.yaml": text})}
    (change,) = changes(before, after)
    assert change.rule_id == "OWN-1"
    assert change.what[1] == "Where it votes for headphones, the weight goes from 1 to 1.3."
    assert change.what[0].endswith("becomes “Alone.”.")
    del after["OWN-2"]
    assert [one.what for one in changes(before, after)][-1] == ("The rule is gone.",)
