"""A rule file with a fault is refused, and the message says where it is and what to do."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from recommender.rules import FILES, FOLDER, RulesError, ruleset_of


def a_rule(**changes: Any) -> dict[str, Any]:
    """A sound rule, changed where a test wants it."""
    rule: dict[str, Any] = {
        "id": "TST-1",
        "title": "A rule for tests",
        "section": "Design",
        "basis": "editorial",
        "layer": "use_case",
        "strength": "soft",
        "for": ["music"],
        "then": [{"kind_vote": "headphones", "weight": 1}],
        "because": "You like music.",
        "tests": {"fires": [{"activities": {"music": 1}}], "silent": [{"activities": {"dj": 1}}]},
    }
    rule.update(changes)
    return {name: value for name, value in rule.items() if value is not None}


def told(*rules: dict[str, Any]) -> str:
    with pytest.raises(RulesError) as caught:
        ruleset_of({"tests.yaml": yaml.safe_dump(list(rules))})
    return str(caught.value)


def test_a_sound_rule_is_read() -> None:
    ruleset = ruleset_of({"tests.yaml": yaml.safe_dump([a_rule()])})
    assert ruleset.rule("TST-1").because == "You like music."


@pytest.mark.parametrize("field", ["id", "title", "section", "basis", "layer", "strength", "then", "because", "tests"])
def test_a_missing_field_is_named(field: str) -> None:
    message = told(a_rule(**{field: None}))
    assert f"{field}: is missing; every rule needs it." in message


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"colour": "red"}, "rule TST-1, colour: there is no such field; use id, title"),
        ({"id": "test"}, "“test” is not an id"),
        ({"layer": "whim"}, "layer: “whim” is not known; use one of reading, safety"),
        ({"basis": "rumour"}, "basis: “rumour” is not known; use one of seed, editorial, safety, legal."),
        ({"strength": "steel"}, "use one of hard, soft."),
        ({"status": "maybe"}, "use one of active, draft, retired."),
        ({"scope": "planet"}, "use one of activity, all."),
        ({"because": " "}, "because: write a text."),
        ({"version": "two"}, "version: “two” is not a whole number."),
        ({"for": ["beekeeping"]}, "for: “beekeeping” is not in the vocabulary; use one of gaming_voice"),
        ({"for": "music"}, "for: expected a list of words"),
        ({"tests": {"fires": [], "silent": [{}]}}, "tests.fires: give at least one example"),
        ({"tests": []}, "tests.silent: give at least one example"),
        ({"then": []}, "then: expected a list of effects"),
        ({"then": [{"explode": "now"}]}, "then[0]: expected one effect with its word; the effects are kind_vote"),
        ({"then": [{"kind_vote": "loudspeaker"}]}, "“loudspeaker” is not in the vocabulary; use one of headset"),
        ({"then": [{"require_feature": ["anc", "magic"]}]}, "“magic” is not in the vocabulary"),
        ({"then": [{"kind_vote": "headset", "weight": 0}]}, "“0” is not a weight; use a number above 0, at most 3."),
        ({"then": [{"kind_vote": "headset", "weight": "heavy"}]}, "“heavy” is not a weight"),
        ({"then": [{"require_feature": "anc", "weight": 1}]}, "require_feature has no weight"),
        ({"then": [{"advise": "be_careful"}]}, "“be_careful” is not in the vocabulary"),
        ({"when": []}, "when: expected a test such as"),
        ({"when": {"field": "mic_need", "op": "eq"}}, "“None” is not a value of mic_need"),
        ({"when": {"field": "mood", "op": "eq", "value": "good"}}, "there is no field “mood”"),
        ({"when": {"field": "mic_need", "op": "like", "value": "x"}}, "with “like”; use one of eq, ne, in, not_in, "),
        ({"when": {"field": "mic_need", "op": "eq", "value": "perhaps"}}, "“perhaps” is not a value of mic_need; use"),
        ({"when": {"field": "mic_need", "op": "in", "value": "none"}}, "in wants a list."),
        ({"when": {"field": "glasses", "op": "eq", "value": "yes"}}, "glasses is true or false."),
        ({"when": {"field": "age", "op": "gte", "value": "old"}}, "age is compared with a number"),
        ({"when": {"field": "age", "op": "between", "value": [9, 3]}}, "wants two numbers, the smaller first."),
        ({"when": {"field": "age", "op": "present", "value": 3}}, "present takes no value."),
        ({"when": {"field": "environment", "op": "contains_any", "value": ["moon"]}}, "“moon” is not a value of env"),
        ({"when": {"all": []}}, "when.all: expected a list of at least one test."),
        ({"when": {"field": "age", "op": "gte", "value": 3, "unit": "years"}}, "a test has field, op and value"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_read_is_named(changes: dict[str, Any], says: str) -> None:
    message = told(a_rule(**changes))
    assert says in message
    assert "tests.yaml, rule " in message


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"then": [{"require_kind": "headphones"}]}, "require_kind is not allowed in the layer use_case, which may"),
        ({"layer": "safety", "then": [{"kind_vote": "headset"}]}, "kind_vote is not allowed in the layer safety"),
        ({"layer": "invariant"}, "kind_vote is not allowed in the layer invariant"),
        ({"layer": "hard", "then": [{"require_kind": "headset"}]}, "a rule that requires a kind is hard"),
        ({"for": None}, "it would always fire; say for which activities or when it holds."),
        ({"when": {"field": "kind", "op": "eq", "value": "headset"}}, "it reads the decided kind and moves it"),
        ({"overrides": ["TST-9"], "overridden": "x"}, "there is no rule TST-9; correct the id or take it out."),
        ({"then": [{"kind_vote": "headset", "for": ["dj"]}]}, "an effect is for dj, which the rule itself is not for."),
        ({"when": {"not": {"all": [{"any": [{"not": {"field": "age", "op": "present"}}]}]}}}, "nested deeper than 3"),
    ],
)  # fmt: skip
def test_a_rule_that_may_not_do_what_it_does_is_named(changes: dict[str, Any], says: str) -> None:
    assert says in told(a_rule(**changes))


def test_two_rules_may_not_share_an_id() -> None:
    assert "two rules have this id" in told(a_rule(), a_rule())


def test_a_key_may_not_stand_twice() -> None:
    text = yaml.safe_dump([a_rule()]) + "  title: Once more\n"
    with pytest.raises(RulesError, match="the key “title” stands twice"):
        ruleset_of({"tests.yaml": text})


def test_an_override_needs_its_reason() -> None:
    assert "overridden: is missing; say to the reader why" in told(a_rule(overrides=["TST-2"]), a_rule(id="TST-2"))


def test_a_lower_layer_silences_no_higher_one() -> None:
    message = told(
        a_rule(layer="verdict", overrides=["TST-2"], overridden="x"),
        a_rule(id="TST-2", layer="exception"),
    )
    assert "TST-2 is of the layer exception, above verdict; a lower layer cannot silence it." in message


def test_rules_may_not_silence_each_other_in_a_circle() -> None:
    message = told(
        a_rule(overrides=["TST-2"], overridden="x"),
        a_rule(id="TST-2", overrides=["TST-3"], overridden="x"),
        a_rule(id="TST-3", overrides=["TST-1"], overridden="x"),
    )
    assert "in a circle: TST-1 → TST-2 → TST-3 → TST-1" in message


def a_reading(number: int, fact: str, value: str, reads: str, wanted: str, rank: int) -> dict[str, Any]:
    return a_rule(
        id=f"TST-{number}",
        layer="reading",
        **{"for": None},
        when={"field": reads, "op": "eq", "value": wanted},
        then=[{"derive": fact, "value": value, "rank": rank}],
    )


def test_facts_may_not_be_derived_in_a_circle() -> None:
    message = told(a_reading(1, "loud", "yes", "traffic", "yes", 1), a_reading(2, "traffic", "yes", "loud", "yes", 1))
    assert "facts are derived in a circle: loud → traffic → loud" in message


def test_two_rules_may_not_claim_a_fact_with_the_same_rank() -> None:
    message = told(
        a_reading(1, "loud", "yes", "isolation", "high", 1), a_reading(2, "loud", "no", "isolation", "none", 1)
    )
    assert "rank 1 of loud is taken; choose another." in message


def test_a_fact_has_only_its_own_values() -> None:
    assert "“very” is not a value of loud" in told(a_reading(1, "loud", "very", "isolation", "high", 1))


NEUTRAL = a_rule(
    id="TST-7",
    layer="invariant",
    **{"for": None},
    when={"field": "connection", "op": "present"},
    then=[{"neutral": "connection"}],
)


def test_a_vote_may_not_read_what_an_invariant_declares_neutral() -> None:
    message = told(a_rule(when={"field": "connection", "op": "eq", "value": "wired"}), NEUTRAL)
    assert "rule TST-1, when: it moves the kind and reads connection, which TST-7 forbids." in message


def test_a_vote_may_not_read_it_through_a_fact_either() -> None:
    message = told(
        a_rule(when={"field": "loud", "op": "eq", "value": "yes"}),
        a_reading(2, "loud", "yes", "connection", "wired", 1),
        NEUTRAL,
    )
    assert "TST-1, when: it moves the kind and reads connection" in message


@pytest.mark.parametrize("text", ["- id: [", "rules: none", "", "- just words"])
def test_a_file_that_is_no_list_of_rules_is_named(text: str) -> None:
    with pytest.raises(RulesError, match=r"tests\.yaml"):
        ruleset_of({"tests.yaml": text})


def test_all_faults_are_told_at_once() -> None:
    message = told(a_rule(layer="whim"), a_rule(id="TST-2", because=""))
    assert message.count("\n") == 1


def test_a_draft_is_checked_but_not_used() -> None:
    ruleset = ruleset_of({"tests.yaml": yaml.safe_dump([a_rule(), a_rule(id="TST-2", status="draft")])})
    assert [rule.id for rule in ruleset.rules] == ["TST-1"]


def test_the_order_of_files_and_rules_does_not_matter() -> None:
    texts = {name: (FOLDER / name).read_text(encoding="utf-8") for name in FILES}
    backwards = {name: yaml.safe_dump(yaml.safe_load(texts[name])[::-1]) for name in reversed(FILES)}
    one, other = ruleset_of(texts), ruleset_of(backwards)
    assert one.rules == other.rules
    assert one.version == other.version
