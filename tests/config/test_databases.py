"""Web processes behind a pooler, and reports that read from a streaming copy: tried with the real programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.db import connection

from catalog.models import ClickTally
from config import embedded
from config.backups.making import connection_parameters
from config.databases import databases
from config.embedded.postgres import Postgres
from config.embedded.server import EmbeddedServiceError, as_service_user, prepare, run
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer
from tests.ports import closed_port

pytestmark = pytest.mark.usefixtures("db")
PROJECT = Path(__file__).parents[2]

# What a web process does: pages, a search, an API answer, a report; told are statuses and where tallies were read.
ASKED = """
import json, sys, django
django.setup()
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from catalog.models import ClickTally
client = Client(headers={"host": "localhost"})
told = {path: client.get(path).status_code for path in sys.argv[1:]}
rows = ClickTally.objects.order_by("key")
print(json.dumps({"pages": told, "db": rows.db, "keys": list(rows.values_list("key", flat=True))}))
"""


def asked(*paths: str, **environment: str) -> dict[str, Any]:
    """What another process of ours says with this environment."""
    known = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", **environment}
    done = subprocess.run(
        [sys.executable, "-c", ASKED, *paths],
        env={**os.environ, **known},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said | {"stderr": done.stderr}


def url_of_the_tests(**other: str) -> str:
    """Of the database of these tests; with a host and a port instead, where they stand for it."""
    values = connection_parameters()
    if other:
        user, password = quote(str(values.get("user", ""))), quote(str(values.get("password") or ""))
        return f"postgresql://{user}:{password}@{other['host']}:{other['port']}/{values['dbname']}"
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    return site._replace(path=f"{site.path.rpartition('/')[0]}/{values['dbname']}").geturl()


@pytest.fixture
def a_site() -> str:
    """Something to show and to report; the address of a product."""
    product = make_product("Quiet One")
    make_seen_offer(product, make_merchant("Shop"))
    make_published_article("a-guide")
    ClickTally.objects.create(day="2026-11-01", dimension="link", key="before", clicks=1, net_clicks=1)
    path: str = product.get_absolute_url()
    return path


# --- behind a pooler --------------------------------------------------------------------------------------------------


@pytest.fixture
def pooler(tmp_path: Path) -> Iterator[str]:
    """PgBouncer in transaction mode, two servers for all; its address."""
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("PgBouncer is not installed here")
    site, port = connection_parameters(), closed_port()
    (tmp_path / "users").write_text(f'"{site["user"]}" "{site.get("password") or ""}"\n')
    place = f"host={site['host']} port={site.get('port') or 5432} user={site['user']}"
    (tmp_path / "pgbouncer.ini").write_text(
        f"[databases]\n{site['dbname']} = {place}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"auth_file = {tmp_path}/users\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\n"
        f"ignore_startup_parameters = extra_float_digits\n"
    )
    for path in (tmp_path, *tmp_path.iterdir()):
        path.chmod(0o755)
    process = subprocess.Popen(as_service_user([program, str(tmp_path / "pgbouncer.ini")]), stderr=subprocess.DEVNULL)
    try:
        yield url_of_the_tests(host="127.0.0.1", port=str(port))
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_pages_come_through_a_pooler_of_transactions(a_site: str, pooler: str) -> None:
    paths = ["/guides/a-guide/", a_site, "/products/?q=quiet", "/api/v1/products/", "/readyz"]
    said = asked(*paths, *paths, DATABASE_URL=pooler, DATABASE_POOLED="1")
    assert said["pages"] == dict.fromkeys(paths, 200)
    assert said["keys"] == ["before"]


def test_a_worker_behind_a_pooler_is_refused_in_words() -> None:
    url = url_of_the_tests()
    done = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--pool", "solo"],
        env={**os.environ, "DATABASE_URL": url, "DATABASE_POOLED": "1"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode != 0
    assert "DATABASE_POOLED is for web processes" in done.stderr


# --- a streaming copy -------------------------------------------------------------------------------------------------


SLOT = "the_copy"


class Copy:
    """A second PostgreSQL that follows the tests' one."""

    def __init__(self, folder: Path) -> None:
        self._server = Postgres()
        self._cluster, self._log, self.port = folder / "copy", folder / "copy.log", closed_port()
        self._process: subprocess.Popen[bytes] | None = None
        prepare(self._cluster, for_service_user=True)
        site = connection_parameters()
        binary = self._server.program("pg_basebackup")
        place = ["-h", str(site["host"]), "-U", str(site["user"]), "-D", str(self._cluster)]
        # A slot: what is written while the copy is away is kept for it, however much that is.
        slot = ["-C", "-S", SLOT]
        run(as_service_user([binary, *place, "-R", "-X", "stream", "-c", "fast", *slot]), "Copying the database")

    @property
    def url(self) -> str:
        return url_of_the_tests(host="127.0.0.1", port=str(self.port))

    def start(self) -> None:
        settings = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        settings["max_connections"] = "200"  # no fewer than there: PostgreSQL insists
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self._log.open("ab") as log:
            command = as_service_user([self._server.program("postgres"), "-D", str(self._cluster), *flags])
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None

    def forget(self) -> None:
        """Stop it for good: nothing is kept for it any more."""
        self.stop()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s", [SLOT]
            )

    def follows(self) -> None:
        """Wait until it has what the database has now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_lsn()::text")
            wanted = cursor.fetchone()[0]
        deadline = time.monotonic() + 60
        while True:
            try:
                with psycopg.connect(self.url, autocommit=True) as there:
                    row = there.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [wanted]).fetchone()
                    if row is not None and row[0]:
                        return
            except psycopg.OperationalError:
                pass
            assert time.monotonic() < deadline, self._log.read_text(errors="replace")[-2000:]
            time.sleep(0.1)


@pytest.fixture
def copy(tmp_path: Path, transactional_db: None) -> Iterator[Copy]:
    if not str(connection_parameters()["host"]).startswith("/"):
        pytest.skip("a copy is made of the embedded PostgreSQL alone")
    try:
        made = Copy(tmp_path)
    except EmbeddedServiceError as error:
        pytest.fail(str(error))
    made.start()
    try:
        yield made
    finally:
        made.forget()


@pytest.mark.django_db(transaction=True)
def test_reports_read_the_copy_and_the_database_itself_while_it_is_away(a_site: str, copy: Copy) -> None:
    copy.follows()
    environment = {"DATABASE_URL": url_of_the_tests(), "DATABASE_COPY_URL": copy.url}
    said = asked("/guides/a-guide/", a_site, **environment)
    assert (said["db"], said["keys"]) == ("copy", ["before"])
    assert set(said["pages"].values()) == {200}

    copy.stop()
    ClickTally.objects.create(day="2026-11-01", dimension="link", key="later", clicks=1, net_clicks=1)
    alone = asked("/guides/a-guide/", **environment)
    assert (alone["db"], alone["keys"]) == ("default", ["before", "later"])
    assert "copy does not answer" in alone["stderr"]

    copy.start()
    copy.follows()
    again = asked(**environment)
    assert (again["db"], again["keys"]) == ("copy", ["before", "later"])


def test_a_copy_is_neither_written_to_nor_migrated() -> None:
    from config.copy_router import ReportsFromTheCopy
    from config.databases import COPY

    router = ReportsFromTheCopy()
    assert router.db_for_write(ClickTally) == "default"
    assert not router.allow_migrate(COPY, "catalog", model_name="clicktally")
    assert router.allow_migrate("default", "catalog", model_name="clicktally")


def test_without_a_copy_there_is_one_database() -> None:
    found = databases(url="postgresql://a@b/c", copy_url="", is_pooled=False, max_age=60)
    assert list(found) == ["default"]
