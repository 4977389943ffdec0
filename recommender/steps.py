"""Which step through the questions is a page or a redirect? Named in a header that never leaves the site.

A view says it of its answer, so that a page that is kept and given to the next reader is counted as well
(`config/view_count.py` takes the header off and counts). A step is a question, an option and the version of the rules;
nothing of who took it, and no two steps can be told to be the same reader's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpResponseBase

from recommender.questions import BY_KEY
from recommender.rules import RuleSet
from recommender.told import Told

HEADER = "Earmark-Step"
ALL = "all"
ASKED, ANSWERED, SKIPPED, BACK, READ, RESULT = "asked", "answered", "skipped", "back", "read", "result"
KINDS = (ASKED, ANSWERED, SKIPPED, BACK, READ, RESULT)
# What no option of ours says: an amount, hours that nobody offers. What it was is not counted.
OWN = "own"
_LONGEST = 40

Answer = TypeVar("Answer", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True)
class Step:
    """`subject`: a question's key, or of a result its kind; `option`: an answer, or of a result its outcome."""

    kind: str
    subject: str = ""
    option: str = ""

    def __str__(self) -> str:
        return ":".join((self.kind, self.subject, self.option))


def shown(question: str) -> Step:
    return Step(ASKED, question)


def answer(kind: str, outcome: str) -> Step:
    return Step(RESULT, kind, outcome)


def read(*, is_understood: bool) -> Step:
    """A sentence was read, with something understood in it or nothing."""
    return Step(READ, "text", "understood" if is_understood else "nothing")


def taken(told: Told, asked: str, ask: str) -> Sequence[Step]:
    """What a reader did who leaves the question `asked`: back to `ask`, passed over, or answered with these options."""
    if ask:
        return (Step(BACK, asked),)
    if not told.has(asked):
        return (Step(SKIPPED, asked),)
    offered = BY_KEY[asked].option
    return tuple(Step(ANSWERED, asked, value if offered(value) else OWN) for value in told.values(asked))


def told_of(response: Answer, steps: Iterable[Step], ruleset: RuleSet) -> Answer:
    """The answer with its steps, under the version of the rules that asked."""
    response.headers[HEADER] = " ".join([ruleset.version, *map(str, steps)])
    return response


def steps_in(header: str) -> tuple[str, tuple[Step, ...]]:
    """The version and the steps that a header names; what is no step of ours is left out."""
    version, *words = header.split(" ")
    parts = [word.split(":") for word in words]
    return version[:_LONGEST], tuple(
        Step(*(part[:_LONGEST] for part in found)) for found in parts if len(found) == 3 and found[0] in KINDS
    )
