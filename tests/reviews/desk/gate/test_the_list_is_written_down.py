"""The editors' guide names every check with its rule, under the list it belongs to, and no other."""

from __future__ import annotations

import re

from config.embedded import PROJECT
from reviews.desk.gate.checks import CHECKS

GUIDE = (PROJECT / "docs" / "desk.md").read_text()
SECTION = GUIDE.partition("## The gate: what is refused, what is advised")[2].partition("\n## ")[0]


def rules(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", text, re.MULTILINE))


def test_refusals_and_warnings_stand_in_their_lists_with_their_rules() -> None:
    refused, _, advised = SECTION.partition("Advised:")
    assert rules(refused) == {check.key: check.says for check in CHECKS if check.is_refusal}
    assert rules(advised) == {check.key: check.says for check in CHECKS if not check.is_refusal}


def test_keys_stand_once_and_fit_their_column() -> None:
    keys = [check.key for check in CHECKS]
    assert len(keys) == len(set(keys))
    assert max(map(len, keys)) <= 40
