"""What did the shopper tell us? Needs, in the words of the decision vocabulary. Missing always means unknown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something the shopper does, with its share of the use. Weights of a `Needs` sum to 1."""

    name: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    maximum: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The field names and values of `vocabulary`, normalised; `None` and empty tuples mean unknown."""

    activities: tuple[Activity, ...] = ()
    environment: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    budget: Budget | None = None
    mic_need: str | None = None
    has_separate_mic: bool | None = None
    will_use_separate_mic: bool | None = None
    isolation: str | None = None
    awareness: str | None = None
    wear_hours_per_day: Decimal | None = None
    portability: str | None = None
    connection: str | None = None
    sound_priority: str | None = None
    age: int | None = None
    glasses: bool | None = None
    hearing_aids: bool | None = None
    hearing_limit: str | None = None
    hearing_condition: str | None = None
    # activity names we were given and do not know: they lead to a question, never to a guess
    unknown_activities: tuple[str, ...] = ()
