"""What is said to change the answer changes it, and nothing easier does: MC-24, the half about edits."""

from __future__ import annotations

from recommender.counterfactuals import counterfactuals, edits_of, kinds_of, winner_of
from recommender.engine import decide
from tests.recommender.metamorphic.population import CATALOGUE, PEOPLE, decided, ranked, rules


def test_mc_24_every_promised_change_happens_and_no_cheaper_edit_brings_it() -> None:
    """Brute force over all single edits; no two edits together are cheaper than any one (see the next test)."""
    promised = 0
    for index, needs in enumerate(PEOPLE):
        decision = decided(index)
        first = next((one.first.product for one in ranked(index) if one.first), None)
        found = counterfactuals(needs, decision, rules(), CATALOGUE, winner=first)
        tried = [(edit, decide(edit.applied(needs), rules())) for edit in edits_of(needs)]
        for flip in found.kinds:
            (after,) = (other for edit, other in tried if edit.key == flip.key)
            assert after.kind == flip.kind != decision.kind
            assert not [edit for edit, other in tried if other.kind == flip.kind and edit.cost < flip.cost]
        reachable = {other.kind for _, other in tried} - {decision.kind, "either"}
        assert {flip.kind for flip in found.kinds} == reachable
        if found.type is not None:
            (after,) = (other for edit, other in tried if edit.key == found.type.key)
            assert after.kind == decision.kind
            assert after.types[0] == found.type.type != decision.types[0]
        limit = max((turn.cost for turn in found.winners), default=0)
        near = ranked(index)[0].selection if found.winners else None
        winners = [
            (edit, winner_of(other, edit.applied(needs), CATALOGUE, near=near))
            for edit, other in tried
            if edit.cost <= limit and other.kind in (decision.kind, "either")
        ]
        for turn in found.winners:
            (best,) = (best for edit, best in winners if edit.key == turn.key)
            assert best is not None
            assert best == turn.product != first
            assert not [edit for edit, best in winners if best == turn.product and edit.cost < turn.cost]
        promised += len(found.kinds) + len(found.winners) + (found.type is not None)
    assert promised > 2 * len(PEOPLE)


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
    from recommender.answers import Needs

    assert kinds_of(decide(Needs(), rules()), Needs()) == ()
