"""Sets and numbers as bits say what sets and sorted lists say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.facets.bits import Among, NumberSlices, SlotSet, from_slots, slots_of

ROOM = 5000
slots = st.sets(st.integers(0, 60) | st.integers(0, ROOM - 1), max_size=40)
numbers = st.dictionaries(st.integers(0, 60) | st.integers(0, ROOM - 1), st.integers(0, 9) | st.integers(0, 70_000))
bound = st.none() | st.integers(-1, 12) | st.integers(0, 80_000)


@given(slots, st.integers(0, 45), st.none() | st.integers(0, 9))
def test_the_members_come_in_order_from_any_rank_on(members: set[int], start: int, size: int | None) -> None:
    wanted = sorted(members)[start:]
    assert slots_of(from_slots(members, ROOM), start, size) == (wanted if size is None else wanted[:size])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 300))), slots)
def test_a_stretch_holds_what_came_and_did_not_go(moves: list[tuple[bool, int]], among: set[int]) -> None:
    kept, wanted = SlotSet(), set[int]()
    for comes, slot in moves:
        (kept.add if comes else kept.discard)(slot)
        (wanted.add if comes else wanted.discard)(slot)
        assert bool(kept) == bool(wanted)
    assert slots_of(kept.bits) == sorted(wanted)
    assert kept.count_in(Among(from_slots(among, ROOM))) == len(wanted & among)


@given(numbers, numbers, slots, bound, bound)
def test_ranges_and_spans_are_those_of_the_numbers(
    first: dict[int, int], then: dict[int, int], among: set[int], low: int | None, high: int | None
) -> None:
    kept = NumberSlices.of(list(first.items()), ROOM)
    now = dict(first)
    for slot, number in then.items():
        if slot in now:
            kept.drop(slot, now.pop(slot))
        if number % 3:
            kept.put(slot, number)
            now[slot] = number
    wanted = [
        slot
        for slot, number in sorted(now.items())
        if (low is None or low <= number) and (high is None or number <= high)
    ]
    assert slots_of(kept.between(low, high)) == wanted
    there = [now[slot] for slot in among if slot in now]
    assert kept.span(from_slots(among, ROOM)) == ((min(there), max(there)) if there else None)


@given(numbers, slots, st.integers(0, 30), st.integers(1, 9), st.booleans())
def test_a_page_is_a_piece_of_the_sorted_whole(
    given_numbers: dict[int, int], among: set[int], start: int, size: int, is_falling: bool
) -> None:
    among |= set(list(given_numbers)[::2])
    kept = NumberSlices.of(list(given_numbers.items()), ROOM)
    order = sorted(
        (slot for slot in among if slot in given_numbers),
        key=lambda slot: (-given_numbers[slot] if is_falling else given_numbers[slot], slot),
    )
    page = kept.page(from_slots(among, ROOM), start, size, is_falling=is_falling, number=given_numbers.__getitem__)
    assert page == order[start : start + size]
