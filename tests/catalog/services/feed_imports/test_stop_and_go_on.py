"""Does an import that was stopped, or whose worker was killed, end as if nothing had happened?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from catalog import tasks
from catalog.models import DoubtfulMatch, FeedImport, ImportProblem, Link, Offer, Price
from catalog.services import feed_imports
from catalog.services.feed_imports import ImportError_, running
from catalog.services.feed_imports.storing import Writer
from config import embedded
from tests.catalog.services.feed_imports.feeds import GTIN, NOW, known_product, queued, row, table
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 60
# A worker of its own: it dies by SIGKILL in its third stroke, after everything was written and before the commit.
WORKER = """
import os, signal, sys, datetime
import django
django.setup()
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from catalog.models import FeedImport
from catalog.services import feed_imports
from catalog.services.feed_imports import running
from catalog.services.feed_imports.storing import Writer
FeedImport._meta.get_field("file").storage = FileSystemStorage(location=sys.argv[2])
running.STROKE = 10
write, strokes = Writer.write, []
def dying(self, found):
    written = write(self, found)
    strokes.append(1)
    if len(strokes) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return written
Writer.write = dying
now = datetime.datetime.fromisoformat(sys.argv[3])
feed_imports.run_import(feed_import_id=int(sys.argv[1]), now=now)
"""


def feed() -> bytes:
    """Offers, doubts, unknown items and broken rows, a few in every stroke of ten."""
    kinds: list[dict[str, str]] = [
        {"gtin": GTIN},
        {"brand": "Acme", "title": "Acme WH-1000XM5 black"},
        {"brand": "Unheard"},
        {"gtin": GTIN, "price": "from 10"},
        {"gtin": GTIN, "price": "42.00 EUR"},
    ]
    return table(*(row(f"A{number}", **kinds[number % len(kinds)]) for number in range(ROWS)))


def what_is_there(feed_import: FeedImport) -> dict[str, Any]:
    """Every row that the import made, without ids and times of the clock."""
    merchant = feed_import.merchant
    counters = ("state", "position", "rows_total", *running._COUNTERS)
    offers = Offer.objects.filter(merchant=merchant).order_by("merchant_sku")
    of_offers = {"offer__merchant": merchant}
    sold = ("merchant_sku", "product_id", "amount", "currency", "availability", "state", "state_reason", "seen_at")
    return {
        "import": {name: getattr(feed_import, name) for name in counters},
        "offers": list(offers.values_list(*sold)),
        "prices": sorted(Price.objects.filter(**of_offers).values_list("offer__merchant_sku", "amount", "verdict")),
        "linked": sorted(Link.objects.filter(**of_offers).values_list("offer__merchant_sku", flat=True)),
        "doubts": sorted(DoubtfulMatch.objects.filter(merchant=merchant).values_list("merchant_sku", "title")),
        "problems": list(
            ImportProblem.objects.filter(feed_import=feed_import).values_list("row_number", "field", "message", "raw")
        ),
    }


def killed(feed_import: FeedImport, folder: Path) -> int:
    """The exit code of a worker process that was killed in the middle."""
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    tested = site._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": tested, "DJANGO_SETTINGS_MODULE": "config.settings"}
    arguments = [sys.executable, "-c", WORKER, str(feed_import.pk), str(folder), NOW.isoformat()]
    return subprocess.run(arguments, env=environment, check=False, timeout=120).returncode


def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 10)
    known_product("WH-1000XM5", gtin=GTIN)
    calm, hit = (queued(make_merchant(name, hosts=["shop.example"]), feed()) for name in ("Calm shop", "Hit shop"))
    whole = feed_imports.run_import(feed_import_id=calm.pk, now=NOW)

    assert killed(hit, tmp_path / "imports") == -signal.SIGKILL
    hit.refresh_from_db()
    assert (hit.state, hit.position) == ("running", 20)
    assert Offer.objects.filter(merchant=hit.merchant).count() == 8

    assert feed_imports.run_import(feed_import_id=hit.pk, now=timezone.now()) is None, "its claim is still fresh"
    later = timezone.now() + running.CLAIM_LIVES
    assert feed_imports.lost_imports(now=later) == [hit.pk]
    FeedImport.objects.filter(pk=hit.pk).update(claimed_at=NOW - running.CLAIM_LIVES)
    ended = feed_imports.run_import(feed_import_id=hit.pk, now=NOW)
    assert whole is not None
    assert ended is not None
    assert what_is_there(ended) == what_is_there(whole)


def test_a_worker_whose_claim_was_taken_over_writes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 10)
    known_product("WH-1000XM5", gtin=GTIN)
    feed_import = queued(make_merchant(), feed())
    write, strokes = Writer.write, []

    def overtaken(self: Writer, found: Any) -> Any:
        strokes.append(found)
        if len(strokes) == 3:
            FeedImport.objects.filter(pk=feed_import.pk).update(claimed_at=NOW + timedelta(days=1))
        return write(self, found)

    monkeypatch.setattr(Writer, "write", overtaken)
    assert feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW) is None
    feed_import.refresh_from_db()
    assert (feed_import.position, Offer.objects.count()) == (20, 8)


def test_a_cancelled_import_stops_after_the_stroke_in_hand_and_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 10)
    known_product("WH-1000XM5", gtin=GTIN)
    feed_import = queued(make_merchant(), feed())
    write, strokes = Writer.write, []

    def cancelled(self: Writer, found: Any) -> Any:
        strokes.append(found)
        if len(strokes) == 2:
            feed_imports.cancel_import(feed_import=feed_import, now=timezone.now())
        return write(self, found)

    monkeypatch.setattr(Writer, "write", cancelled)
    stopped = feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW)
    assert stopped is not None
    assert (stopped.state, stopped.position, stopped.cancel_asked) == ("cancelled", 20, False)
    feed_imports.resume_import(feed_import=stopped)
    ended = feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW)
    assert ended is not None
    assert (ended.state, ended.position, ended.rows_matched) == ("done", ROWS, 24)


def test_an_import_that_still_waits_is_cancelled_at_once() -> None:
    feed_import = queued(make_merchant(), feed())
    feed_imports.cancel_import(feed_import=feed_import, now=NOW)
    assert feed_import.state == "cancelled"
    assert feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW) is None


def test_a_long_import_is_given_back_and_taken_up_by_beats_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 10)
    monkeypatch.setattr(running, "LONGEST_RUN", timedelta(0))
    feed_import = queued(make_merchant(), feed())
    for stroke in range(1, 6):
        feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW)
        feed_import.refresh_from_db()
        assert (feed_import.state, feed_import.position) == ("queued", 10 * stroke)
        assert feed_imports.lost_imports(now=NOW) == [feed_import.pk]
    monkeypatch.setattr(running, "LONGEST_RUN", timedelta(minutes=1))
    tasks.run_feed_import(feed_import.pk)
    feed_import.refresh_from_db()
    assert feed_import.state == "done"


def test_what_breaks_in_the_middle_of_a_file_keeps_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 2)
    known_product(gtin=GTIN)
    item = (
        "<item><id>A{0}</id><title>T</title><gtin>" + GTIN + "</gtin><price>9.00 USD</price>"
        "<link>https://shop.example/{0}</link></item>"
    )
    feed_import = queued(make_merchant(), ("<rss>" + "".join(item.format(n) for n in range(5)) + "<item><id>").encode())
    ended = feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW)
    assert ended is not None
    assert (ended.state, ended.position, Offer.objects.count()) == ("failed", 4, 4)
    assert "The XML breaks off" in ended.error


@pytest.mark.parametrize("state", ["draft", "queued", "running", "done"])
def test_only_a_stopped_import_is_resumed(state: str) -> None:
    feed_import = queued(make_merchant(), feed())
    FeedImport.objects.update(state=state)
    with pytest.raises(ImportError_, match="Only a stopped import"):
        feed_imports.resume_import(feed_import=feed_import)


def test_a_running_import_cannot_be_set_up_anew() -> None:
    feed_import = queued(make_merchant(), feed())
    with pytest.raises(ImportError_, match="waiting for a worker"):
        feed_imports.queue_import(feed_import=feed_import)
