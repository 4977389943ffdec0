"""Shippers of two web hosts are killed with -9 again and again: each click is stored and counted once (L18)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from catalog.clicks.ids import made_at
from catalog.clicks.repeats import WINDOW
from catalog.clicks.rows import parse
from catalog.clicks.spool import Spool
from catalog.models import Click, ClickTally, CountedVisit, Link, UnknownCode
from catalog.services.tallies import rebuild_click_tallies
from config import embedded
from tests.catalog.click_lines_written import line
from tests.factories import make_link, make_offer

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

LINES = 3_000  # of each host
KILLS = 6


def shipper(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    url = site._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "manage.py", "ship_clicks", "--forever", "--every", "0.05", "--folder", str(folder)]
    with log.open("ab") as out:
        return subprocess.Popen(command, env=environment, stdout=out, stderr=out)


def until(check: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end
        time.sleep(0.02)


def lines_of(host: int, offer_id: int, since: datetime) -> list[bytes]:
    """A host's clicks over five hours: few visitors, so that many of them are repeats, also of the other host's."""
    dice = random.Random(host)
    return [
        line(
            since + timedelta(seconds=dice.randrange(5 * 3600)),
            code=dice.choice(["one", "two", "gone"]),
            known=(known := dice.random() > 0.1),
            offer_id=offer_id if known else "",
            place=f"a{dice.randrange(5)}.1.{dice.randrange(3)}",
            visit=f"{dice.randrange(1, 40):016x}",
            hint=dice.choice(["", "", "", "bot:x", "staff:y"]),
        )
        for _ in range(LINES)
    ]


def test_every_click_and_every_count_is_there_once_whoever_was_killed(tmp_path: Path) -> None:
    offer, since = make_offer(), timezone.now() - timedelta(hours=6)
    make_link(offer, "one", expires_after_clicks=1)
    hosts = [Spool(tmp_path / "host 0"), Spool(tmp_path / "host 1")]
    written = [lines_of(host, offer.pk, since) for host in (0, 1)]
    log = tmp_path / "shippers.log"
    shippers = [shipper(host.folder, log) for host in hosts]
    dice = random.Random(7)
    killed_in_the_middle = 0
    try:
        for kill in range(KILLS):
            for host, lines in zip(hosts, written, strict=True):
                for one in lines[kill * LINES // KILLS : (kill + 1) * LINES // KILLS]:
                    host.append(one)
            stored = Click.objects.count()
            until(lambda stored=stored: Click.objects.count() > stored)  # type: ignore[misc]
            time.sleep(dice.random() * 0.1)
            victim = kill % 2
            shippers[victim].send_signal(signal.SIGKILL)
            shippers[victim].wait()
            killed_in_the_middle += Click.objects.count() < (kill + 1) * 2 * LINES // KILLS
            shippers[victim] = shipper(hosts[victim].folder, log)
        for host in hosts:
            host.close()
        until(lambda: not [*tmp_path.glob("*/*.clicks")])
    finally:
        for process in shippers:
            process.terminate()
    assert [process.wait(timeout=30) for process in shippers] == [0, 0]
    assert killed_in_the_middle
    assert "deadlock" not in log.read_text()
    _is_whole([parse(one[:-1]).id for lines in written for one in lines])


def _is_whole(ids: list[str]) -> None:
    stored = Counter(str(key) for key in Click.objects.values_list("id", flat=True))
    assert stored == Counter(ids)
    known = Click.objects.filter(is_known=True)
    net = known.filter(agent="person", is_repeat=False)
    days = set(ClickTally.objects.values_list("day", flat=True))
    totals = ClickTally.objects.filter(dimension="total")
    assert sum(totals.values_list("clicks", flat=True)) == known.count()
    assert sum(totals.values_list("net_clicks", flat=True)) == net.count()
    assert all(day.differed == 0 for day in rebuild_click_tallies(first=min(days), last=max(days)))
    assert sum(UnknownCode.objects.values_list("clicks", flat=True)) == Click.objects.filter(is_known=False).count()
    counted = Click.objects.filter(agent="person", is_repeat=False).count()
    assert CountedVisit.objects.count() == counted
    _no_two_within_an_hour()
    assert Link.objects.get(code="one").expired_at is not None


def _no_two_within_an_hour() -> None:
    last: dict[int, datetime] = {}
    for visit, click_id in CountedVisit.objects.order_by("click_id").values_list("visit", "click_id"):
        at, before = made_at(click_id), last.get(visit)
        assert before is None or at - before >= timedelta(microseconds=WINDOW)
        last[visit] = at
