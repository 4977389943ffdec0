"""When does a reader get the next letter of news, so that one letter holds all that came? Pure decisions.

An hour is one of the site's time zone, summer and winter: where clocks leave it out, the letter goes an hour later;
where they show it twice, at the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

# "At once" is this long after the first of it came, so that what comes together goes together …
GATHER = timedelta(minutes=2)
# … and no sooner than this after the letter before.
APART = timedelta(minutes=30)
# As Python counts them, from 0.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)


class NewsRhythm(StrEnum):
    """How news about what a reader follows is gathered."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def label(self) -> str:
        return {
            "at_once": "Soon after it happens",
            "daily": "Once a day, all in one letter",
            "weekly": "Once a week, all in one letter",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A reader for whom news waits since `oldest_at`; times are aware. `lately`: letters of news in the last day.

    `weekday`: of a weekly letter, 0 is Monday.
    """

    rhythm: NewsRhythm
    hour: int
    oldest_at: datetime
    weekday: int = 0
    last_at: datetime | None = None
    lately: int = 0


def last_slot(rhythm: NewsRhythm, hour: int, *, weekday: int = 0, now: datetime, zone: tzinfo) -> datetime:
    """The latest moment up to `now` at which a gathered letter goes out: `hour` of a day, for `WEEKLY` of `weekday`."""
    day = now.astimezone(zone).date()
    step = _DAY
    if rhythm is NewsRhythm.WEEKLY:
        day, step = day - (day.weekday() - weekday) % 7 * _DAY, 7 * _DAY
    slot = _moment(day, hour, zone)
    return slot if slot <= now else _moment(day - step, hour, zone)


def _moment(day: date, hour: int, zone: tzinfo) -> datetime:
    # by way of UTC: an hour that clocks leave out becomes the one after it
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def is_due(one: Waiting, *, now: datetime, zone: tzinfo, per_day: int) -> bool:
    """Whether their letter goes out now. More than `per_day` at once are gathered until the reader's next hour."""
    rhythm = one.rhythm
    if rhythm is NewsRhythm.AT_ONCE and one.lately < per_day:
        return now - one.oldest_at >= GATHER and (one.last_at is None or now - one.last_at >= APART)
    gathered = NewsRhythm.DAILY if rhythm is NewsRhythm.AT_ONCE else rhythm
    slot = last_slot(gathered, one.hour, weekday=one.weekday, now=now, zone=zone)
    return one.oldest_at < slot and (one.last_at is None or one.last_at < slot)
