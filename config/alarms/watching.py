"""Looks at the numbers, says in the log what is wrong, and mails operators what is new and what is over.

One letter a round with all of it, and none sooner than `PAUSE` after the last: what comes and goes in between is not
told. A letter that the mail server does not take is tried again at the next round.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError
from redis import Redis
from redis.exceptions import LockError, RedisError

from config.alarms.judging import Sample, Trouble, Verdict, count_key, judge
from config.alarms.memory import TURN, Memory, recall, remember
from config.alarms.table import ALARMS, MINUTE
from config.metrics.readings import GROUPS, Group, Reading

log = logging.getLogger(__name__)

PAUSE = 10 * MINUTE
SAMPLE_EVERY, SAMPLES_KEPT = MINUTE, 45 * MINUTE
_A_ROUND = 5 * MINUTE


def watch(*, now: datetime, groups: Mapping[str, Group] = GROUPS) -> int:
    """How many troubles the letter of this round told, begun or over; 0: none went out. Raises `RedisError`."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        try:
            with redis.lock(TURN, timeout=_A_ROUND, blocking=False):
                return _round(redis, now, groups)
        except LockError:
            return 0  # another worker is at it


def _round(redis: Redis, now: datetime, groups: Mapping[str, Group]) -> int:
    at = now.timestamp()
    memory = recall(redis)
    readings, all_read = _read(now, groups)
    verdict = judge(ALARMS, readings, memory.troubles, now=at, samples=memory.samples, all_read=all_read)
    samples = _sampled(memory.samples, readings, at)
    told = _tell(verdict, now) if at - memory.told_at >= PAUSE else False
    remember(redis, _after(memory, verdict, samples, at=at, told=told))
    return len(verdict.begun) + len(verdict.over) if told else 0


def _after(memory: Memory, verdict: Verdict, samples: Sequence[Sample], *, at: float, told: bool) -> Memory:
    begun = {one.key for one in verdict.begun}
    if told:
        troubles = tuple(replace(one, told_at=at) if one.key in begun else one for one in verdict.troubles)
        return Memory(troubles=troubles, samples=samples, told_at=at)
    # What is over and could not be told yet stays, to be told next time.
    return Memory(troubles=(*verdict.troubles, *verdict.over), samples=samples, told_at=memory.told_at)


def _read(now: datetime, groups: Mapping[str, Group]) -> tuple[list[Reading], bool]:
    found: list[Reading] = []
    all_read = True
    for name, group in groups.items():
        try:
            found += group(now)
            value = 1
        except (DatabaseError, RedisError, OSError) as error:
            log.warning("The numbers of %s could not be read: %s", name, error)
            all_read, value = False, 0
        found.append(Reading(name="told", help="", value=value, labels={"group": name}))
    return found, all_read


def _sampled(samples: Sequence[Sample], readings: Sequence[Reading], at: float) -> tuple[Sample, ...]:
    kept = tuple(one for one in samples if one.at > at - SAMPLES_KEPT)
    if kept and at - kept[-1].at < SAMPLE_EVERY:
        return kept
    return (*kept, Sample(at=at, counts={count_key(one): one.value for one in readings if one.is_counter}))


def _tell(verdict: Verdict, now: datetime) -> bool:
    """Whether a letter went out."""
    if not verdict.begun and not verdict.over:
        return False
    for one in verdict.begun:
        log.error("%s: %s", one.key, one.says)
    for one in verdict.over:
        log.warning("%s is over.", one.key)
    if not settings.OPERATOR_EMAILS:
        return True  # told as far as anybody listens
    letter = EmailMessage(subject=_subject(verdict), body=_body(verdict, now), to=settings.OPERATOR_EMAILS)
    try:
        letter.send()
    except (OSError, smtplib.SMTPException) as error:
        log.error("Operators could not be told: %s", error)
        return False
    return True


def _subject(verdict: Verdict) -> str:
    begun, over = len(verdict.begun), len(verdict.over)
    words = [f"{begun} new trouble{'s' if begun > 1 else ''}"] if begun else []
    words += [f"{over} over"] if over else []
    return " ".join(f"{settings.SITE_NAME}: {', '.join(words)}".split())


def _body(verdict: Verdict, now: datetime) -> str:
    told = {one.key for one in (*verdict.begun, *verdict.over)}
    parts = (
        ("New", [f"* {_line(one)}" for one in verdict.begun]),
        ("Over", [f"* {_line(one)}" for one in verdict.over]),
        ("Lasts", [f"* {_line(one)}" for one in verdict.troubles if one.told_at is not None and one.key not in told]),
    )
    lines = [f"{title}:\n" + "\n".join(said) for title, said in parts if said]
    return "\n\n".join(
        [
            f"{settings.SITE_URL} at {now:%Y-%m-%d %H:%M} UTC.",
            *lines,
            f"What runs, and when it ran last: {settings.ADMIN_URL}jobs/\n"
            "What each of these means and what to do: docs/operations.md, “Alarms”.\n",
        ]
    )


def _line(one: Trouble) -> str:
    return f"{one.key.partition(' ')[0]}: {one.says} Since {datetime.fromtimestamp(one.since, UTC):%Y-%m-%d %H:%M} UTC."
