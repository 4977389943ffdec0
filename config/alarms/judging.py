"""Which troubles are there, which are new to their operator, and which are over?

Pure: readings, what was known and the time go in; what is known now and what is to be told come out. A trouble is told
once when it has lasted as long as its alarm says, and once when it is over. What cannot be read is neither: it stays
as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from config.alarms.table import Alarm


class Told(Protocol):
    """A number as `config.metrics.readings` tells it."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def labels(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`key` names the alarm and what it is about; times are seconds since 1970."""

    key: str
    says: str
    since: float
    told_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Counters at a time, by metric and labels."""

    at: float
    counts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`troubles`: all that are known now. `begun` and `over`: those to be told."""

    troubles: tuple[Trouble, ...]
    begun: tuple[Trouble, ...]
    over: tuple[Trouble, ...]


def judge(
    alarms: Sequence[Alarm],
    readings: Sequence[Told],
    known: Iterable[Trouble],
    *,
    now: float,
    samples: Sequence[Sample] = (),
    all_read: bool = True,
) -> Verdict:
    """`all_read`: whether every group of numbers could be read; else what nobody says anything of stays as it was."""
    before = {trouble.key: trouble for trouble in known}
    lasts = {alarm.name: alarm.lasts for alarm in alarms}
    current: dict[str, Trouble] = {}
    for alarm in alarms:
        told = [one for one in readings if one.name == alarm.metric]
        if not told and not all_read:
            current |= {key: one for key, one in before.items() if name_of(key) == alarm.name}
        for key, says in _broken(alarm, told, samples, now):
            current[key] = replace(before[key], says=says) if key in before else Trouble(key=key, says=says, since=now)
    ripe = tuple(one for key, one in current.items() if one.told_at is None and now - one.since >= lasts[name_of(key)])
    over = tuple(one for key, one in before.items() if key not in current and one.told_at is not None)
    return Verdict(troubles=tuple(current.values()), begun=ripe, over=over)


def name_of(key: str) -> str:
    return key.partition(" ")[0]


def _broken(alarm: Alarm, told: Iterable[Told], samples: Sequence[Sample], now: float) -> Iterator[tuple[str, str]]:
    for one in told:
        if any(one.labels.get(label) != value for label, value in alarm.where.items()):
            continue
        value = _growth(one, samples, now - alarm.within) if alarm.within else one.value
        if alarm.is_broken_by(value):
            about = {label: one.labels.get(label, "") for label in alarm.by}
            yield " ".join((alarm.name, *about.values())), alarm.says.format(**about)


def count_key(one: Told) -> str:
    return " ".join((one.name, *one.labels.values()))


def _growth(one: Told, samples: Sequence[Sample], since: float) -> float:
    """By how much it grew since the oldest sample that is young enough; one that began anew grew by all it has."""
    young = [sample for sample in samples if sample.at >= since]
    if not young:
        return 0.0
    before = young[0].counts.get(count_key(one), 0.0)
    return one.value if one.value < before else one.value - before
