"""Everything that happens by itself is a real task, and nobody does yesterday's round today."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from config.celery import app

ENTRIES: dict[str, dict[str, Any]] = app.conf.beat_schedule


@pytest.fixture(scope="module", autouse=True)
def _load_tasks() -> None:
    app.loader.import_default_modules()


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_names_a_task_that_exists(name: str) -> None:
    assert ENTRIES[name]["task"] in app.tasks


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_expires(name: str) -> None:
    assert ENTRIES[name]["options"]["expires"] > 0


def our_tasks() -> list[str]:
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


@pytest.mark.parametrize("name", our_tasks())
def test_a_task_is_a_door_not_a_room(name: str) -> None:
    """Ten statements at most: id in, fetch, service. What is done belongs to the service."""
    function = ast.parse(inspect.cleandoc(inspect.getsource(app.tasks[name].run))).body[0]
    statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
    assert len(statements) <= 10 + 1
