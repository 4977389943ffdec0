"""A stranger adds one of each from the recipe alone: one file, one line, nothing else, and everything finds it.

The recipes of `docs/extending.md` are carried out as printed, in a copy of the project; then the contract tests,
the import contracts and the migrations check of that copy must be green.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.embedded import PROJECT

RECIPES = (PROJECT / "docs" / "extending.md").read_text()
FENCE = re.compile(r"^```\w+\n(?:# |<!-- )(one line in )?(\S+?)(?: -->)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = (
    "catalog",
    "config",
    "demo",
    "partners",
    "readers",
    "recommender",
    "reviews",
    "templates",
    "static",
    "tests",
    "docs",
)
FILES = ("manage.py", "pyproject.toml", "uv.lock", ".importlinter", "docker-compose.yml", "Dockerfile", ".env.example")


@dataclass
class Recipe:
    files: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)


def recipe(heading: str) -> Recipe:
    """The code under a heading of the guide, as files to write and lines to add."""
    section = RECIPES.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = Recipe()
    for is_line, path, code in FENCE.findall(section):
        if is_line:
            found.lines[path] = code
        else:
            found.files[path] = code
    return found


def copy_of_the_project(target: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        shutil.copytree(PROJECT / name, target / name, ignore=ignore)
    for name in FILES:
        shutil.copy(PROJECT / name, target / name)


def carry_out(what: Recipe, target: Path) -> None:
    for path, code in what.files.items():
        assert not (target / path).exists(), f"{path} exists already; the recipe must not replace anything"
        (target / path).write_text(code)
    for path, line in what.lines.items():
        assert line.count("\n") == 1, "one line"
        text = (target / path).read_text()
        before, bracket, after = text.partition("\n)\n")  # where the registry's list ends
        assert bracket, path
        (target / path).write_text(f"{before}\n{line.rstrip()}{bracket}{after}")


def run(target: Path, *command: str) -> None:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for name in (
        "PYTEST_XDIST_WORKER",
        "PYTEST_CURRENT_TEST",
        "PYTEST_XDIST_TESTRUNUID",
        "PYTEST_ADDOPTS",
        "SHARED_DIR",
    ):
        environment.pop(name, None)
    result = subprocess.run(
        [sys.executable, *command],
        cwd=target,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}"


KINDS = {
    "An affiliate network": ("examplenet", "tests/catalog/networks", 1),
    "A price source": ("json_list", "tests/catalog/sources/test_contract.py", 1),
    "A content block": ("quotation", "tests/reviews/blocks", 2),
    "A rule": ("EDT-1", "tests/recommender", 1),
}


@pytest.mark.parametrize("heading", KINDS)
def test_the_recipe_is_one_file_and_one_line(heading: str) -> None:
    what = recipe(heading)
    assert len(what.files) == KINDS[heading][2]
    assert len(what.lines) == 1


@pytest.mark.parametrize("heading", KINDS)
def test_a_stranger_adds_it_from_the_recipe_alone(heading: str, tmp_path: Path) -> None:
    key, contract_tests, _ = KINDS[heading]
    copy_of_the_project(tmp_path)
    carry_out(recipe(heading), tmp_path)
    run(tmp_path, "-m", "pytest", "-q", "-x", contract_tests, "-k", f"{key} and not real_data")
    run(
        tmp_path,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as go; sys.exit(go(['--no-cache']))",
    )
    run(tmp_path, "manage.py", "makemigrations", "--check", "--dry-run")
    new = [path for path in recipe(heading).files if path.endswith(".py")]
    if new:
        run(tmp_path, "-m", "mypy", "--no-incremental", "--follow-imports=silent", *new)
