"""How does a decision come about, and how much of it stands when a person answers one thing otherwise?

The steps are kept: what is known, which rules hold, what came of them. Of a person who differs in an answer or two only
the rules that read what differs are asked again, and where they say the same, what followed from them stands. The
decision is that of a person never seen before, to the last word; who decides often for nearly the same needs saves most
of the work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from recommender.answers import Needs
from recommender.decision import Decision, FiredRule
from recommender.engine.asking import asked_of
from recommender.engine.kind import Verdict, verdict
from recommender.engine.matching import Answers, Match, Overrides, answers, answers_near
from recommender.engine.shape import Shape, shape
from recommender.engine.state import state_near, state_of
from recommender.rules import RuleSet, schema
from recommender.rules.conditions import State
from recommender.scored_uses import use_case_of

_PLACES = Decimal("0.001")
_NOTHING = Decimal("0.000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """`first` answers for the rules that need no kind, `later` for those that ask for it; `standing` is what others
    leave of `first`, `active` of both. `decision` does not name the rules it rests on; `cited` does."""

    needs: Needs
    ruleset: RuleSet
    state: State
    first: Answers
    standing: tuple[Match, ...]
    settled: Verdict
    later: Answers
    active: tuple[Match, ...]
    shaped: Shape
    decision: Decision


def course_of(needs: Needs, ruleset: RuleSet) -> Course:
    """The whole way to the decision for these needs."""
    asked = asked_of(ruleset)
    state = state_of(needs, ruleset)
    first = answers(asked.before_the_kind, needs, state)
    standing = _standing(first, first)
    settled = verdict(needs, standing, state)
    later = answers(asked.after_the_kind, needs, {**state, "kind": settled.kind})
    active = (*standing, *_standing(later, (*first, *later)))
    shaped = shape(settled.kind, active)
    return Course(
        needs=needs,
        ruleset=ruleset,
        state=state,
        first=first,
        standing=standing,
        settled=settled,
        later=later,
        active=active,
        shaped=shaped,
        decision=_decision(needs, settled, shaped, state),
    )


def course_near(near: Course, needs: Needs) -> Course:
    """The same for other needs by the same rules, with what stands of a way that was gone before."""
    asked = asked_of(near.ruleset)
    state, changed = state_near(needs, near.ruleset, near.needs, near.state)
    first = answers_near(asked.before_the_kind, asked.readers_before, near.first, changed, needs, state)
    same_uses = needs.activities == near.needs.activities
    standing = near.standing if first is near.first else _standing(first, first)
    settled = near.settled if same_uses and first is near.first else verdict(needs, standing, state)
    if settled.kind != near.settled.kind:
        changed.add("kind")
    with_kind = {**state, "kind": settled.kind}
    later = answers_near(asked.after_the_kind, asked.readers_after, near.later, changed, needs, with_kind)
    active, shaped, decision = near.active, near.shaped, near.decision
    if standing is not near.standing or later is not near.later or "kind" in changed:
        active = (*standing, *_standing(later, (*first, *later)))
        shaped = shape(settled.kind, active)
    if shaped is not near.shaped or not same_uses or changed & _TOLD or needs.avoid_brands != near.needs.avoid_brands:
        decision = _decision(needs, settled, shaped, state)
    return replace(
        near,
        needs=needs,
        state=state,
        first=first,
        standing=standing,
        settled=settled,
        later=later,
        active=active,
        shaped=shaped,
        decision=decision,
    )


def kind_near(near: Course, needs: Needs) -> str:
    """The kind alone, without what is asked of a product."""
    asked = asked_of(near.ruleset)
    state, changed = state_near(needs, near.ruleset, near.needs, near.state)
    first = answers_near(asked.before_the_kind, asked.readers_before, near.first, changed, needs, state)
    if first is near.first and needs.activities == near.needs.activities:
        return near.settled.kind
    return verdict(needs, _standing(first, first), state).kind


def cited(course: Course) -> Decision:
    """The decision with every rule that had a part in it or was silenced."""
    asked, settled = asked_of(course.ruleset), course.settled
    everybody = [match for match in (*course.first, *course.later) if match is not None]
    overrides = Overrides(everybody)
    losses = [loss for match in everybody for loss in overrides.losses(match)]
    active = sorted(course.active, key=lambda match: asked.places[match.rule.id])
    return replace(
        course.decision,
        fired=tuple(_fired(match, settled) for match in active if _contributed(match, settled, course.shaped)),
        overridden=tuple(sorted(losses, key=lambda loss: (loss.rule_id, loss.by))),
    )


# Facts are part of a decision, whatever came of them.
_TOLD = schema.FACTS.keys()


def _standing(found: Answers, among: Answers) -> tuple[Match, ...]:
    """What is left of those found when all `among` them had their say against each other."""
    overrides = Overrides(match for match in among if match is not None)
    left = (overrides.surviving(match) for match in found if match is not None)
    return tuple([match for match in left if match.shares])


def _decision(needs: Needs, settled: Verdict, shaped: Shape, state: State) -> Decision:
    return Decision(
        kind=settled.kind,
        types=shaped.type_names(),
        facets=shaped.facets(),
        must_have=shaped.must_have,
        nice_to_have=shaped.nice_to_have(),
        excluded=shaped.refused,
        fired=(),
        overridden=(),
        advisories=tuple(key for key in schema.EFFECTS["advise"] if key in shaped.advisories),
        outcome=settled.outcome,
        margin=settled.margin.quantize(_PLACES),
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
        contribution=settled.contributions[rule.id].quantize(_PLACES) if rule.id in settled.contributions else _NOTHING,
        activity=match.main_activity,
    )
