"""What does a figure of the bench say? One JSON line, and one entry of bench/results.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ratio` is the measured figure, always relative to something measured in the same run; `ok`: the goal is met."""

    name: str
    ratio: float
    goal: float
    ok: bool
    unit: str
    note: str

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def keep(figures: list[Figure]) -> None:
    """Write bench/results.json anew."""
    RESULTS.write_text(json.dumps([asdict(figure) for figure in figures], indent=2, ensure_ascii=False) + "\n")
