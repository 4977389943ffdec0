"""One row for each entry of the timetable: how often, when it last ended well, when it is due, how it last failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from celery import current_app

from config import task_ages


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`late`: by how much it is later than the alarm allows; zero: it is not. Times are aware, None where unknown."""

    name: str
    task: str
    every: timedelta
    ended: datetime | None
    took: timedelta | None
    due: datetime | None
    late: timedelta
    failures: int
    failed: datetime | None
    words: str

    @property
    def state(self) -> str:
        if self.late:
            return "late"
        if self.failed and (self.ended is None or self.failed > self.ended):
            return "failed"
        return "well" if self.ended else "unknown"


def jobs(*, now: datetime) -> list[Job]:
    """Those that need somebody first, then by name. Raises `RedisError`."""
    ends, took, failures = task_ages.last_ends(), task_ages.durations(), task_ages.failures()
    words, late = task_ages.last_failures(), task_ages.overdue(now.timestamp())
    found = []
    for name, entry in current_app.conf.beat_schedule.items():
        task, every = entry["task"], timedelta(seconds=float(entry["schedule"]))
        ended = _at(ends.get(task))
        failed, said = words.get(task, (None, ""))
        found.append(
            Job(
                name=name.capitalize(),
                task=task,
                every=every,
                ended=ended,
                took=timedelta(seconds=took[task]) if task in took else None,
                due=ended + every if ended else None,
                late=timedelta(seconds=late.get(task, 0)),
                failures=failures.get(task, 0),
                failed=_at(failed),
                words=said,
            )
        )
    order = {"late": 0, "failed": 1, "unknown": 2, "well": 3}
    return sorted(found, key=lambda job: (order[job.state], job.name))


def start(task: str) -> bool:
    """Hands it to the workers at once; False where the timetable has no such task."""
    for entry in current_app.conf.beat_schedule.values():
        if entry["task"] == task:
            current_app.send_task(task, expires=3600)
            return True
    return False


def _at(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
