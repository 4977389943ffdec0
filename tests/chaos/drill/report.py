"""The table of scenarios by invariants: on a terminal, as JSON and as Markdown."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.chaos.drill.invariants import INVARIANTS, Outcome

if TYPE_CHECKING:
    from tests.chaos.drill.run import Played
    from tests.chaos.drill.scenario import Scenario

# The parts of a page that are written anew: each stands between `<!-- name -->` and `<!-- end of name -->`.
TABLE, PROOFS = "table", "scenarios"
COLUMNS = (*INVARIANTS, "unsure", "slowest /go/", "told", "trouble", "back")


def machine() -> str:
    return f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"


def cells(played: Played) -> list[str]:
    told = {None: "–", True: "yes", False: "NO"}[played.told]
    return [
        *(_cell(played.outcomes[name]) for name in INVARIANTS),
        str(played.unsure),
        f"{played.slowest:.1f} s",
        told,
        f"{played.trouble_seconds:.0f} s",
        f"{played.recovery_seconds:.0f} s",
    ]


def _cell(outcome: Outcome) -> str:
    return f"{len(outcome.wrong)} WRONG of {outcome.looked_at}" if outcome.wrong else f"{outcome.looked_at:,}"


def line(played: Played) -> str:
    """One scenario, for a terminal."""
    mark = "ok   " if played.is_well else "WRONG"
    said = "  ".join(f"{name} {cell}" for name, cell in zip(COLUMNS, cells(played), strict=True))
    return f"{mark} {played.scenario:<22} {said}"


def complaints(played: Played) -> list[str]:
    found = [f"      {name}: {one}" for name, outcome in played.outcomes.items() for one in outcome.wrong[:4]]
    return [*found, "      /metrics did not tell of it."] if played.told is False else found


def markdown(run: Sequence[Played], seed: int) -> str:
    head = f"| scenario | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}"
    rows = [f"| {one.scenario} | {' | '.join(cells(one))} |" for one in run]
    whole = f"{sum(one.is_well for one in run)} of {len(run)} scenarios as promised; seed {seed}; {machine()}."
    return "\n".join([whole, "", head, *rows, ""])


def as_json(run: Sequence[Played], seed: int) -> str:
    rows = [{**asdict(one), "is_well": one.is_well} for one in run]
    return json.dumps({"seed": seed, "machine": machine(), "scenarios": rows}, indent=1, default=str)


def proofs(scenarios: Sequence[Scenario]) -> str:
    """What each scenario proves, as a table."""
    rows = (f"| {one.name} | {one.proves} |\n" for one in scenarios)
    return "".join(["| scenario | proves |\n|---|---|\n", *rows])


def put_into(page: Path, name: str, words: str) -> None:
    before, _, rest = page.read_text().partition(f"<!-- {name} -->\n")
    after = rest.partition(f"<!-- end of {name} -->")[2]
    page.write_text(f"{before}<!-- {name} -->\n{words}<!-- end of {name} -->{after}")
