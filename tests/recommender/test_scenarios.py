"""Our own table of people and what must come out for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from recommender import vocabulary
from recommender.answers import needs_from_mapping
from recommender.engine import decide
from recommender.reading_text import needs_from_text
from recommender.rules import load

SCENARIOS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("scenarios.yaml").read_text(encoding="utf-8"))
KNOWN = {
    "id", "text", "text_kind", "needs", "kind", "type", "must", "must_lack", "must_not", "nice", "facets", "cites",
    "not_cites", "overridden", "not_overridden", "advice", "outcome", "question",
}  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: str(scenario["id"]))
def test_the_decision_is_what_the_table_says(scenario: dict[str, Any]) -> None:
    decision = decide(needs_from_mapping(scenario["needs"]), load())
    fired = {rule.rule_id for rule in decision.fired}
    overridden = {rule.rule_id for rule in decision.overridden}

    def named(key: str) -> set[str]:
        return set(scenario.get(key, ()))

    assert decision.kind == scenario["kind"]
    assert scenario.get("type") in (None, *decision.types[:1])
    assert scenario.get("outcome") in (None, decision.outcome)
    assert scenario.get("question") in (None, decision.question)
    assert named("must") <= set(decision.must_have)
    assert not named("must_lack") & set(decision.must_have)
    assert named("must_not") <= set(decision.excluded)
    assert named("nice") <= set(decision.nice_to_have)
    assert named("facets") <= set(decision.facets)
    assert named("cites") <= fired
    assert not named("not_cites") & fired
    assert named("overridden") <= overridden
    assert not named("not_overridden") & overridden
    assert named("advice") <= set(decision.advisories)


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if "text" in s], ids=lambda scenario: str(scenario["id"]))
def test_their_own_words_lead_to_the_same_kind(scenario: dict[str, Any]) -> None:
    decision = decide(needs_from_text(scenario["text"]), load())
    assert decision.kind == scenario.get("text_kind", scenario["kind"])


def test_the_table_only_uses_columns_that_are_checked() -> None:
    assert {column for scenario in SCENARIOS for column in scenario} <= KNOWN


def test_every_activity_of_the_vocabulary_has_a_scenario() -> None:
    seen = {name for scenario in SCENARIOS for name in scenario["needs"].get("activities", {})}
    assert set(vocabulary.ACTIVITIES) - seen == {"unknown"}
