"""Clicks are shipped and counted anew from the shell, and the commands say what they did."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from catalog.clicks.spool import Spool
from catalog.models import Click, ClickTally
from catalog.services import click_storing
from tests.catalog.click_lines_written import line

pytestmark = pytest.mark.django_db


def said(*command: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    writer = Spool(tmp_path / "spool")
    now = timezone.now()
    for days in (0, 0, 1, 2):
        writer.append(line(now - timedelta(days=days)))
    writer.append(b"nonsense\n")
    writer.close()
    return writer.folder


def test_one_round_says_what_it_stored_and_put_aside(folder: Path) -> None:
    assert "4 clicks stored, 1 lines put aside in .rejected files, 0 segments" in said("ship_clicks", folder=folder)
    assert Click.objects.count() == 4
    assert "0 clicks stored, 0 segments" in said("ship_clicks", folder=folder)


def test_a_database_that_is_away_is_an_error_that_says_where_the_clicks_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> int:
        raise OperationalError("connection refused\nmore")

    monkeypatch.setattr(click_storing, "store_clicks", away)
    with pytest.raises(CommandError, match=f"the clicks stay in {folder}: connection refused$"):
        said("ship_clicks", folder=folder)


def test_a_pause_below_nothing_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match="above 0"):
        said("ship_clicks", "--forever", "--every", "0", folder=folder)


def test_counting_anew_says_what_was_wrong(folder: Path) -> None:
    said("ship_clicks", folder=folder)
    ClickTally.objects.filter(dimension="total").update(clicks=99)
    answer = said("rebuild_click_tallies")
    assert "3 days counted anew: 4 clicks, 3 tallies put right." in answer
    assert f"  {timezone.localdate()}: 2 clicks, 2 net, 1 tallies were wrong" in answer
    assert "0 tallies put right" in said("rebuild_click_tallies")


def test_a_window_counts_only_its_days(folder: Path) -> None:
    said("ship_clicks", folder=folder)
    day = f"{timezone.localdate() - timedelta(days=1)}"
    assert "1 days counted anew: 1 clicks" in said("rebuild_click_tallies", first=day, last=day)


def test_days_whose_clicks_are_gone_keep_their_counts() -> None:
    old = timezone.localdate() - timedelta(days=800)
    ClickTally.objects.create(day=old, dimension="total", clicks=7, net_clicks=5)
    answer = said("rebuild_click_tallies", first=f"{old}", last=f"{old + timedelta(days=1)}")
    assert "the days before stay as they are" in answer
    assert "0 days counted anew" in answer
    assert ClickTally.objects.get().clicks == 7


@pytest.mark.parametrize("window", [("yesterday", None), ("2026-11-26", "2026-11-25")], ids=["a word", "backwards"])
def test_a_window_that_is_none_is_refused(window: tuple[str, str | None]) -> None:
    with pytest.raises(CommandError, match=r"no day|before the first"):
        said("rebuild_click_tallies", first=window[0], last=window[1])
