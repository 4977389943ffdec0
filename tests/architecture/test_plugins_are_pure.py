"""A plug-in knows its base and nothing else of the house: values in, values out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from config.embedded import PROJECT

FOLDERS = ("catalog/sources", "catalog/networks", "reviews/blocks")
# The words of the house that carry no behaviour of it; each is pure itself (contract `pure` in .importlinter).
VOCABULARY = {
    "catalog/sources": {"catalog.reading", "catalog.settings_fields", "catalog.terms", "catalog.http"},
    "catalog/networks": {"catalog.settings_fields", "catalog.terms"},
    "reviews/blocks": {"catalog.shown_offer", "catalog.reading"},
}
OURS = ("catalog", "config", "demo", "readers", "recommender", "reviews")
FRAMEWORKS = ("celery", "django", "psycopg", "redis", "rest_framework")


def plugins() -> list[Path]:
    return [
        path for folder in FOLDERS for path in sorted((PROJECT / folder).glob("*.py")) if path.name != "__init__.py"
    ]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: say the whole name instead of a relative import"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", plugins(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_it_imports_no_framework(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in FRAMEWORKS}
