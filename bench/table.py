"""How are figures shown in a row each? For the terminal, and for the docs."""

from __future__ import annotations

from collections.abc import Iterable

from bench.figures import Figure, Kept
from bench.measures import MEASURES

LESS = "(less is better)"


def plain(figures: Iterable[Figure]) -> str:
    """One line a figure: name, reached, goal, and whether that is met."""
    rows = [(one.name, number(one.ratio), goal(one), "met" if one.ok else "MISSED") for one in figures]
    if not rows:
        return "No figure."
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{name:<{wide[0]}}  {reached:>{wide[1]}}  {wanted:>{wide[2]}}  {met}" for name, reached, wanted, met in rows
    )


def markdown(rows: Iterable[Kept]) -> str:
    """One table for each group of measures, the machine and the day beside each measure's rows."""
    groups: dict[str, list[Kept]] = {title: [] for title in dict.fromkeys(MEASURES.values())}
    for row in rows:
        groups[MEASURES[row.measure]].append(row)
    return "\n\n".join(f"### {title}\n\n{_table(found)}" for title, found in groups.items() if found)


def _table(rows: Iterable[Kept]) -> str:
    lines = ["| figure | reached | goal | what it is | measured |", "|---|---|---|---|---|"]
    for row in rows:
        one = row.figure
        reached = number(one.ratio) if one.ok else f"**{number(one.ratio)}**, missed"
        what = f"{one.unit.replace(LESS, '').replace('(more is better)', '').strip()}; {one.note}".replace("|", "/")
        lines.append(f"| `{one.name}` | {reached} | {goal(one)} | {what} | {row.day.isoformat()} |")
    return "\n".join(lines)


def number(value: float) -> str:
    """Three digits that say something: `0.057`, `3.18`, `1,229`."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def goal(figure: Figure) -> str:
    """`≥ 4`, `≤ 15`, or a dash where a figure is only recorded."""
    if not figure.goal and figure.ok and figure.ratio:
        return "–"
    return f"{'≤' if LESS in figure.unit else '≥'} {number(figure.goal)}"
