"""What is wrong with a rule file, said so that its editor can mend it: file, rule, field, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    file: str
    rule: str = ""
    field: str = ""
    problem: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.rule and f"rule {self.rule}", self.field) if part)
        return f"{where}: {self.problem}"


class RulesError(ValueError):
    """The rules cannot be used. `faults` lists everything found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
