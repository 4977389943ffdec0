"""`docs/features.md` keeps its form: every id once, a known state, and for what is there a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.embedded import PROJECT

TABLE = (PROJECT / "docs" / "features.md").read_text()
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in TABLE.splitlines()
    if re.match(r"\| [A-Z]\d+b? \|", line)
]


def test_every_id_stands_once() -> None:
    ids = [row[0] for row in ROWS]
    assert len(ids) == len(set(ids))
    assert len(ids) > 100


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_there_has_a_test_that_exists(row: tuple[str, ...]) -> None:
    _, _, state, _, proof = row
    assert state.split(":")[0] in ("yes", "part", "no")
    if state.startswith("no"):
        assert not proof
        return
    named = re.fullmatch(r"`(tests/\S+\.py)`", proof)
    assert named, "a test is named"
    assert (PROJECT / named.group(1)).exists()


@pytest.mark.real_data
def test_the_ids_are_those_of_the_agreed_table(shared: Path) -> None:
    text = (shared / "features.md").read_text()
    agreed = set(re.findall(r"(?<![A-Za-z0-9–-])([ESLPRCOA]\d{1,2}b?)(?= ★| [A-Z\"“])", text))
    assert agreed - {row[0] for row in ROWS} == set()
