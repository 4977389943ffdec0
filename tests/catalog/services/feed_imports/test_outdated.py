"""An import's file is kept as long as somebody may want to run it again, and no longer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from catalog.models import FeedImport, Offer
from catalog.services import feed_imports
from catalog.services.feed_imports.outdated import delete_outdated_files
from tests.catalog.services.feed_imports.feeds import GTIN, NOW, detected, known_product, queued, ran, row, table
from tests.factories import make_merchant

DAY = timedelta(days=1)
FEED = table(row("A1", gtin=GTIN))

pytestmark = pytest.mark.django_db(transaction=True)


def dated(feed_import: FeedImport, **times: object) -> Path:
    """Where its file lies."""
    FeedImport.objects.filter(pk=feed_import.pk).update(**times)
    return Path(feed_import.file.path)


@pytest.mark.parametrize("state", ["done", "cancelled", "failed"])
def test_the_file_of_an_import_that_ended_a_month_ago_goes_and_its_offers_and_counts_stay(state: str) -> None:
    known_product(gtin=GTIN)
    done = ran(make_merchant(), FEED)
    path = dated(done, state=state, finished_at=NOW - 30 * DAY - timedelta(hours=1))
    assert path.exists()
    assert delete_outdated_files(now=NOW) == 1
    assert not path.exists()
    done.refresh_from_db()
    assert (done.file.name, done.rows_matched, Offer.objects.count()) == ("", 1, 1)
    assert delete_outdated_files(now=NOW) == 0


def test_a_file_that_ended_later_than_that_stays() -> None:
    path = dated(ran(make_merchant(), FEED), finished_at=NOW - 30 * DAY + timedelta(hours=1))
    assert delete_outdated_files(now=NOW) == 0
    assert path.exists()


def test_a_week_old_draft_goes_whole_and_a_younger_one_stays() -> None:
    merchant = make_merchant()
    old, young = detected(merchant, FEED), detected(merchant, FEED)
    gone = dated(old, created_at=NOW - 7 * DAY - timedelta(hours=1))
    kept = dated(young, created_at=NOW - 7 * DAY + timedelta(hours=1))
    assert delete_outdated_files(now=NOW) == 1
    assert (gone.exists(), kept.exists()) == (False, True)
    assert FeedImport.objects.get() == young


def test_an_import_that_still_waits_or_runs_keeps_its_file_however_old_it_is() -> None:
    path = dated(queued(make_merchant(), FEED), created_at=NOW - 400 * DAY)
    assert delete_outdated_files(now=NOW) == 0
    assert path.exists()


def test_an_import_whose_file_is_gone_says_so_when_it_is_begun_anew() -> None:
    done = ran(make_merchant(), FEED)
    dated(done, finished_at=NOW - 31 * DAY)
    delete_outdated_files(now=NOW)
    done.refresh_from_db()
    feed_imports.retry_import(feed_import=done)
    ended = feed_imports.run_import(feed_import_id=done.pk, now=NOW)
    assert ended is not None
    assert (ended.state, ended.error[:24]) == ("failed", "The stored file is gone.")
