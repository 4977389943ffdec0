"""What became of one thing of the old site?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Did(StrEnum):
    MADE = "made"
    THERE = "there already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`what` is author, link, picture, article or comment; `notes` say what somebody has to look at."""

    what: str
    name: str
    did: Did
    notes: tuple[str, ...] = ()
