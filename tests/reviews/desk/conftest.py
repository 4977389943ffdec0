from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import override_settings

Spoil = Callable[[str, str], None]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Puts a template of ours in the place of another, as a slip in its next version would."""
    engines = deepcopy(project.TEMPLATES)
    for engine in engines:
        engine["DIRS"] = [tmp_path, *engine["DIRS"]]
    override = override_settings(TEMPLATES=engines)
    override.enable()

    def put(name: str, text: str) -> None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    yield put  # type: ignore[misc]
    override.disable()
