"""How does a decision come about, and how much of it stands when a person answers one thing otherwise?

The steps are kept: what is known, which rules hold, what came of them. Of a person who differs in an answer or two only
the rules that read what differs are asked again, and where they say the same, what followed from them stands. The
decision is that of a person never seen before, to the last word; who decides often for nearly the same needs saves most
of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from recommender.answers import Needs
from recommender.decision import Decision, FiredRule
from recommender.engine.asking import AskedSet, asked_of
from recommender.engine.kind import Verdict, verdict
from recommender.engine.matching import Answers, Match, Overrides, answers, answers_near
from recommender.engine.shape import Shape, Traces
from recommender.engine.state import state_near, state_of
from recommender.rules import RuleSet, schema
from recommender.rules.conditions import State
from recommender.scored_uses import use_case_of

_PLACES = Decimal("0.001")
_NOTHING = Decimal("0.000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """`first` answers for the rules that need no kind, `later` for those that ask for it; `standing` is what others
    leave of `first`, `voting` what of it settles the kind, `active` what is left of both. `traces` are shared by all
    who are near. `decision` does not name the rules it rests on; `cited` does."""

    needs: Needs
    ruleset: RuleSet
    state: State
    first: Answers
    standing: tuple[Match, ...]
    voting: tuple[Match, ...]
    settled: Verdict
    later: Answers
    active: tuple[Match, ...]
    traces: Traces
    shaped: Shape
    decision: Decision


def course_of(needs: Needs, ruleset: RuleSet) -> Course:
    """The whole way to the decision for these needs."""
    asked = asked_of(ruleset)
    state = state_of(needs, ruleset)
    first = answers(asked.before_the_kind, needs, state)
    standing = _standing(first, first)
    voting = _voting(standing, asked)
    settled = verdict(needs, voting, state)
    later = answers(asked.after_the_kind, needs, {**state, "kind": settled.kind})
    active = (*standing, *_standing(later, (*first, *later)))
    traces = Traces()
    shaped = traces.shape(settled.kind, active)
    return Course(
        needs=needs,
        ruleset=ruleset,
        state=state,
        first=first,
        standing=standing,
        voting=voting,
        settled=settled,
        later=later,
        active=active,
        traces=traces,
        shaped=shaped,
        decision=_decision(needs, settled, shaped, state),
    )


def course_near(near: Course, needs: Needs) -> Course:
    """The same for other needs by the same rules, with what stands of a way that was gone before."""
    asked = asked_of(near.ruleset)
    state, changed = state_near(needs, near.ruleset, near.needs, near.state)
    first = answers_near(asked.before_the_kind, asked.readers_before, near.first, changed, needs, state)
    standing = near.standing if first is near.first else _standing(first, first)
    voting, settled = _settled(near, needs, standing, state)
    if settled.kind != near.settled.kind:
        changed.add("kind")
    with_kind = {**state, "kind": settled.kind}
    later = answers_near(asked.after_the_kind, asked.readers_after, near.later, changed, needs, with_kind)
    active, shaped, decision = near.active, near.shaped, near.decision
    if standing is not near.standing or later is not near.later or "kind" in changed:
        active = (*standing, *_standing(later, (*first, *later)))
        shaped = near.traces.shape(settled.kind, active)
    is_like = settled is near.settled and shaped is near.shaped and changed.isdisjoint(_TOLD)
    if not is_like or needs.activities != near.needs.activities or needs.avoid_brands != near.needs.avoid_brands:
        decision = _decision(needs, settled, shaped, state)
    return Course(
        needs=needs,
        ruleset=near.ruleset,
        state=state,
        first=first,
        standing=standing,
        voting=voting,
        settled=settled,
        later=later,
        active=active,
        traces=near.traces,
        shaped=shaped,
        decision=decision,
    )


def kind_near(near: Course, needs: Needs) -> str:
    """The kind alone: no rule is asked that has no say in it."""
    asked = asked_of(near.ruleset)
    state, changed = state_near(needs, near.ruleset, near.needs, near.state)
    first = answers_near(asked.before_the_kind, asked.readers_of_the_kind, near.first, changed, needs, state)
    standing = near.standing if first is near.first else _standing(first, first)
    return _settled(near, needs, standing, state)[1].kind


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


_ADVISORIES = {key: place for place, key in enumerate(schema.EFFECTS["advise"])}
# Facts are part of a decision, whatever came of them.
_TOLD = schema.FACTS.keys()


def _standing(found: Answers, among: Answers) -> tuple[Match, ...]:
    """What is left of those found when all `among` them had their say against each other."""
    speaking = [match for match in among if match is not None]
    overriding = [match for match in speaking if match.rule.overrides]
    if not overriding:
        return tuple([match for match in found if match is not None])
    overrides = Overrides(speaking)
    left = (overrides.surviving(match) for match in found if match is not None)
    return tuple([match for match in left if match.shares])


def _voting(standing: Sequence[Match], asked: AskedSet) -> tuple[Match, ...]:
    return tuple([match for match in standing if match.rule.id in asked.voters])


def _settled(
    near: Course, needs: Needs, standing: tuple[Match, ...], state: State
) -> tuple[tuple[Match, ...], Verdict]:
    """Who votes on the kind and what comes of it; the verdict of before where the same vote in the same uses."""
    voting = near.voting if standing is near.standing else _voting(standing, asked_of(near.ruleset))
    if voting == near.voting and needs.activities == near.needs.activities:
        return voting, near.settled
    return voting, verdict(needs, voting, state)


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
        advisories=tuple(sorted(shaped.advisories, key=_ADVISORIES.__getitem__)),
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
