"""How close does the refresh plan come to the best one, which knows every price's true rate of change?

The product's own functions learn and decide on simulated offers: two weeks from the prior, then two weeks that count.
All plans spend what ours did. How often a reader meets a wrong price between two looks is computed, not drawn.
"""

from __future__ import annotations

import csv
import os
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heapreplace
from itertools import pairwise
from math import ceil, exp, expm1, inf, log
from pathlib import Path
from random import Random

from bench.figures import Figure
from catalog.schedule import LONGEST_WAIT, PRIOR, SHORTEST_WAIT, ChangeRate, interval, least_worth

OFFERS = 20_000
CHECKS_PER_DAY = 2.0
WARM_UP, MEASURED = 14.0, 14.0
PLANNED_EVERY, DATED_PLANNED_EVERY = 0.25, 7.0
PHASES = 16
GOAL = 1.10
DAY = timedelta(days=1)
LONGEST = LONGEST_WAIT / DAY
SNAPSHOTS = Path("data") / "price_snapshots.csv"


@dataclass(frozen=True, slots=True)
class World:
    """Offers with their true rates (changes a day) and their clicks a day."""

    name: str
    rates: list[float]
    clicks: list[float]


def zipf(count: int, random: Random) -> list[float]:
    """Clicks a day by rank, one a day and offer on average, in no order."""
    total = sum(1 / rank for rank in range(1, count + 1))
    weights = [count / total / rank for rank in range(1, count + 1)]
    random.shuffle(weights)
    return weights


def log_normal(random: Random) -> World:
    return World("log_normal", [random.lognormvariate(-1.5, 1.5) for _ in range(OFFERS)], zipf(OFFERS, random))


def bimodal(random: Random) -> World:
    rates = [24.0 if random.random() < 0.05 else 0.02 for _ in range(OFFERS)]
    return World("mostly_still", rates, zipf(OFFERS, random))


def pareto(random: Random) -> World:
    """The fewer clicks, the faster the price: what is changed by robots is what nobody looks for."""
    clicks = sorted(zipf(OFFERS, random))
    rates = sorted((min(0.02 * random.paretovariate(0.9), 100.0) for _ in range(OFFERS)), reverse=True)
    return World("pareto_against_clicks", rates, clicks)


def wrong_at(rate: float, days: float) -> float:
    """Mean share of time with a wrong price over an interval of `days`."""
    at = rate * days
    return 1 + expm1(-at) / at if at > 1e-6 else at / 2


def wrong_share(world: World, waits: Sequence[float]) -> float:
    shares = (w * wrong_at(r, t) for w, r, t in zip(world.clicks, world.rates, waits, strict=True))
    return sum(shares) / sum(world.clicks)


def budgeted(waits_at: Callable[[float], list[float]], budget: float) -> list[float]:
    """The intervals for the price of a look that spends the budget; a higher price makes them longer."""
    low, high = log(1e-12), log(1e12)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(1 / t for t in waits_at(exp(middle))) > budget else (low, middle)
    return waits_at(exp(high))


def best_wait(rate: float, weight: float, price: float) -> float:
    """Known rate: the interval at which one look more gains just `price`."""
    target = price * rate / weight
    if target >= -expm1(-rate * LONGEST) - rate * LONGEST * exp(-rate * LONGEST):
        return LONGEST
    low, high = 0.0, rate * LONGEST
    at: float = min((2 * target) ** 0.5, high)
    for _ in range(50):
        off = -expm1(-at) - at * exp(-at) - target
        if abs(off) <= 1e-7 * target:
            break
        low, high = (at, high) if off < 0 else (low, at)
        step = at - off / (at * exp(-at))
        at = step if low < step < high else (low + high) / 2
    return at / rate


def optimum(world: World, checks: float) -> list[float]:
    def waits(price: float) -> list[float]:
        return [best_wait(r, w, price) for r, w in zip(world.rates, world.clicks, strict=True)]

    return budgeted(waits, checks * len(world.rates))


def by_clicks(world: World, checks: float) -> list[float]:
    return budgeted(lambda price: [min(price / w, LONGEST) for w in world.clicks], checks * len(world.rates))


class Looks:
    """The product's plan at work: who is looked at when, what is learnt, what is planned anew."""

    def __init__(self, clicks: Sequence[float], random: Random, budget: float) -> None:
        self.clicks = clicks
        self.budget = budget
        self.known = [PRIOR] * len(clicks)
        self.last = [0.0] * len(clicks)
        self.made = 0
        self.price = self.planned()
        self.queue = [(random.random() * self.wait(i) / DAY, i) for i in range(len(clicks))]
        heapify(self.queue)

    def planned(self) -> float:
        """As `plan_merchant` has it: alike offers in one group."""
        groups = Counter(
            (round(4 * log(rate.shape)), round(4 * log(rate.days)), round(4 * log(clicks)))
            for rate, clicks in zip(self.known, self.clicks, strict=True)
        )
        return least_worth(
            [(ChangeRate(exp(shape / 4), exp(days / 4)), exp(clicks / 4)) for shape, days, clicks in groups],
            checks_per_day=self.budget,
            longest=LONGEST_WAIT,
            stand_for=list(groups.values()),
        )

    def wait(self, i: int) -> timedelta:
        return interval(self.known[i], self.clicks[i], self.price, shortest=SHORTEST_WAIT, longest=LONGEST_WAIT)

    def until(
        self, end: float, planned_every: float, measured_from: float, changed: Callable[[int, float, float], bool]
    ) -> Iterator[tuple[int, float, float]]:
        """Every stretch between two looks at an offer: its number, from, to."""
        planned = 0.0
        while self.queue[0][0] < end:
            at, i = self.queue[0]
            if at - planned >= planned_every:
                planned, self.price = at, self.planned()
            self.made += at >= measured_from
            since = self.last[i]
            yield i, since, at
            self.known[i] = self.known[i].seen(changed=changed(i, since, at), after_days=at - since)
            self.last[i] = at
            heapreplace(self.queue, (at + self.wait(i) / DAY, i))
        for i, since in enumerate(self.last):
            yield i, since, end


def learnt(world: World, random: Random) -> tuple[float, float]:
    """Our share of clicks on a wrong price in the weeks that count, and the checks spent per offer and day."""
    looks = Looks(world.clicks, random, CHECKS_PER_DAY * len(world.clicks))

    def changed(i: int, since: float, at: float) -> bool:
        return random.random() < -expm1(-world.rates[i] * (at - since))

    end, wrong = WARM_UP + MEASURED, 0.0
    for i, since, to in looks.until(end, PLANNED_EVERY, WARM_UP, changed):
        start = max(since, WARM_UP)
        if to > start:
            rate = world.rates[i]
            gone = exp(-rate * (start - since)) * -expm1(-rate * (to - start)) / rate
            wrong += world.clicks[i] * ((to - start) - gone)
    return wrong / (MEASURED * sum(world.clicks)), looks.made / MEASURED / len(world.clicks)


def figure(name: str, ours: float, best: float, spent: float, others: dict[str, float], extra: str = "") -> Figure:
    rivals = ", ".join(f"{label} {share:.3%} ({share / best:.2f} x)" for label, share in others.items())
    return Figure(
        name=f"schedule_{name}",
        ratio=round(ours / best, 3),
        goal=GOAL,
        ok=ours <= GOAL * best,
        unit="times the clicks on a wrong price that the best plan, knowing every rate, leaves (less is better)",
        note=f"ours {ours:.3%} with {spent:.2f} checks per offer and day, best {best:.3%}; {rivals}{extra}",
    )


def simulated(make: Callable[[Random], World]) -> Figure:
    random = Random(20261125)
    world = make(random)
    ours, spent = learnt(world, random)
    others = {
        "round-robin": wrong_share(world, [1 / spent] * len(world.rates)),
        "by clicks": wrong_share(world, by_clicks(world, spent)),
    }
    return figure(world.name, ours, wrong_share(world, optimum(world, spent)), spent, others, f"; {OFFERS:,} offers")


def figures(folder: Path) -> Iterator[Figure]:
    for make in (log_normal, bimodal, pareto):
        yield simulated(make)
    shared = os.environ.get("SHARED_DIR", "")
    if shared and (Path(shared) / SNAPSHOTS).is_file():
        yield dated(Path(shared) / SNAPSHOTS)
    else:
        print(f"schedule_dated_prices is left out: SHARED_DIR does not lead to {SNAPSHOTS}.")


def histories(file: Path, random: Random) -> tuple[list[list[float]], float]:
    """When prices moved, in days since the first snapshot, and the days from there to the last one.

    Of the products that are in three snapshots or more. A price moved at some moment between two that differ.
    """
    seen: dict[tuple[str, str], list[tuple[date, str]]] = defaultdict(list)
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["price_usd"]:
                key = row["name"], row["color"]
                seen[key].append((date.fromisoformat(row["snapshot_date"]), row["price_usd"]))
    first = min(day for rows in seen.values() for day, _ in rows)
    last = max(day for rows in seen.values() for day, _ in rows)
    found = []
    for rows in seen.values():
        prices = sorted(dict(rows).items())
        if len(prices) >= 3:
            pairs = [(one, two) for one, two in pairwise(prices) if one[1] != two[1]]
            found.append([random.uniform((one[0] - first).days, (two[0] - first).days) for one, two in pairs])
    return found, float((last - first).days)


def wrong_days(moved: Sequence[float], since: float, start: float, end: float) -> float:
    """Days between `start` and `end` on which the price read at `since` is another than the true one."""
    at = bisect_right(moved, since)
    return max(end - max(moved[at], start), 0.0) if at < len(moved) else 0.0


def dated(file: Path) -> Figure:
    """The same on real prices, over their whole span; the best plan knows each one's rate over all of it.

    A rate is estimated from the moves of the whole span and how the rates of all products are spread. A plan made of
    the bare counts knows more than any rate says, namely that a price that could move did not: it is in the note.
    """
    random = Random(20261125)
    moved, end = histories(file, random)
    clicks = zipf(len(moved), random)
    looks = Looks(clicks, random, CHECKS_PER_DAY * len(clicks))

    def changed(i: int, since: float, at: float) -> bool:
        return bisect_right(moved[i], at) > bisect_right(moved[i], since)

    wrong = 0.0
    for i, since, to in looks.until(end, DATED_PLANNED_EVERY, WARM_UP, changed):
        if to > WARM_UP:
            wrong += clicks[i] * wrong_days(moved[i], since, max(since, WARM_UP), to)
    all_clicks = (end - WARM_UP) * sum(clicks)

    def share(waits: Sequence[float]) -> float:
        return (
            sum(w * missed(times, wait, end) for w, times, wait in zip(clicks, moved, waits, strict=True)) / all_clicks
        )

    spent = looks.made / (end - WARM_UP) / len(clicks)
    known = World("dated_prices", rates_over(moved, end), clicks)
    counted = World("counted", [max(len(times) / end, 1e-9) for times in moved], clicks)
    others = {
        "round-robin": share([1 / spent] * len(clicks)),
        "by clicks": share(by_clicks(known, spent)),
        "bare counts of the whole span": share(optimum(counted, spent)),
    }
    extra = f"; {len(clicks)} products over {end:.0f} days, {sum(map(len, moved))} moves"
    return figure(known.name, wrong / all_clicks, share(optimum(known, spent)), spent, others, extra)


def rates_over(moved: Sequence[Sequence[float]], days: float) -> list[float]:
    """Moves a day of each: its count, drawn towards the mean as far as chance alone explains how counts differ."""
    counts = [len(times) for times in moved]
    mean = sum(counts) / len(counts)
    beyond_chance = max(sum((count - mean) ** 2 for count in counts) / len(counts) - mean, 0.01 * mean)
    pull = mean / beyond_chance
    return [(count + mean * pull) / (days * (1 + pull)) for count in counts]


def missed(moved: Sequence[float], wait: float, end: float) -> float:
    """Days with a wrong price when it is looked at every `wait` days: the mean over when the first look is."""
    total = 0.0
    for phase in range(PHASES):
        first, covered = WARM_UP + wait * (phase + 0.5) / PHASES, -inf
        for at in moved:
            if at <= WARM_UP or at < covered:
                continue
            # The look that finds it; moves in between are found with it.
            covered = min(first + max(ceil((at - first) / wait), 0) * wait, end)
            total += max(covered - at, 0.0)
    return total / PHASES
