"""Which clicks are one visitor's second on the same link within the hour?

A pure module. A visit is one visitor's on one link. Of its clicks the first counts, and nothing more for an hour; then
the next one counts again. Clicks may come late (another web host was away): one that lies less than an hour *before* a
click that was counted is a repeat too, so that the two count once, whichever came first.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import NamedTuple

WINDOW = 3600 * 1_000_000


class Counted(NamedTuple):
    """A click of this visit, made `at` (microseconds since 1970)."""

    at: int
    click_id: str
    visit: int


def repeats(clicks: Iterable[Counted], counted: Iterable[Counted]) -> set[str]:
    """The ids of the clicks that are repeats of one another or of those `counted` before, in whatever order they come.

    A click that was counted before is not its own repeat.
    """
    times: dict[int, list[tuple[int, str]]] = {}
    for at, click_id, visit in sorted(counted):
        times.setdefault(visit, []).append((at, click_id))
    found = set()
    for at, click_id, visit in sorted(clicks):
        known = times.get(visit)
        if known is None:
            times[visit] = [(at, click_id)]
        elif _is_near(known, at, click_id):
            found.add(click_id)
        elif (at, click_id) not in known:
            insort(known, (at, click_id))
    return found


def _is_near(known: list[tuple[int, str]], at: int, click_id: str) -> bool:
    """Does another of the known ones lie less than an hour from this moment, and is this one none of them?"""
    place = bisect_left(known, (at, click_id))
    if place < len(known) and known[place][1] == click_id:
        return False
    return any(abs(at - known[near][0]) < WINDOW for near in (place - 1, place) if 0 <= near < len(known))
