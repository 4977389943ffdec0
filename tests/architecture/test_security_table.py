"""`docs/security.md` keeps its form: each requirement once, a known state, and tests that exist."""

from __future__ import annotations

import re

import pytest

from config.embedded import PROJECT

ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in (PROJECT / "docs" / "security.md").read_text().splitlines()
    if re.match(r"\| V\d+", line)
]


def test_every_requirement_stands_once() -> None:
    names = [row[0] for row in ROWS]
    assert len(names) == len(set(names))
    assert len(names) > 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_claimed_has_a_test_that_exists(row: tuple[str, ...]) -> None:
    _, _, _, proof, state = row
    word, _, reason = state.partition(": ")
    assert word in ("yes", "part", "no")
    assert word == "yes" or reason, "what is missing is said"
    named = re.findall(r"`(tests/[^`]+\.py)`", proof)
    assert named or word != "yes", "a test is named"
    assert [path for path in named if not (PROJECT / path).exists()] == []
