"""The chaos suite: `python -m tests.chaos [--seed 1] [--only postgres-killed,disk] [--into docs/chaos.md]`.

Exit status: 0 when all is as promised, 1 when something was wrong, 2 when a word of the command was not understood.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from tqdm import tqdm

from tests.chaos.drill.environment import own_environment

if TYPE_CHECKING:
    from tests.chaos.drill.run import Played
    from tests.chaos.drill.scenario import Scenario

TROUBLE_SECONDS = 7.0


def main() -> int:
    arguments = _arguments()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _as_interrupt)
    kept = Path(os.environ.get("EARMARK_DATA_DIR") or ".data").resolve() / "chaos"
    kept.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    _prepare(folder)
    from tests.chaos.drill.planted import HARMS, seen_by
    from tests.chaos.drill.run import drill
    from tests.chaos.drill.scenarios import SCENARIOS

    chosen = _chosen(SCENARIOS, arguments.only)
    if not chosen:
        print(f"No scenario is called so. There are: {', '.join(one.name for one in SCENARIOS)}", file=sys.stderr)
        return 2
    began = time.monotonic()
    played: list[Played] = []
    is_awake = True
    try:
        with drill(folder, arguments.seed, lambda what: print(f"  {what} …", flush=True)) as site:
            for scenario in (bar := tqdm(chosen, unit="scenario", disable=None)):
                bar.set_description(scenario.name)
                if missing := _missing(scenario, site.plant.disks.can_be_full and site.plant.names.can_fail):
                    tqdm.write(f"not played: {scenario.name} needs {missing}")
                    continue
                played.append(site.play(scenario, arguments.seconds))
                _tell(played[-1])
            if arguments.planted:
                for harm, seen in seen_by(site).items():
                    is_awake &= seen == [HARMS[harm][1]]
                    print(f"{harm}: seen by {', '.join(seen) or 'nobody'}")
    finally:
        _keep_logs(folder, kept)
    _write(played, kept, arguments)
    print(f"{sum(one.is_well for one in played)} of {len(played)} as promised, {time.monotonic() - began:.0f} s")
    return 0 if is_awake and all(one.is_well for one in played) else 1


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    """However it is ended: programs are stopped and disks unmounted."""
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="moments, victims and lost pieces come from it")
    parser.add_argument("--only", default="", help="parts of scenarios’ names with commas between")
    parser.add_argument("--seconds", type=float, default=TROUBLE_SECONDS, help="how long each trouble lasts")
    parser.add_argument("--into", type=Path, help="a page whose table is replaced")
    parser.add_argument("--planted", action="store_true", help="harm the site in the end, and say which judge saw it")
    return parser.parse_args()


def _prepare(folder: Path) -> None:
    """The settings are read once, so this process has to know its site before."""
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ.update(own_environment(folder))
    import django

    django.setup()


def _chosen(scenarios: Sequence[Scenario], only: str) -> list[Scenario]:
    words = [word.strip() for word in only.split(",") if word.strip()]
    return [one for one in scenarios if not words or any(word in one.name for word in words)]


def _missing(scenario: Scenario, is_root: bool) -> str:
    from tests.chaos.drill.clocks import library

    if scenario.needs == "root" and not is_root:
        return "root, to mount small disks and a file of hosts"
    return "libfaketime (Debian: faketime)" if scenario.needs == "faketime" and library() is None else ""


def _tell(played: Played) -> None:
    from tests.chaos.drill import report

    tqdm.write("\n".join([report.line(played), *report.complaints(played)]))
    sys.stdout.flush()


def _write(played: Sequence[Played], kept: Path, arguments: argparse.Namespace) -> None:
    from tests.chaos.drill import report

    (kept / "report.json").write_text(report.as_json(played, arguments.seed))
    table = report.markdown(played, arguments.seed)
    (kept / "report.md").write_text(table)
    if arguments.into:
        from tests.chaos.drill.scenarios import SCENARIOS

        report.put_into(arguments.into, report.TABLE, table)
        report.put_into(arguments.into, report.PROOFS, report.proofs(SCENARIOS))
    print(f"Kept in {kept}: report.md, report.json, and each part’s log")


def _keep_logs(folder: Path, kept: Path) -> None:
    for log in (*folder.glob("*.log"), *(folder / "data").glob("*.log")):
        shutil.copy(log, kept / log.name)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
