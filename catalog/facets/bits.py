"""How are sets of products and their numbers kept as bits, so that a hundred sets are counted in no time?

A product has a slot, a set is an integer whose bits are slots: `&` and `bit_count` of Python work through them at the
speed of memory. A number is kept in slices, one set for each of its binary digits (O'Neil and Quass 1997), so that
ranges, the smallest, and the page from the thousandth product on need a few of these operations and no sorted list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

_CHUNK = 4096
# Which bits each byte has.
_BITS = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]
_MEMBERS = re.compile(rb"[^\x00]", re.DOTALL)


def from_slots(slots: Iterable[int], room: int) -> int:
    """The set of these slots, all below `room`."""
    raw = bytearray((room >> 3) + 1)
    for slot in slots:
        raw[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(raw, "little")


def raw_of(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) >> 3, "little")


def slots_of(bits: int, start: int = 0, size: int | None = None) -> list[int]:
    """The members in rising order, from the one with the rank `start` on (0 is the first), at most `size`."""
    found: list[int] = []
    raw = raw_of(bits)
    for begin in range(0, len(raw), _CHUNK):
        chunk = int.from_bytes(raw[begin : begin + _CHUNK], "little")
        count = chunk.bit_count()
        if count <= start:
            start -= count
            continue
        # Most bytes are empty: they are passed over at the speed of a search.
        for byte in _MEMBERS.finditer(raw, begin, begin + _CHUNK):
            first = byte.start() << 3
            there = [first + bit for bit in _BITS[raw[byte.start()]]]
            if start:
                start, there = max(0, start - len(there)), there[start:]
            found += there
            if size is not None and len(found) >= size:
                return found[:size]
    return found


class Among:
    """A set that others are counted in, many times over."""

    __slots__ = ("_raw", "bits", "count")

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.count = bits.bit_count()
        self._raw: bytes | None = None

    def part(self, low: int, length: int) -> int:
        """Its members from slot `low` on (a multiple of 8), moved down by it, at least `length` slots long."""
        if self._raw is None:
            self._raw = raw_of(self.bits)
        return int.from_bytes(self._raw[low >> 3 : (low + length + 7) >> 3], "little")


class SlotSet:
    """A set that keeps only the stretch where it has members: a brand's products stand side by side."""

    __slots__ = ("_bits", "_low")

    def __init__(self, bits: int = 0) -> None:
        low = max(0, (bits & -bits).bit_length() - 1) & ~7
        # Cutting a piece out of another set takes longer than counting in the whole, unless the piece is a small one.
        self._low = low if low > bits.bit_length() >> 2 else 0
        self._bits = bits >> self._low

    @property
    def bits(self) -> int:
        return self._bits << self._low

    def __bool__(self) -> bool:
        return bool(self._bits)

    def add(self, slot: int) -> None:
        if not self._bits:
            self._low = slot & ~7
        elif slot < self._low:
            low = slot & ~7
            self._bits <<= self._low - low
            self._low = low
        self._bits |= 1 << (slot - self._low)

    def discard(self, slot: int) -> None:
        if slot >= self._low:
            self._bits &= ~(1 << (slot - self._low))

    def count_in(self, among: Among) -> int:
        if not self._low:
            return (self._bits & among.bits).bit_count()
        return (self._bits & among.part(self._low, self._bits.bit_length())).bit_count()


class NumberSlices:
    """Whole numbers from 0 on, by slot; a slot without one is in no answer."""

    __slots__ = ("_slices", "known")

    def __init__(self) -> None:
        self.known = 0
        self._slices: list[int] = []

    @classmethod
    def of(cls, numbers: Sequence[tuple[int, int]], room: int) -> NumberSlices:
        """Of slots and their numbers, all slots below `room`; faster than one by one."""
        made = cls()
        made.known = from_slots((slot for slot, _ in numbers), room)
        digits = max((number for _, number in numbers), default=0).bit_length()
        for low in range(0, digits, 8):
            plane = bytearray(room + 1)
            for slot, number in numbers:
                plane[slot] = number >> low & 255
            plane.reverse()
            made._slices += [int(plane.translate(_DIGIT[digit]), 2) for digit in range(min(8, digits - low))]
        return made

    def put(self, slot: int, number: int) -> None:
        """For a slot without a number."""
        bit = 1 << slot
        self.known |= bit
        while number >> len(self._slices):
            self._slices.append(0)
        for digit in _digits(number):
            self._slices[digit] |= bit

    def drop(self, slot: int, number: int) -> None:
        """`number` is the one it has."""
        bit = 1 << slot
        self.known &= ~bit
        for digit in _digits(number):
            self._slices[digit] &= ~bit

    def between(self, low: int | None, high: int | None) -> int:
        """Who has a number from `low` to `high`, both included; None is open."""
        found = self.known if high is None else self._up_to(high)
        return found if low is None or low <= 0 else found ^ (found & self._up_to(low - 1))

    def _up_to(self, high: int) -> int:
        if high < 0:
            return 0
        if high >> len(self._slices):
            return self.known
        below, equal = 0, self.known
        for digit in reversed(range(len(self._slices))):
            ones = equal & self._slices[digit]
            if high >> digit & 1:
                below |= equal ^ ones
                equal = ones
            else:
                equal ^= ones
        return below | equal

    def span(self, among: int) -> tuple[int, int] | None:
        """The lowest and the highest number in the set; None where nobody there has one."""
        there = among & self.known
        if not there:
            return None
        return self._end(there, is_highest=False), self._end(there, is_highest=True)

    def _end(self, there: int, *, is_highest: bool) -> int:
        """The lowest or the highest number of those there, at least one."""
        number = 0
        for digit in reversed(range(len(self._slices))):
            ones = there & self._slices[digit]
            wanted = ones if is_highest else there ^ ones
            if bool(wanted) is is_highest:
                number |= 1 << digit
            there = wanted or there
        return number

    def page(self, among: int, start: int, size: int, *, is_falling: bool, number: Callable[[int], int]) -> list[int]:
        """The slots from rank `start` on, by number and then by slot, at most `size`; `number` tells that of a slot."""
        there = among & self.known
        last = min(start + size, there.bit_count()) - 1
        if last < start:
            return []
        first_number, first, skipped = self._nth(there, start, is_falling=is_falling)
        found = slots_of(first, skipped, last - start + 1)
        if len(found) > last - start:
            return found
        last_number, equal_to_last, rank = self._nth(there, last, is_falling=is_falling)
        ends = sorted((first_number, last_number))
        middle = slots_of(there & self.between(ends[0] + 1, ends[1] - 1))
        middle.sort(key=lambda slot: (-number(slot) if is_falling else number(slot), slot))
        return found + middle + slots_of(equal_to_last, 0, rank + 1)

    def _nth(self, there: int, rank: int, *, is_falling: bool) -> tuple[int, int, int]:
        """The number with this rank (below the count of `there`), all who have it, how many of these come before."""
        number = 0
        for digit in reversed(range(len(self._slices))):
            ones = there & self._slices[digit]
            zeros = there ^ ones
            count = (ones if is_falling else zeros).bit_count()
            is_one = (rank < count) is is_falling
            there = ones if is_one else zeros
            rank -= 0 if rank < count else count
            number |= is_one << digit
        return number, there, rank


def _digits(number: int) -> list[int]:
    return [digit for digit in range(number.bit_length()) if number >> digit & 1]


# For each binary digit: every byte to the sign 0 or 1.
_DIGIT = [bytes(48 + (byte >> digit & 1) for byte in range(256)) for digit in range(8)]
