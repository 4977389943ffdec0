"""A few troubles of `make chaos` on the whole site, and every judge of it awake: each harm is seen by its own judge."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import PROJECT
from tests.chaos.drill import report
from tests.chaos.drill.scenarios import SCENARIOS

pytestmark = pytest.mark.chaos

FEW = ("postgres-recovers", "redis-emptied", "worker-killed")
HARMS = {
    "an answered click is deleted": "clicks",
    "a price that nobody said": "prices",
    "a letter goes twice": "mail",
    "a letter is lost": "mail",
    "a comment is stored twice": "comments",
    "an offer of an import is gone": "imports",
    "a partner is told nothing": "webhooks",
    "a page is not heard of": "fresh",
    "a price is shown for too long": "licence",
    "a redirect fails": "answers",
    "a part stays away": "health",
}


def play(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """With nothing of the tests' own site."""
    ours = ("PYTEST", "DATABASE_URL", "REDIS_URL", "CLICK_SPOOL_DIR", "LINK_SNAPSHOT", "MEDIA_ROOT", "API_RATE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "tests.chaos", *words],
        env={**environment, "EARMARK_DATA_DIR": str(folder)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def test_a_few_troubles_break_no_promise_and_every_harm_is_seen_by_its_judge_alone(tmp_path: Path) -> None:
    done = play(tmp_path, "--only", ",".join(FEW), "--seconds", "4", "--planted")
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    report = json.loads((tmp_path / "chaos" / "report.json").read_text())
    assert {one["scenario"] for one in report["scenarios"]} == set(FEW)
    for one in report["scenarios"]:
        assert {name: outcome["wrong"] for name, outcome in one["outcomes"].items() if outcome["wrong"]} == {}
        assert all(outcome["looked_at"] for outcome in one["outcomes"].values()), "nothing was there to judge"
    assert all(f"{harm}: seen by {judge}\n" in done.stdout for harm, judge in HARMS.items()), done.stdout


def test_an_unknown_trouble_is_named_with_those_there_are(tmp_path: Path) -> None:
    done = play(tmp_path, "--only", "earthquake")
    assert done.returncode == 2
    assert "postgres-killed" in done.stderr


def test_the_page_about_it_says_what_each_scenario_proves(tmp_path: Path) -> None:
    said = (PROJECT / "docs" / "chaos.md").read_text()
    assert report.proofs(SCENARIOS) in said
    page = tmp_path / "page.md"
    page.write_text("Above\n<!-- table -->\nold\n<!-- end of table -->\nBelow\n")
    report.put_into(page, report.TABLE, "new\n")
    assert page.read_text() == "Above\n<!-- table -->\nnew\n<!-- end of table -->\nBelow\n"
