"""What do the rules decide for the people we know by heart, and what must never be decided for them?

The people stand in `recommender/golden/people.yaml`: what they need, and for some what is promised to them (a kind, a
feature they get, one they do not). Promises are kept by every version of the rules; all else may change, and is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from recommender.answers import Needs, needs_from_mapping
from recommender.decision import Decision
from recommender.engine import decide
from recommender.rules import Fault, RuleSet

FILE = Path(__file__).parent.parent / "golden" / "people.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`kind`, `must` and `must_not` are promised; empty when nothing is."""

    id: str
    who: str
    needs: Needs
    told: Mapping[str, Any]
    kind: str = ""
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody who would get another answer. Each pair is what it is and what it would be, in words."""

    person: Person
    kind: tuple[str, str] | None
    types: tuple[str, str] | None
    gains: tuple[str, ...]
    losses: tuple[str, ...]
    before: Decision
    after: Decision

    @property
    def what(self) -> str:
        parts = [f"{name}: {pair[0]} → {pair[1]}" for name, pair in (("kind", self.kind), ("type", self.types)) if pair]
        parts += [f"now asks for {', '.join(self.gains)}"] if self.gains else []
        parts += [f"no longer asks for {', '.join(self.losses)}"] if self.losses else []
        return "; ".join(parts).replace("_", " ")


@cache
def people() -> tuple[Person, ...]:
    """Everybody, in the order of the file."""
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Person(
            id=row["id"],
            who=row["who"],
            told=row["needs"],
            needs=needs_from_mapping(row["needs"]),
            kind=row.get("kind", ""),
            must=tuple(row.get("must", ())),
            must_not=tuple(row.get("must_not", ())),
        )
        for row in rows
    )


def broken_promises(ruleset: RuleSet) -> list[Fault]:
    """One fault for each promise these rules do not keep."""
    faults = []
    for person in people():
        decision = decide(person.needs, ruleset)
        faults += [
            Fault(file=FILE.name, rule=person.id, field=field, problem=f"{person.who} {said}")
            for field, said in _broken(person, decision)
        ]
    return faults


def _broken(person: Person, decision: Decision) -> list[tuple[str, str]]:
    mend = "Whatever else changes, this must not: mend the rule that causes it."
    found = []
    if person.kind and decision.kind != person.kind:
        found.append(("kind", f"is promised {person.kind} and would get {decision.kind}. {mend}"))
    found += [
        ("must", f"is promised {name.replace('_', ' ')} and would no longer be asked to have it. {mend}")
        for name in person.must
        if name not in decision.must_have
    ]
    found += [
        ("must_not", f"is promised to be kept from {name.replace('_', ' ')} and no longer would be. {mend}")
        for name in person.must_not
        if name not in decision.excluded
    ]
    return found


def moves(before: RuleSet, after: RuleSet, whom: Sequence[Person] | None = None) -> list[Move]:
    """Everybody whose kind, types, demands or exclusions change, in the order of the file."""
    found = []
    for person in people() if whom is None else whom:
        was, becomes = decide(person.needs, before), decide(person.needs, after)
        asks, will_ask = _asked(was), _asked(becomes)
        if was.kind != becomes.kind or was.types != becomes.types or set(asks) != set(will_ask):
            found.append(
                Move(
                    person=person,
                    kind=_pair(was.kind, becomes.kind),
                    types=_pair(", ".join(was.types) or "none", ", ".join(becomes.types) or "none"),
                    gains=tuple(name for name in will_ask if name not in asks),
                    losses=tuple(name for name in asks if name not in will_ask),
                    before=was,
                    after=becomes,
                )
            )
    return found


def _asked(decision: Decision) -> list[str]:
    return [*decision.must_have, *(f"no {name.removeprefix('type:')}" for name in decision.excluded)]


def _pair(was: str, becomes: str) -> tuple[str, str] | None:
    return None if was == becomes else (was, becomes)
