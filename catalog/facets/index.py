"""Where do all products stand, as sets of bits, and how does one come, change, move or go?

Pure, in memory, for one thread at a time. Slots are in the order of the products' names, so that this order costs
nothing; every eighth slot is free for whoever comes between. What hangs on the clock (prices, stock) is as it was at
the moment the index was last turned to.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from catalog.facets.bits import NumberSlices, SlotSet, from_slots
from catalog.facets.held import USE_CASE, Held, Place, next_turn, price_key, whole
from catalog.facets.rows import SHOPS_OWN, ProductRow, Shown, prices_by_reach, stock_of
from catalog.facets.vocabulary import Vocabulary

_EVERY = 8
# So many products are moved to make room for one; where that is not enough, all are spread anew.
_MOST_MOVED = 64
# A request that is answered after a later one is answered as of that one.
_SAME_MOMENT = timedelta(seconds=5)

T = TypeVar("T")


class Index:
    """`labels`: what values are called that follow from the data, by facet; `shown`: in which currencies prices are."""

    def __init__(self, shown: Shown = SHOPS_OWN) -> None:
        self.shown = shown
        self.labels: dict[str, dict[str, str]] = {}
        self.values: dict[str, dict[str, SlotSet]] = {}
        self.numbers: dict[str, NumberSlices] = {}
        self.everything = 0
        self.vocabulary = Vocabulary()
        self._held: list[Held | None] = []
        self._slot_of: dict[int, int] = {}
        self._same: dict[object, object] = {}
        self._at: datetime | None = None
        self._turns: list[tuple[datetime, int]] = []

    @classmethod
    def of(
        cls,
        rows: Iterable[ProductRow],
        labels: Mapping[str, Mapping[str, str]],
        now: datetime,
        shown: Shown = SHOPS_OWN,
    ) -> Index:
        made = cls(shown)
        made.name(labels)
        made._at = now
        made._spread(sorted((made._hold(row, now) for row in rows), key=lambda held: held.place))
        made._turns = [turn for held in made._held if held and (turn := next_turn(held, now))]
        heapq.heapify(made._turns)
        return made

    def __len__(self) -> int:
        return len(self._slot_of)

    def id_at(self, slot: int) -> int:
        held = self._held[slot]
        assert held is not None
        return held.id

    def held_at(self, slot: int) -> Held:
        held = self._held[slot]
        assert held is not None
        return held

    def number_at(self, slot: int, key: str) -> int:
        """Of a slot that has one."""
        held = self._held[slot]
        assert held is not None
        return next(number for name, number in held.numbers if name == key)

    def name(self, labels: Mapping[str, Mapping[str, str]]) -> None:
        """Values are called so from now on."""
        known = self.labels
        if all(
            known.get(facet, {}).get(value) == called
            for facet, said in labels.items()
            for value, called in said.items()
        ):
            return
        # Answers that were given keep the labels they were given with.
        self.labels = {facet: {**known.get(facet, {}), **labels.get(facet, {})} for facet in {**known, **labels}}

    # --- what comes, changes and goes -------------------------------------------------------------------------------

    def put(self, row: ProductRow) -> None:
        """The product is so from now on, whether it was there before or not."""
        assert self._at is not None
        held = self._hold(row, self._at)
        slot = self._slot_of.get(row.id)
        before = None if slot is None else self._held[slot]
        if slot is None or before is None:
            self._put_in(self._slot_for(held.place), held)
        elif before.place != held.place:
            self._take_out(slot)
            self._put_in(self._slot_for(held.place), held)
        else:
            self._change(slot, before, held)
        self._wait_for(held)

    def drop(self, product_id: int) -> None:
        """The product is gone, if it was there."""
        slot = self._slot_of.get(product_id)
        if slot is not None:
            self._take_out(slot)

    # --- the clock --------------------------------------------------------------------------------------------------

    @property
    def next_turn(self) -> datetime | None:
        """When a price or stock may begin or cease to hold."""
        return self._turns[0][0] if self._turns else None

    def due(self, now: datetime) -> list[int]:
        """Whose offers cease or begin to hold by then, as far as the index knows."""
        return [held for moment, held in self._turns if moment <= now] if self._is_due(now) else []

    def turn(self, now: datetime) -> None:
        """From now on the index says what holds at this moment."""
        assert self._at is not None
        if now < self._at - _SAME_MOMENT:
            self._at = now
            self._turns = []
            for offered in [held for held in self._held if held is not None and held.offers]:
                self._hold_again(offered)
            return
        self._at = max(now, self._at)
        seen = set()
        while self._is_due(self._at):
            seen.add(heapq.heappop(self._turns)[1])
        for product_id in seen:
            slot = self._slot_of.get(product_id)
            if slot is not None and (held := self._held[slot]) is not None:
                self._hold_again(held)

    def _is_due(self, now: datetime) -> bool:
        return bool(self._turns) and self._turns[0][0] <= now

    def _hold_again(self, held: Held) -> None:
        assert self._at is not None
        again = self._at_moment(held, self._at)
        self._change(self._slot_of[held.id], held, again)
        self._wait_for(again)

    def _wait_for(self, held: Held) -> None:
        assert self._at is not None
        if turn := next_turn(held, self._at):
            heapq.heappush(self._turns, turn)

    # --- facts ------------------------------------------------------------------------------------------------------

    def _hold(self, row: ProductRow, now: datetime) -> Held:
        lasting = tuple([self._one((facet, value)) for facet, said in row.values.items() for value in said])
        numbers = [(key, whole(number, key)) for key, number in row.numbers.items()]
        numbers += [(key, whole(number, key)) for case, number in row.use_cases.items() if (key := USE_CASE + case)]
        known = tuple(numbers)
        return self._at_moment(Held(row.place, row.variant, row.codes, row.offers, lasting, lasting, known, known), now)

    def _at_moment(self, held: Held, now: datetime) -> Held:
        if not held.offers:
            return held
        stock = stock_of(held.offers, now)
        prices = [
            (self._one(key := price_key(code, reach)), whole(total, key))
            for reach, found in prices_by_reach(held.offers, now, self.shown)
            for code, total in found.items()
        ]
        return Held(
            held.place,
            held.variant,
            held.codes,
            held.offers,
            held.lasting,
            (*held.lasting, self._one(("stock", stock))) if stock else held.lasting,
            held.lasting_numbers,
            (*held.lasting_numbers, *prices),
        )

    def _one(self, value: T) -> T:
        """The same object for equal values: a million products say the same few things."""
        return self._same.setdefault(value, value)  # type: ignore[return-value]

    # --- sets -------------------------------------------------------------------------------------------------------

    def _change(self, slot: int, before: Held, after: Held) -> None:
        self._held[slot] = after
        self._forget(slot, set(before.values) - set(after.values), set(before.numbers) - set(after.numbers))
        self._say(slot, set(after.values) - set(before.values), set(after.numbers) - set(before.numbers))
        if not before.is_called_as(after):
            self.vocabulary.drop(slot, before.names)
            self.vocabulary.add(slot, after.names)

    def _put_in(self, slot: int, held: Held) -> None:
        self._held[slot] = held
        self._slot_of[held.id] = slot
        self.everything |= 1 << slot
        self._say(slot, held.values, held.numbers)
        self.vocabulary.add(slot, held.names)

    def _take_out(self, slot: int) -> Held:
        held = self._held[slot]
        assert held is not None
        self._held[slot] = None
        del self._slot_of[held.id]
        self.everything &= ~(1 << slot)
        self._forget(slot, held.values, held.numbers)
        self.vocabulary.drop(slot, held.names)
        return held

    def _say(self, slot: int, values: Iterable[tuple[str, str]], numbers: Iterable[tuple[str, int]]) -> None:
        for facet, value in values:
            self.values.setdefault(facet, {}).setdefault(value, SlotSet()).add(slot)
        for key, number in numbers:
            self.numbers.setdefault(key, NumberSlices()).put(slot, number)

    def _forget(self, slot: int, values: Iterable[tuple[str, str]], numbers: Iterable[tuple[str, int]]) -> None:
        for facet, value in values:
            slots = self.values[facet][value]
            slots.discard(slot)
            if not slots:
                del self.values[facet][value]
        for key, number in numbers:
            self.numbers[key].drop(slot, number)

    # --- slots ------------------------------------------------------------------------------------------------------

    def _slot_for(self, place: Place) -> int:
        """A free slot between those whose names come before and after."""
        below, above = self._neighbours(place)
        if above - below > 1:
            return (below + above) // 2
        for free in range(above, min(above + _MOST_MOVED, len(self._held))):
            if self._held[free] is None:
                for slot in range(free, above, -1):
                    self._put_in(slot, self._take_out(slot - 1))
                return above
        if above + _MOST_MOVED >= len(self._held):
            self._held += [None] * (2 * _MOST_MOVED)
            return self._slot_for(place)
        self._spread([held for held in self._held if held is not None])
        return self._slot_for(place)

    def _neighbours(self, place: Place) -> tuple[int, int]:
        """The slots of the last product before this place and of the first one after it."""
        low, high = -1, len(self._held)
        while (there := self._taken_between(low, high)) is not None:
            held = self._held[there]
            assert held is not None
            if held.place < place:
                low = there
            else:
                high = there
        return low, high

    def _taken_between(self, low: int, high: int) -> int | None:
        """A slot with a product between these two, near the middle."""
        middle = max(low + 1, (low + high) // 2)
        around = chain(range(middle, high), range(middle - 1, low, -1))
        return next((slot for slot in around if self._held[slot] is not None), None)

    def _spread(self, ordered: Sequence[Held]) -> None:
        """All products into new slots, in their order."""
        room = len(ordered) + len(ordered) // (_EVERY - 1) + 1
        self._held = [None] * room
        self.vocabulary = Vocabulary()
        self.vocabulary.unsort()
        values: dict[tuple[str, str], list[int]] = {}
        numbers: dict[str, list[tuple[int, int]]] = {}
        for rank, held in enumerate(ordered):
            slot = rank + rank // (_EVERY - 1)
            self._held[slot] = held
            for said in held.values:
                values.setdefault(said, []).append(slot)
            for key, number in held.numbers:
                numbers.setdefault(key, []).append((slot, number))
            self.vocabulary.add(slot, held.names)
        self._slot_of = {held.id: slot for slot, held in enumerate(self._held) if held is not None}
        self.everything = from_slots(self._slot_of.values(), room)
        self.values, self.numbers = {}, {key: NumberSlices.of(some, room) for key, some in numbers.items()}
        for (facet, value), slots in values.items():
            self.values.setdefault(facet, {})[value] = SlotSet(from_slots(slots, room))
