"""What is said to change the answer changes it, and nothing easier does: MC-24, the half about edits."""

from __future__ import annotations

from itertools import islice

from recommender.answers import Needs
from recommender.counterfactuals import MOST_PAIRS, Counterfactuals, Tries, counterfactuals, kinds_of, winner_of
from recommender.decision import Decision
from recommender.edits import AND, Edit, edits_of, pairs_of
from recommender.engine import course_near, course_of, decide, kind_near, may_move_the_kind
from recommender.facts import CandidateFacts
from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, decided, ranked, rules


def test_mc_24_every_promised_change_happens_and_no_cheaper_edit_brings_it() -> None:
    """Brute force over all single edits; no two edits together are cheaper than any one (see the next test)."""
    promised = 0
    for index, needs in enumerate(PEOPLE):
        decision = decided(index)
        first = next((one.first.product for one in ranked(index) if one.first), None)
        near = next((one.selection for one in ranked(index) if one.first), None)
        found = counterfactuals(Tries(course_of(needs, rules()), CATALOGUE, near=near), winner=first)
        tried = [(edit, decide(edit.applied(needs), rules())) for edit in edits_of(needs)]
        by_one = [flip for flip in found.kinds if AND not in flip.key]
        for flip in by_one:
            (after,) = (other for edit, other in tried if edit.key == flip.key)
            assert after.kind == flip.kind != decision.kind
            assert not [edit for edit, other in tried if other.kind == flip.kind and edit.cost < flip.cost]
        reachable = {other.kind for _, other in tried} - {decision.kind, "either"}
        assert {flip.kind for flip in by_one} == reachable
        if found.type is not None and AND not in found.type.key:
            (after,) = (other for edit, other in tried if edit.key == found.type.key)
            assert after.kind == decision.kind
            assert after.types[0] == found.type.type != decision.types[0]
        _winners_by_one(index, found, tried, first)
        promised += len(found.kinds) + len(found.winners) + (found.type is not None)
    assert promised > 2 * len(PEOPLE)


def _winners_by_one(
    index: int, found: Counterfactuals, tried: list[tuple[Edit, Decision]], first: CandidateFacts | None
) -> None:
    needs, decision = PEOPLE[index], decided(index)
    turns = [turn for turn in found.winners if AND not in turn.key]
    limit = max((turn.cost for turn in turns), default=0)
    winners = [
        (edit, winner_of(other, edit.applied(needs), CATALOGUE))
        for edit, other in tried
        if edit.cost <= limit and other.kind in (decision.kind, "either")
    ]
    for turn in turns:
        (best,) = (best for edit, best in winners if edit.key == turn.key)
        assert best is not None
        assert best == turn.product != first
        assert not [edit for edit, best in winners if best == turn.product and edit.cost < turn.cost]


def test_where_no_single_edit_leads_anywhere_the_easiest_two_do() -> None:
    """Brute force over all pairs for the kind, over those that are tried for the first product."""
    seen = {"kinds": 0, "winners": 0}
    for index, needs in enumerate(PEOPLE):
        decision = decided(index)
        first = next((one.first.product for one in ranked(index) if one.first), None)
        found = counterfactuals(Tries(course_of(needs, rules()), CATALOGUE), winner=first)
        singles, pairs = edits_of(needs), pairs_of(edits_of(needs))
        for flip in (flip for flip in found.kinds if AND in flip.key):
            first_pair = next(edit for edit in pairs if decide(edit.applied(needs), rules()).kind == flip.kind)
            assert flip.cost == first_pair.cost
            assert flip.kind not in {decide(edit.applied(needs), rules()).kind for edit in singles}
            seen["kinds"] += 1
        for turn in (turn for turn in found.winners if AND in turn.key):
            assert _first_after(needs, next(edit for edit in pairs if edit.key == turn.key)) == turn.product != first
            cheaper = [edit for edit in (*singles, *islice(pairs, MOST_PAIRS)) if edit.cost < turn.cost]
            others = {_first_after(needs, edit) for edit in cheaper if _keeps_kind(needs, edit, decision)}
            assert others <= {first, None}
            seen["winners"] += 1
    assert all(seen.values()), seen


def _keeps_kind(needs: Needs, edit: Edit, decision: Decision) -> bool:
    return decide(edit.applied(needs), rules()).kind in (decision.kind, "either")


def _first_after(needs: Needs, edit: Edit) -> CandidateFacts | None:
    other = edit.applied(needs)
    return winner_of(decide(other, rules()), other, CATALOGUE)


def test_a_person_who_differs_in_an_answer_is_decided_as_one_never_seen_before() -> None:
    for needs in PEOPLE:
        course = course_of(needs, rules())
        for edit in (*edits_of(needs), *pairs_of(edits_of(needs))[::23]):
            other = edit.applied(needs)
            alone = course_of(other, rules()).decision
            assert course_near(course, other).decision == alone
            assert kind_near(course, other) == alone.kind


def test_an_edit_of_which_no_rule_hears_for_these_uses_leaves_the_kind_alone() -> None:
    left_out = 0
    for needs in PEOPLE:
        course = course_of(needs, rules())
        for edit in edits_of(needs):
            if not may_move_the_kind(edit.changes, course):
                left_out += 1
                assert decide(edit.applied(needs), rules()).kind == course.settled.kind, (edit.key, needs)
    assert left_out


def test_one_edit_is_always_easier_than_two() -> None:
    for needs in PEOPLE:
        costs = sorted(edit.cost for edit in edits_of(needs))
        assert costs == [edit.cost for edit in edits_of(needs)]
        assert not costs or costs[-1] < 2 * costs[0]
        keys = [edit.key for edit in edits_of(needs)]
        assert len(keys) == len(set(keys))


def test_no_edit_leaves_the_needs_as_they_are() -> None:
    for needs in PEOPLE:
        assert all(edit.applied(needs) != needs for edit in edits_of(needs))


def test_without_a_use_there_is_nothing_to_change_the_winner_of() -> None:
    assert kinds_of(decide(Needs(), rules()), Needs()) == ()
