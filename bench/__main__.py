"""Are the speed claims true on this machine? `make bench` measures all, `make bench ONLY="redirect pages"` some.

Writes bench/results.json after each measure, and docs/performance.md from it (`python -m bench --docs` does only that).
Exit code 1 when a goal is missed or a measure fell over; the others go on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from bench import document
from bench.figures import Figure, figure_of, keep, kept
from bench.machine import machine
from bench.measures import MEASURES
from bench.table import plain

LAST_LINES = 15


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {', '.join(MEASURES)}; none: all")
    parser.add_argument("--docs", action="store_true", help="measure nothing, write the docs anew")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.measures if name not in MEASURES]:
        parser.error(f"no such measure: {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    if asked.docs:
        document.write(kept())
        return 0
    return _measure(asked.measures or list(MEASURES))


def _measure(names: list[str]) -> int:
    failed: dict[str, str] = {}
    found: list[Figure] = []
    progress = tqdm(names, unit="measure", file=sys.stderr)
    for name in progress:
        progress.set_description(name)
        figures, problem = _measured(name)
        if problem:
            failed[name] = problem
        else:
            keep({name: figures}, day=datetime.now(UTC).date(), machine=machine())
        found += figures
    document.write(kept())
    print(plain(found))
    for name, problem in failed.items():
        print(f"\n{name} fell over; its former figures stay:\n{problem}", file=sys.stderr)
    return 0 if not failed and all(figure.ok for figure in found) else 1


def _measured(name: str) -> tuple[list[Figure], str]:
    """Its figures, and the last lines of what it said where it fell over."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures"
        command = [sys.executable, "-m", "bench.measures", name, str(path)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    figures = [figure_of(json.loads(line)) for line in lines]
    problem = "\n".join(done.stdout.splitlines()[-LAST_LINES:]) if done.returncode else ""
    return figures, problem or ("It measured nothing." if done.returncode else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
