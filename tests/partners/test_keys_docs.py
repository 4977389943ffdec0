"""The page about the API names every scope and every door behind a key as they are."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import URLPattern

from config.api import urlpatterns
from partners.key_doors import ANYBODY, ScopedView
from partners.scopes import SCOPES

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def part(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_every_scope_stands_in_the_table_with_the_desks_words() -> None:
    told = dict(re.findall(r"^\| `(\w+:\w+)` \| (.+) \|$", part("Scopes"), re.MULTILINE))
    assert told == {scope.name: scope.title[0].lower() + scope.title[1:] for scope in SCOPES.values()}


def test_every_door_that_is_read_with_a_key_is_told_with_its_scope() -> None:
    told = set()
    for line in part("Doors behind a key").splitlines():
        doors, _, rest = line.removeprefix("| ").partition(" | ")
        if asks := re.match(r"`(\w+:read)`", rest):
            told |= {(door, asks[1]) for door in re.findall(r"`([^`]+)`", doors)}
    wanted = set()
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        door = getattr(pattern.callback, "cls", None)
        if isinstance(door, type) and issubclass(door, ScopedView) and (scope := door.scope_of("GET")) != ANYBODY:
            route = str(pattern.pattern).replace("<int:pk>", "<id>")
            wanted.add((re.sub(r"<\w+:(\w+)>", r"<\1>", route), scope))
    assert told == wanted
    assert len(told) >= 9
