"""What do we remember of troubles between two rounds? A few lines in Redis, which workers need anyway.

Lost with Redis: then what still lasts is told once more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from redis import Redis

from config.alarms.judging import Sample, Trouble

KEY, TURN = "earmark:alarms", "earmark:alarms:turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    troubles: Sequence[Trouble] = ()
    samples: Sequence[Sample] = ()
    told_at: float = 0.0


def recall(redis: Redis) -> Memory:
    """Raises `RedisError`. What cannot be read any more is forgotten."""
    kept = redis.get(KEY)
    try:
        found = json.loads(kept) if isinstance(kept, (bytes, str)) else {}
        return Memory(
            troubles=tuple(Trouble(**one) for one in found.get("troubles", ())),
            samples=tuple(Sample(**one) for one in found.get("samples", ())),
            told_at=float(found.get("told_at", 0)),
        )
    except (ValueError, TypeError, AttributeError):
        return Memory()


def remember(redis: Redis, memory: Memory) -> None:
    redis.set(KEY, json.dumps(asdict(memory)))
