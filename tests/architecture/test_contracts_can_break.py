"""A contract that cannot be broken guards nothing: each one is broken on purpose in a copy, and must say so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.test_registries import copy_of_the_project

# contract → (file, the import that must not be there)
BREACHES = {
    "Apps in one direction": ("readers/selectors.py", "import catalog.models"),
    "Inside catalog": ("catalog/models/link.py", "import catalog.views"),
    "Inside recommender": ("recommender/facts.py", "import recommender.engine"),
    "Inside reviews": ("reviews/models/author.py", "import reviews.pages"),
    "Inside partners": ("partners/models/__init__.py", "import partners.admin"),
    "Inside readers": ("readers/models/reader.py", "import readers.views"),
    "Pure modules know no framework": ("catalog/terms.py", "import django.conf"),
    "Plug-ins do not know each other": ("catalog/networks/awin.py", "import catalog.networks.amazon"),
    "Nothing that ranks asks for": ("recommender/selectors.py", "import catalog.networks"),
    "What decides and ranks cannot reach": ("recommender/ranking/utility.py", "import catalog.selectors"),
    "The network has one door": ("catalog/sources/manual.py", "import httpx2"),
    "Nobody imports the settings module": ("readers/pages.py", "import config.settings"),
}


def lint(folder: Path) -> str:
    code = "import sys; from importlinter.cli import lint_imports_command as go; sys.exit(go(['--no-cache']))"
    wide = {**os.environ, "COLUMNS": "300"}  # a long name would be broken over two lines
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=wide, capture_output=True, text=True, check=False, timeout=120
    )
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy in which every contract is broken."""
    folder = tmp_path_factory.mktemp("broken")
    copy_of_the_project(folder)
    for path, line in BREACHES.values():
        text = (folder / path).read_text()
        (folder / path).write_text(f"{text}\n{line}\n")
    return lint(folder)


def contracts() -> list[str]:
    from config.embedded import PROJECT

    return re.findall(r"^name = (.+)$", (PROJECT / ".importlinter").read_text(), re.MULTILINE)


def test_there_is_a_breach_for_every_contract() -> None:
    for name in contracts():
        assert any(name.startswith(start) for start in BREACHES), name


@pytest.mark.parametrize("start", BREACHES)
def test_a_breach_is_seen(start: str, broken: str) -> None:
    (name,) = [name for name in contracts() if name.startswith(start)]
    assert re.search(rf"{re.escape(name)}\s*BROKEN", broken), broken[-3000:]
