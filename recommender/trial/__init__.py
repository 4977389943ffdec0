"""Can this draft of the rules be published? All that is wrong with it, in words for whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.engine.rehearsal import faults_in
from recommender.rules import Fault, Rule, RulesError, RuleSet, rules_of_texts, ruleset_of
from recommender.rules.sense import senseless
from recommender.trial.conflicts import conflicts
from recommender.trial.golden import broken_promises
from recommender.trial.steps import lost_rules, too_far

__all__ = ["Trial", "try_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`ruleset` is None as long as the rules cannot be read together; what they decide is judged only then."""

    ruleset: RuleSet | None
    faults: tuple[Fault, ...]

    @property
    def may_be_published(self) -> bool:
        return self.ruleset is not None and not self.faults


def try_out(texts: Mapping[str, str], before: Mapping[str, Rule], *, note: str) -> Trial:
    """Every check there is. `before` are the rules in force by id (of any status), `note` the editor's reason."""
    try:
        ruleset = ruleset_of(texts)
    except RulesError as error:
        return Trial(ruleset=None, faults=error.faults)
    rules = rules_of_texts(texts)
    faults = [*lost_rules(before, rules), *senseless(rules), *faults_in(ruleset)]
    # one contradiction is a consequence of the other faults more often than not
    faults = faults or [*conflicts(ruleset), *broken_promises(ruleset)]
    return Trial(ruleset=ruleset, faults=(*faults, *too_far(before, rules, note=note)))
