"""A newer list of machines is fetched, judged and taken into use, or refused as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.services.bot_lists import patterns_in_use
from tests.catalog.shop import Shop, open_shop

LIST = json.dumps([{"pattern": "Abot"}, {"pattern": "Zbot"}, {"pattern": "Chrome"}]).encode()


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Path:
    settings.BOT_LIST = tmp_path / "data" / "bots.json"
    return tmp_path / "data" / "bots.json"


@pytest.fixture
def shop(settings: Any) -> Iterator[Shop]:
    with open_shop() as opened:
        settings.PRIVATE_HOSTS_ALLOWED = [opened.host]
        yield opened


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("update_bot_list", *arguments, stdout=out)
    return out.getvalue()


def test_a_list_from_an_address_is_used_from_now_on(kept: Path, shop: Shop) -> None:
    answer = said(shop.serves("/list.json", LIST, content_type="application/json"), "--may-shrink")
    assert "refused 'Chrome': matches a browser" in answer
    assert "2 patterns in use: 2 new" in answer
    assert patterns_in_use(kept) == ("Abot", "Zbot")


def test_a_list_that_was_cut_off_is_not_taken(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "short.json").write_bytes(LIST)
    with pytest.raises(
        CommandError, match=r"2 usable patterns where .* are in use; if that is meant, say --may-shrink"
    ):
        said(str(tmp_path / "short.json"))
    assert not kept.exists()
    assert len(patterns_in_use(kept)) > 1000


def test_the_same_list_again_changes_nothing(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_bytes(LIST)
    said(str(tmp_path / "list.json"), "--may-shrink")
    assert "2 patterns in use: 0 new, 0 gone, 1 refused." in said(str(tmp_path / "list.json"))


def test_a_server_that_refuses_and_a_file_that_is_not_there_are_said(kept: Path, shop: Shop) -> None:
    with pytest.raises(CommandError, match="the list before stays: the server answered 404"):
        said(shop.url("/nothing"))
    with pytest.raises(CommandError, match="the file cannot be read: No such file"):
        said("nowhere.json")
