"""What a browser shows is awaited: `expect(place).to_have_count(3)`, never `assert place.count() == 3`.

A click on a link or a button ends when the next page has begun, not when it is there. Whoever counts at once counts an
empty page, on a slow machine now and then: a test that fails by chance.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

BROWSER_TESTS = sorted((Path(__file__).parent.parent / "browser").glob("test_*.py"))
LOOKS_AT_ONCE = {"count", "is_visible", "is_hidden"}
PLACES = {"locator", "get_by_role", "get_by_text", "get_by_label"}


def hasty_lines(source: str) -> list[int]:
    """The lines of `source` (Python) that assert what a browser shows at once, without waiting for it."""
    return [
        call.lineno
        for claim in ast.walk(ast.parse(source))
        if isinstance(claim, ast.Assert)
        for call in ast.walk(claim.test)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in LOOKS_AT_ONCE
        and _is_a_place(call.func.value)
    ]


def _is_a_place(value: ast.expr) -> bool:
    called = {
        node.func.attr
        for node in ast.walk(value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    return bool(called & PLACES)


@pytest.mark.parametrize("path", BROWSER_TESTS, ids=lambda path: path.stem)
def test_a_test_waits_for_what_it_sees(path: Path) -> None:
    assert hasty_lines(path.read_text()) == []


def test_who_does_not_wait_is_found() -> None:
    assert hasty_lines(
        "assert page.locator('li').count() == 3\nassert not page.get_by_text('a').first.is_visible()"
    ) == [1, 2]
    assert hasty_lines("assert Article.objects.count() == 3\nexpect(page.locator('li')).to_have_count(3)") == []
