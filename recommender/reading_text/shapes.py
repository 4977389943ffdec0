"""Which shape, which ears and whose make does the text ask for, and which does it refuse?"""

from __future__ import annotations

from typing import Any

from recommender import vocabulary
from recommender.reading_text.clauses import Clause, Hit, Reading

# "My old earbuds" are not what is wanted next; the word that says so stands close before or anywhere behind.
NEAR = 3
# "Nothing in my ears" names the shape with its refusal in one.
REFUSALS = frozenset(("nothing", "not", "no"))


def shapes_in(said: Reading) -> dict[str, Any]:
    """`forms`, `avoid_forms`, `ears`, `foldable`, `water_resistant` and `avoid_brands` as far as they are told."""
    wanted, refused = _forms(said)
    found: dict[str, Any] = {"forms": wanted, "avoid_forms": refused, "avoid_brands": _brands(said)}
    if said.says("wishes", "two_ears"):
        found["ears"] = "two"
    elif said.says("wishes", "one_ear"):
        found["ears"] = "one"
    flags = {"foldable": "foldable", "water_resistant": "sweat"}
    return found | {field: True for field, name in flags.items() if said.says("wishes", name)}


def _forms(said: Reading) -> tuple[list[str], list[str]]:
    """What is refused outright stays out; what only gave trouble comes back when it is asked for all the same."""
    wanted: set[str] = set()
    refused: set[str] = set()
    troubled: set[str] = set()
    for clause in said.clauses:
        for hit in clause.found("wishes", *vocabulary.FORMS):
            if clause.denies(hit) or clause.words[hit.begin] in REFUSALS:
                refused.add(hit.name)
            elif _troubles(clause, hit):
                troubled.add(hit.name)
            elif not _had_before(clause, hit):
                wanted.add(hit.name)
    wanted -= refused
    return _in_order(wanted), _in_order(refused | (troubled - wanted))


def _troubles(clause: Clause, hit: Hit) -> bool:
    marks = [*_marks(clause, "form_trouble"), *_marks(clause, "sore")]
    return any(trouble.begin >= hit.end and not clause.denies(trouble) for trouble in marks)


def _had_before(clause: Clause, hit: Hit) -> bool:
    return any(mark.begin >= hit.end or hit.begin - mark.end < NEAR for mark in _marks(clause, "had_before"))


def _marks(clause: Clause, name: str) -> list[Hit]:
    return list(clause.found("wishes", name))


def _in_order(names: set[str]) -> list[str]:
    return [name for name in vocabulary.FORMS if name in names]


def _brands(said: Reading) -> list[str]:
    return list(
        dict.fromkeys(
            hit.name
            for clause in said.clauses
            for hit in clause.found("brands")
            if clause.denied_throughout or clause.denied_by(hit, "denial", "dislike")
        )
    )
