"""Tomorrow's migrations run while today's code serves: no reader is refused, no click is lost, prices go on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from catalog.models import Click, Link, Offer
from catalog.services.clicks import ship_clicks
from catalog.services.page_changes import carry_page_changes
from config import embedded
from config.management.commands.migrate import Impatient
from tests.chaos.test_stopping_loses_nothing import PAGE, Answers, is_up, locked, readers, somebody_waits_for
from tests.factories import make_merchant, make_product, make_seen_offer
from tests.ports import closed_port
from tests.site_processes import environment, running, until, web_command

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
]

BACK = """
ALTER TABLE catalog_product DROP CONSTRAINT IF EXISTS of_tomorrow, DROP COLUMN IF EXISTS of_tomorrow;
ALTER TABLE catalog_offer DROP COLUMN IF EXISTS of_tomorrow;
ALTER TABLE catalog_click DROP COLUMN IF EXISTS of_tomorrow;
DELETE FROM django_migrations WHERE app = 'tomorrow';
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    make_seen_offer(make_product("One", kind="headphones", type="over-ear"), make_merchant())
    Link.objects.update(code="one")
    carry_page_changes()
    spool = tmp_path / "spool"
    monkeypatch.setattr(settings, "CLICK_SPOOL_DIR", spool)
    yield environment(CLICK_SPOOL_DIR=str(spool), LINK_SNAPSHOT=str(tmp_path / "links"), PAGE_CACHE_SECONDS="0")
    with connection.cursor() as cursor:
        cursor.execute(BACK)


class Migrating:
    """`manage.py migrate` of tomorrow's release, in a process of its own."""

    def __init__(self, told: dict[str, str], *more: str) -> None:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "1", *more]
        self._process = subprocess.Popen(
            command,
            env={**told, "DJANGO_SETTINGS_MODULE": "tests.tomorrow.settings"},
            cwd=embedded.PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        self.said.extend(iter(self._process.stdout.readline, ""))

    def is_waiting(self) -> bool:
        return any("A table is busy" in line for line in self.said)

    def ended(self) -> tuple[int, str]:
        code = self._process.wait(120)
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code, "".join(self.said)


def change_prices() -> None:
    """As the worker of today writes: it knows nothing of the new column."""
    for offer in Offer.objects.all():
        offer.click_weight += 1
        offer.save()
    make_seen_offer(make_product(f"No {Offer.objects.count()}"), make_merchant(f"Shop {Offer.objects.count()}"))


def test_readers_clicks_and_prices_go_on_while_tomorrows_release_migrates(told: dict[str, str], tmp_path: Path) -> None:
    port, log, answers = closed_port(), tmp_path / "web.log", Answers()
    with running(web_command(port), log, told) as web:
        assert is_up(web, port), log.read_text()
        with readers(port, answers):
            assert until(lambda: answers.number > 20)
            # Somebody's long report holds what the migration needs alone: it lets readers pass instead of standing
            # before them, and comes through when the report is done.
            with locked("catalog_product", "ACCESS SHARE"):
                migrating = Migrating(told, "--lock-seconds", "1")
                assert until(migrating.is_waiting), migrating.said
                seen = answers.number
                assert until(lambda: answers.number > seen + 20), "readers are not shut out meanwhile"
            code, said = migrating.ended()
            assert code == 0, said
            change_prices()
            seen = answers.number
            assert until(lambda: answers.number > seen + 20)
    assert answers.failures == []
    assert set(answers.statuses[PAGE]) == {200}
    assert set(answers.statuses["/go/one/"]) == {302}
    clicked = len(answers.statuses["/go/one/"])
    assert until(lambda: bool(ship_clicks(now=timezone.now())) and Click.objects.count() >= clicked)
    assert Click.objects.count() == clicked
    with connection.cursor() as cursor:
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'of_tomorrow'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT count(*) FROM catalog_offer WHERE of_tomorrow <> 0")
        assert cursor.fetchone() == (0,)


def test_a_table_that_stays_busy_ends_the_migration_with_what_to_do(told: dict[str, str]) -> None:
    with locked("catalog_product", "ACCESS SHARE"):
        command = "from config.management.commands import migrate; migrate.TRIES = 2; migrate.SECONDS_BETWEEN = 0.1\n"
        command += "import django; django.setup()\n"
        command += "from django.core.management import execute_from_command_line as run\n"
        command += "run(['manage.py', 'migrate', '--lock-seconds', '1'])"
        done = subprocess.run(
            [sys.executable, "-c", command],
            env={**told, "DJANGO_SETTINGS_MODULE": "tests.tomorrow.settings"},
            cwd=embedded.PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert "A table was busy at each of 2 tries of 1 seconds" in done.stderr


def shut_both(before_the_second: Callable[[], None]) -> None:
    with connection.execute_wrapper(Impatient(60)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_product ADD COLUMN of_tomorrow integer NULL")
        before_the_second()
        cursor.execute("ALTER TABLE catalog_offer ADD COLUMN of_tomorrow integer NULL")


def test_a_step_that_has_a_table_gives_way_to_a_reader_who_waits_for_it() -> None:
    """Crosswise, PostgreSQL ends one of the two, and after its second of waiting that was the reader."""
    counted: list[int] = []
    with locked("catalog_offer", "ACCESS SHARE") as reader:

        def read() -> None:
            counted.extend(reader.execute("SELECT count(*) FROM catalog_product").fetchone() or ())

        reading = threading.Thread(target=read)

        def has_a_reader_wait() -> None:
            reading.start()
            assert until(lambda: somebody_waits_for("catalog_product"))

        with pytest.raises(OperationalError, match="lock timeout"):
            shut_both(has_a_reader_wait)
        reading.join()
    assert counted == [0]
