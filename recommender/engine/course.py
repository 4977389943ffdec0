"""How does a decision come about, and how much of it stands when a person answers one thing otherwise?

The steps are kept: what is known, which rules hold, what came of them. Of a person who differs in an answer or two only
the rules that read what differs are asked again, and where they say the same, what followed from them stands. What is
asked of a product is worked out when somebody wants to know it: often the kind says enough. The decision is that of a
person never seen before, to the last word; who decides often for nearly the same needs saves most of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from recommender.answers import Needs
from recommender.decision import Decision, FiredRule, OverriddenRule
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
_ADVISORIES = {key: place for place, key in enumerate(schema.EFFECTS["advise"])}
# Facts are part of a decision, whatever came of them.
_TOLD = schema.FACTS.keys()


@dataclass(frozen=True, eq=False, kw_only=True)
class Course:
    """`first` answers for the rules that need no kind, `later` for those that ask for it; `standing` is what others
    leave of `first`, `voting` what of it settles the kind, `active` what is left of both. `near` is a way that was
    gone before, from which this one differs in the fields `changed`. `traces` are shared by all who are near.
    `decision` does not name the rules it rests on; `cited` does."""

    needs: Needs
    ruleset: RuleSet
    asked: AskedSet
    state: State
    first: Answers
    standing: tuple[Match, ...]
    voting: tuple[Match, ...]
    settled: Verdict
    traces: Traces
    near: Course | None = None
    changed: frozenset[str] = frozenset()

    @cached_property
    def later(self) -> Answers:
        asked, with_kind = self.asked, {**self.state, "kind": self.settled.kind}
        if self.near is None:
            return answers(asked.after_the_kind, self.needs, with_kind)
        before = self.near.later
        return answers_near(asked.after_the_kind, asked.readers_after, before, self.changed, self.needs, with_kind)

    @cached_property
    def active(self) -> tuple[Match, ...]:
        first, later = self.first.holding, self.later.holding
        return (*self.standing, *_standing(later, (*first, *later)))

    @cached_property
    def shaped(self) -> Shape:
        near = self.near
        is_like = near is not None and self.settled.kind == near.settled.kind and self.standing is near.standing
        if near is not None and is_like and self.later is near.later:
            return near.shaped
        return self.traces.shape(self.settled.kind, self.active)

    @property
    def first_type(self) -> str:
        """The first of the types of the decision; empty where it names none."""
        return next(iter(self.shaped.types_named), "")

    @cached_property
    def decision(self) -> Decision:
        near = self.near
        if near is not None and self.settled is near.settled and self.shaped is near.shaped:
            is_same = _said_of_itself(self.needs) == _said_of_itself(near.needs)
            if is_same and self.changed.isdisjoint(_TOLD):
                return near.decision
        return _decision(self.needs, self.settled, self.shaped, self.state)


def course_of(needs: Needs, ruleset: RuleSet) -> Course:
    """The whole way to the decision for these needs."""
    asked = asked_of(ruleset)
    state = state_of(needs, ruleset)
    first = answers(asked.before_the_kind, needs, state)
    standing = _standing(first.holding, first.holding)
    voting = _voting(standing, asked)
    return Course(
        needs=needs,
        ruleset=ruleset,
        asked=asked,
        state=state,
        first=first,
        standing=standing,
        voting=voting,
        settled=verdict(needs, voting, state),
        traces=Traces(),
    )


def course_near(near: Course, needs: Needs) -> Course:
    """The same for other needs by the same rules, with what stands of a way that was gone before."""
    asked = near.asked
    state, changed = state_near(needs, asked.facts, near.needs, near.state)
    first = answers_near(asked.before_the_kind, asked.readers_before, near.first, changed, needs, state)
    standing = _standing_near(near, first)
    voting, settled = _settled(near, needs, standing, state)
    if settled.kind != near.settled.kind:
        changed.add("kind")
    return Course(
        needs=needs,
        ruleset=near.ruleset,
        asked=asked,
        state=state,
        first=first,
        standing=standing,
        voting=voting,
        settled=settled,
        traces=near.traces,
        near=near,
        changed=frozenset(changed),
    )


def kind_near(near: Course, needs: Needs) -> str:
    """The kind alone: no rule is asked that has no say in it."""
    asked = near.asked
    state, changed = state_near(needs, asked.facts, near.needs, near.state)
    first = answers_near(asked.before_the_kind, asked.readers_of_the_kind, near.first, changed, needs, state)
    return _settled(near, needs, _standing_near(near, first), state)[1].kind


def cited(course: Course) -> Decision:
    """The decision with every rule that had a part in it or was silenced."""
    asked, settled = course.asked, course.settled
    everybody = (*course.first.holding, *course.later.holding)
    losses: list[OverriddenRule] = []
    if _overriding(everybody):
        overrides = Overrides(everybody)
        losses = [loss for match in everybody for loss in overrides.losses(match)]
    active = sorted(course.active, key=lambda match: asked.places[match.rule.id])
    return replace(
        course.decision,
        fired=tuple(_fired(match, settled) for match in active if _contributed(match, settled, course.shaped)),
        overridden=tuple(sorted(losses, key=lambda loss: (loss.rule_id, loss.by))),
    )


def _said_of_itself(needs: Needs) -> tuple[object, ...]:
    """What a decision tells of the needs without asking a rule."""
    return needs.activities, needs.avoid_brands


def _standing(found: tuple[Match, ...], among: Sequence[Match]) -> tuple[Match, ...]:
    """What is left of those found when all `among` them had their say against each other."""
    if not _overriding(among):
        return found
    overrides = Overrides(among)
    return tuple([left for match in found if (left := overrides.surviving(match)).shares])


def _standing_near(near: Course, first: Answers) -> tuple[Match, ...]:
    return near.standing if first is near.first else _standing(first.holding, first.holding)


def _overriding(speaking: Sequence[Match]) -> list[Match]:
    """Those who may silence another. Few rules do."""
    return [match for match in speaking if match.rule.overrides]


def _voting(standing: Sequence[Match], asked: AskedSet) -> tuple[Match, ...]:
    return tuple([match for match in standing if match.rule.id in asked.voters])


def _settled(
    near: Course, needs: Needs, standing: tuple[Match, ...], state: State
) -> tuple[tuple[Match, ...], Verdict]:
    """Who votes on the kind and what comes of it; the verdict of before where the same vote in the same uses."""
    voting = near.voting if standing is near.standing else _voting(standing, near.asked)
    if voting == near.voting and needs.activities == near.needs.activities:
        return voting, near.settled
    return voting, verdict(needs, voting, state)


def _decision(needs: Needs, settled: Verdict, shaped: Shape, state: State) -> Decision:
    return Decision(
        kind=settled.kind,
        types=shaped.types_named,
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
        use_case=use_case_of(needs, str(state["speech_need"])),
        avoid_brands=needs.avoid_brands,
    )


def _contributed(match: Match, settled: Verdict, shaped: Shape) -> bool:
    """A rule is cited when it voted, decided, asked, left a trace in the features, or says something to know."""
    if match.rule.id in shaped.used or match.rule.id in settled.contributions:
        return True
    return match.does("kind_vote", "require_kind", "accept_either", "ask", "neutral", "note")


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
