"""Which step through the questions is a page or a redirect? Named in a header that never leaves the site.

A view says it of its answer, so that a page that is kept and given to the next reader is counted as well
(`config/view_count.py` takes the header off and counts). A step is a question, an option and the version of the rules;
nothing of who took it, and no two steps can be told to be the same reader's. A result also says for which of the
answers we offer it was shown (`offered`), so that new rules can be tried on what people really ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponseBase

from recommender.questions import BY_KEY, QUESTIONS
from recommender.rules import RuleSet
from recommender.told import Told, answered

HEADER = "Earmark-Step"
ALL = "all"
ASKED, ANSWERED, SKIPPED, BACK, READ, RESULT = "asked", "answered", "skipped", "back", "read", "result"
KINDS = (ASKED, ANSWERED, SKIPPED, BACK, READ, RESULT)
# What no option of ours says: an amount, hours that nobody offers. What it was is not counted.
OWN = "own"
_LONGEST = 40
# Before answers that are told whole. Longer ones are not: what counts steps cuts them.
_TOLD, _LONGEST_TOLD = "told:", 200

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


def offered(told: Told) -> str:
    """Those of the answers that we offer to everybody, as an address has them: no amount, no word of one's own.

    Empty where there are none, and where they are too many to be told."""
    pairs = [(one.key, value) for one in QUESTIONS for value in told.values(one.key) if one.option(value)]
    said = urlencode(pairs)
    return said if len(said) <= _LONGEST_TOLD else ""


def told_from(said: str) -> Told | None:
    """The answers that `offered` wrote; None when these are none of it."""
    told = Told()
    given: dict[str, list[str]] = {}
    for key, value in parse_qsl(said):
        given.setdefault(key, []).append(value)
    for key, values in given.items():
        if key not in BY_KEY or not BY_KEY[key].options:
            return None
        told = answered(told, key, values)
    return told if said and offered(told) == said else None


def answers_in(header: str) -> str:
    """The answers that a header tells, as `offered` wrote them; empty when it tells none."""
    said = next((word.removeprefix(_TOLD) for word in header.split(" ") if word.startswith(_TOLD)), "")
    return said if told_from(said) else ""


def told_of(response: Answer, steps: Iterable[Step], ruleset: RuleSet, *, told: Told | None = None) -> Answer:
    """The answer with its steps, under the version of the rules that asked; a result with the answers it was for."""
    said = offered(told) if told else ""
    response.headers[HEADER] = " ".join([ruleset.version, *map(str, steps), *([f"{_TOLD}{said}"] if said else [])])
    return response


def steps_in(header: str) -> tuple[str, tuple[Step, ...]]:
    """The version and the steps that a header names; what is no step of ours is left out."""
    version, *words = header.split(" ")
    parts = [word.split(":") for word in words]
    return version[:_LONGEST], tuple(
        Step(*(part[:_LONGEST] for part in found)) for found in parts if len(found) == 3 and found[0] in KINDS
    )
