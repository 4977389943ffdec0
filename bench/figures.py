"""What does a figure of the bench say, and where are figures kept? One entry of bench/results.json each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How a measured thing goes with another: `points` are pairs of x and y, whose words and units `x` and `y` give."""

    title: str
    x: str
    y: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ratio` is the measured figure, always relative to something measured in the same run; `ok`: the goal is met."""

    name: str
    ratio: float
    goal: float
    ok: bool
    unit: str
    note: str
    curve: Curve | None = None

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A figure with the measure it came from, the day, and the machine."""

    figure: Figure
    measure: str
    day: date
    machine: str = field(default="")


def kept(path: Path = RESULTS) -> list[Kept]:
    """What bench/results.json holds, in its order."""
    return [_read(entry) for entry in json.loads(path.read_text())]


def keep(found: Mapping[str, Iterable[Figure]], *, day: date, machine: str, path: Path = RESULTS) -> None:
    """Put a measure's figures in the place of its former ones; those of other measures stay as they were."""
    former = kept(path) if path.exists() else []
    fresh = {
        name: [Kept(figure=one, measure=name, day=day, machine=machine) for one in figures]
        for name, figures in found.items()
    }
    order = list(dict.fromkeys([*(one.measure for one in former), *fresh]))
    rows = [row for name in order for row in fresh.get(name, [one for one in former if one.measure == name])]
    path.write_text(json.dumps([_written(row) for row in rows], indent=2, ensure_ascii=False) + "\n")


def figure_of(entry: Mapping[str, Any]) -> Figure:
    """The figure that one of its lines says."""
    curve = entry.get("curve")
    points = tuple((x, y) for x, y in curve["points"]) if curve else ()
    names = ("name", "ratio", "goal", "ok", "unit", "note")
    return Figure(
        **{name: entry[name] for name in names}, curve=Curve(**{**curve, "points": points}) if curve else None
    )


def _read(entry: Mapping[str, Any]) -> Kept:
    return Kept(
        figure=figure_of(entry),
        measure=entry["measure"],
        day=date.fromisoformat(entry["day"]),
        machine=entry["machine"],
    )


def _written(row: Kept) -> dict[str, Any]:
    said = asdict(row.figure)
    if row.figure.curve is None:
        del said["curve"]
    return {"measure": row.measure, "day": row.day.isoformat(), "machine": row.machine, **said}
