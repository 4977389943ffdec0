"""A plug-in knows its base and nothing else of the house: values in, values out."""

from __future__ import annotations

import ast
import configparser
from pathlib import Path

import pytest

from config.embedded import PROJECT

FOLDERS = ("catalog/sources", "catalog/networks", "reviews/blocks")
OURS = ("catalog", "config", "demo", "partners", "readers", "recommender", "reviews")
FRAMEWORKS = ("celery", "django", "psycopg", "redis", "rest_framework")


def plugins() -> list[Path]:
    return [
        path
        for folder in FOLDERS
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if path != PROJECT / folder / "__init__.py"
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


def pure_modules() -> set[str]:
    """The modules that `.importlinter` holds to purity: words and decisions of the house a plug-in may use."""
    parser = configparser.ConfigParser()
    parser.read(PROJECT / ".importlinter")
    listed = set(parser["importlinter:contract:pure"]["source_modules"].split())
    return listed - {folder.replace("/", ".") for folder in FOLDERS}


@pytest.mark.parametrize("path", plugins(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_of_the_house_it_knows_its_base_its_own_parts_and_pure_words(path: Path) -> None:
    folder = next(folder for folder in FOLDERS if path.is_relative_to(PROJECT / folder))
    package = folder.replace("/", ".")
    own = f"{package}.{path.relative_to(PROJECT / folder).parts[0].removesuffix('.py')}"
    allowed = pure_modules() | {f"{package}.base"}
    for name in imports(path):
        if name.split(".")[0] not in OURS:
            continue
        if name == own or name.startswith(f"{own}."):
            continue
        # A pure package is pure in all its parts: the contract looks into them as well.
        if any(name == known or name.startswith(f"{known}.") for known in allowed):
            continue
        asked_for = {f"{name}.{part}" for part in imported_from(path, name)} or {name}
        assert asked_for <= allowed, f"{path.name} imports {sorted(asked_for - allowed)}"


def imported_from(path: Path, module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            found |= {name.name for name in node.names}
    return found
