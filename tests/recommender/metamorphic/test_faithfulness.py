"""What an explanation cites is what made the answer, and nothing else did: MC-23."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from recommender.engine import decide
from recommender.explain import reasons, trace
from recommender.rules import RuleSet
from tests.recommender.metamorphic.population import PEOPLE, decided, rules

CRUMB = Decimal("0.002")


def test_mc_23_without_a_cited_rule_the_margin_loses_at_most_what_was_stated() -> None:
    citing: dict[str, list[int]] = defaultdict(list)
    for index in range(len(PEOPLE)):
        for fired in decided(index).fired:
            # who is cited for something else than the kind has nothing to take away from it: a few are enough
            if fired.contribution or len(citing[fired.rule_id]) < 5:
                citing[fired.rule_id].append(index)
    for rule in rules().rules:
        if rule.id not in citing or rule.overrides:
            continue  # a rule that silences others hands the word back to them
        without = RuleSet(tuple(one for one in rules().rules if one.id != rule.id), "")
        for index in citing[rule.id]:
            before, after = decided(index), decide(PEOPLE[index], without)
            stated = next(one.contribution for one in before.fired if one.rule_id == rule.id)
            # another rule that says the same may take its place, but never says more
            low, high = sorted((before.margin - stated, before.margin))
            if rule.does("require_kind"):
                continue
            assert low - CRUMB <= after.margin <= high + CRUMB, (rule.id, PEOPLE[index])


def test_mc_23_the_cited_rules_alone_make_the_same_decision() -> None:
    for index, needs in enumerate(PEOPLE):
        whole = decided(index)
        cited = {one.rule_id for one in whole.fired} | {one.rule_id for one in whole.overridden}
        kept = tuple(rule for rule in rules().rules if rule.id in cited or rule.layer == "reading")
        assert decide(needs, RuleSet(kept, "")) == whole


def test_mc_23_every_sentence_is_that_of_a_rule_that_fired_and_carries_its_id() -> None:
    for index, needs in enumerate(PEOPLE):
        decision = decided(index)
        known = {rule.id: rule.because for rule in rules().rules}
        for reason in reasons(decision, rules()):
            assert reason in decision.fired
            assert known[reason.rule_id] == reason.because
        steps = trace(needs, decision, rules()).steps
        assert [step.rule for step in steps] == list(decision.fired)
