"""An import is stored a stroke at a time: whatever kills its worker, nothing is lost and nothing is done twice."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Product, TableImport
from catalog.services.table_imports import (
    ImportError_,
    delete_old_tables,
    go_on_later,
    lost_tables,
    run_table,
    running,
    stop,
    store_later,
)
from catalog.tasks import run_table_import
from config.celery import app
from tests.catalog.services.table_imports.bringing import counts, ran, stored, table, taken, tried
from tests.factories import make_product, make_staff


def products(count: int) -> bytes:
    return table(*({"brand": "Acme", "model": f"M{number}", "anc": "yes"} for number in range(count)))


class Killed(BaseException):
    pass


@pytest.mark.django_db
def test_a_killed_worker_loses_nothing_and_the_next_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 4)
    made = tried("products", content=products(10))
    store_later(table_import=made)

    def die(done: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        run_table(table_import_id=made.pk, now=timezone.now(), progress=die)
    made.refresh_from_db()
    assert (made.position, Product.objects.count(), made.rows.count()) == (4, 4, 4)
    assert run_table(table_import_id=made.pk, now=timezone.now()) is None, "its claim is fresh"
    later = timezone.now() + timedelta(minutes=3)
    assert lost_tables(now=later) == [made.pk]
    assert run_table(table_import_id=made.pk, now=later) is not None
    made.refresh_from_db()
    assert (made.state, counts(made), Product.objects.count()) == ("done", (10, 0, 0, 0), 10)


@pytest.mark.django_db
def test_a_stopped_import_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 4)
    made = tried("products", content=products(10))
    store_later(table_import=made)
    stop(table_import=made)
    assert (ran(made).state, Product.objects.count()) == ("stopped", 4)
    made.refresh_from_db()
    go_on_later(table_import=made)
    done = ran(made)
    assert (done.state, counts(done)) == ("done", (10, 0, 0, 0))


@pytest.mark.django_db
def test_it_is_stored_once_and_only_after_its_trial() -> None:
    made = taken("products", products(2))
    with pytest.raises(ImportError_, match="once, after it was tried"):
        store_later(table_import=made)
    ran(made)
    store_later(table_import=made)
    ran(made)
    with pytest.raises(ImportError_, match="once, after it was tried"):
        store_later(table_import=made)
    with pytest.raises(ImportError_, match="Only an import that stopped"):
        go_on_later(table_import=made)


@pytest.mark.django_db
def test_a_file_that_is_gone_ends_it_and_says_so() -> None:
    made = taken("products", products(2))
    made.file.delete(save=False)
    done = ran(made)
    assert done.state == TableImport.State.FAILED
    assert "The stored file is gone." in done.error


@pytest.mark.django_db
def test_rows_that_are_the_same_cost_no_questions_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def questions(count: int) -> int:
        made = taken("products", products(count))
        with CaptureQueriesContext(connection) as asked:
            assert counts(ran(made))[2] == count
        return len([one for one in asked if "SAVEPOINT" not in one["sql"]])

    stored("products", content=products(40))
    assert questions(40) == questions(3)


@pytest.mark.django_db
def test_the_log_of_changes_names_the_import_and_each_row() -> None:
    product = make_product("M0", summary="Old.")
    editor = make_staff("ada", "catalog.change_product", "catalog.add_product")
    content = table({"slug": product.slug, "summary": "New."}, {"brand": "Acme", "model": "M1", "slug": ""})
    made = stored("products", content=content, by=editor)
    lines = LogEntry.objects.filter(user=editor).order_by("pk")
    told = [(line.object_repr, line.action_flag, line.change_message) for line in lines]
    assert told[0] == ("Acme M0", 2, "Imported from file.csv, row 2. summary: Old. → New.")
    assert told[1][:2] == ("Acme M1", 1)
    assert told[2] == (str(made), 2, "Imported: 1 new, 1 changed, 0 the same, 0 wrong.")


@pytest.mark.django_db
def test_after_a_month_the_import_and_its_file_go() -> None:
    made = tried("products", content=products(1))
    assert delete_old_tables(now=timezone.now()) == 0
    assert delete_old_tables(now=timezone.now() + timedelta(days=31)) == 1
    assert not TableImport.objects.filter(pk=made.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_tries_and_stores_it() -> None:
    made = taken("products", products(250))
    app.control.purge()

    def wait_for(state: str) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            made.refresh_from_db()
            if made.state == state:
                return
            time.sleep(0.2)
        pytest.fail(f"It is {made.state}: {made.error}")

    task: Any = run_table_import
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        task.delay(made.pk)
        wait_for(TableImport.State.TRIED)
        assert (counts(made), Product.objects.count()) == ((250, 0, 0, 0), 0)
        store_later(table_import=made)
        task.delay(made.pk)
        task.delay(made.pk)  # told twice, done once
        wait_for(TableImport.State.DONE)
    assert (counts(made), Product.objects.count()) == ((250, 0, 0, 0), 250)
