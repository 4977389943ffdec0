"""By which number of `/metrics` would an operator see a trouble?"""

from __future__ import annotations

from collections.abc import Callable

from tests.chaos.drill.watch import MetricsWatch

Told = Callable[[MetricsWatch], bool]


def group_away(name: str) -> Told:
    """A group of numbers could not be read, or nobody answered at all."""
    return lambda seen: bool(seen.unanswered) or seen.smallest(f'told{{group="{name}"}}') == 0


def late(task: str, seconds: float) -> Told:
    return lambda seen: seen.largest(f'task_last_success_age_seconds{{task="{task}"}}') > seconds


def letters_wait(seen: MetricsWatch) -> bool:
    return seen.largest("letters_waiting") > 0


def either(*seen: Told) -> Told:
    return lambda watch: any(one(watch) for one in seen)


_CARRY = "catalog.tasks.carry_page_changes"
STOPPED = late(_CARRY, 4)
NO_PRICES, NO_QUEUE = group_away("prices"), group_away("queue")
