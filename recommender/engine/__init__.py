"""What do these needs call for? Needs and rules in, a decision with its reasons out.

Nothing here looks at products, prices or the clock; the same needs and rules always give the same decision, in
whatever order they were told.
"""

from __future__ import annotations

from decimal import Decimal

from recommender.answers import Needs
from recommender.decision import Decision, FiredRule
from recommender.engine.asking import asked_of
from recommender.engine.kind import Verdict, verdict
from recommender.engine.matching import Match, Overrides, matching
from recommender.engine.shape import Shape, shape
from recommender.engine.state import state_of
from recommender.rules import RuleSet, schema
from recommender.scored_uses import use_case_of

__all__ = ["decide"]

PLACES = Decimal("0.001")
NOTHING = Decimal("0.000")


def decide(needs: Needs, ruleset: RuleSet) -> Decision:
    """The decision for these needs: kind, types, features, advice, and every rule that contributed or was defeated."""
    state = state_of(needs, ruleset)
    asked = asked_of(ruleset)
    first = matching(asked.before_the_kind, needs, state)
    overrides = Overrides(first)
    active = [survivor for match in first if (survivor := overrides.surviving(match)).shares]
    settled = verdict(needs, active, state)

    later = matching(asked.after_the_kind, needs, {**state, "kind": settled.kind})
    overrides_later = Overrides([*first, *later])
    active += [survivor for match in later if (survivor := overrides_later.surviving(match)).shares]
    active.sort(key=lambda match: match.rule.precedence)
    shaped = shape(settled.kind, active)

    losses = [loss for match in [*first, *later] for loss in overrides_later.losses(match)]
    return Decision(
        kind=settled.kind,
        types=shaped.type_names(),
        facets=shaped.facets(),
        must_have=shaped.must_have(),
        nice_to_have=shaped.nice_to_have(),
        excluded=shaped.refused(),
        fired=tuple(_fired(match, settled) for match in active if _contributed(match, settled, shaped)),
        overridden=tuple(sorted(losses, key=lambda loss: (loss.rule_id, loss.by))),
        advisories=tuple(key for key in schema.EFFECTS["advise"] if key in shaped.advisories),
        outcome=settled.outcome,
        margin=settled.margin.quantize(PLACES),
        question=settled.question,
        facts={fact: str(state[fact]) for fact in schema.FACTS},
        use_case=use_case_of(needs),
        avoid_brands=needs.avoid_brands,
    )


def _contributed(match: Match, settled: Verdict, shaped: Shape) -> bool:
    """A rule is cited when it voted, decided, asked, left a trace in the features, or says something to know."""
    spoke = match.does("kind_vote", "require_kind", "accept_either", "ask", "neutral", "note")
    return spoke or match.rule.id in shaped.used or match.rule.id in settled.contributions


def _fired(match: Match, settled: Verdict) -> FiredRule:
    rule = match.rule
    return FiredRule(
        rule_id=rule.id,
        because=rule.because,
        basis=rule.basis,
        section=rule.section,
        layer=rule.layer,
        contribution=settled.contributions[rule.id].quantize(PLACES) if rule.id in settled.contributions else NOTHING,
        activity=match.main_activity,
    )
