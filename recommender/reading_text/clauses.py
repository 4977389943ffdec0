"""Where does a thought end, and is a word in it denied? Clauses of an English text, and matches that mean it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recommender.reading_text.words import section

# A denial reaches this many words to the right, unless one of the turning words comes between.
REACH = 6
SPEECH = section("speech")
STOPS = re.compile(r"[;:!?()]|[.,](?!\d)|\b(?:but|though|although|however|whereas|yet)\b|\s-\s")


@dataclass(frozen=True, slots=True)
class Clause:
    text: str

    def hits(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Places where the pattern stands and is not denied."""
        return (hit for hit in pattern.finditer(self.text) if not self.denies(hit.start()))

    def says(self, pattern: re.Pattern[str]) -> bool:
        return any(True for _ in self.hits(pattern))

    def denies(self, position: int) -> bool:
        # "not only calls", "money is no object": words that deny nothing that follows
        before = SPEECH["hollow"].sub(lambda hit: "x" * len(hit.group()), self.text)[:position]
        for denial in SPEECH["denials"].finditer(before):
            between = before[denial.end() :]
            if len(between.split()) <= REACH and not SPEECH["turns"].search(between):
                return True
        return False


def plain(text: str) -> str:
    """Lower case, straight quotes, single spaces."""
    straight = text.replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", ", ")
    return " ".join(straight.lower().split())


def clauses_of(text: str) -> list[Clause]:
    """The thoughts of a text: split at stops, commas and turning words, not inside numbers such as 1,200 or 3.5."""
    parts = [part.strip() for part in STOPS.split(plain(text)) if part.strip()]
    # "For calls? Never." takes back what stands before it
    answers = [*parts[1:], ""][: len(parts)]
    kept = [part for part, answer in zip(parts, answers, strict=True) if not _refuses(answer)]
    # what others say about the person is not what the person does
    return [Clause(part) for part in kept if not SPEECH["hearsay"].match(part)]


def _refuses(part: str) -> bool:
    return SPEECH["refusals"].fullmatch(part) is not None
