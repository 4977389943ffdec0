"""The redirect answers while PostgreSQL and Redis are away, and no click is lost, not even by kill -9 (L18)."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from catalog.clicks import spool, spool_reading
from catalog.link_table import LinkTable
from catalog.models import Click
from catalog.placements import token
from catalog.services.clicks import ship_clicks
from tests.catalog.click_lines_written import line
from tests.factories import make_link, make_offer
from tests.ports import closed_port

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    spool: Path
    log: Path

    def ask(self, path: str) -> tuple[int, str]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request("GET", path, headers={"User-Agent": FIREFOX})
            answer = client.getresponse()
            answer.read()
            return answer.status, answer.getheader("Location", "")
        finally:
            client.close()


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The real application under granian, with a link snapshot, a dead PostgreSQL and a dead Redis."""
    make_link(make_offer())
    table = LinkTable(tmp_path / "links.snapshot")
    table.refresh()
    port = closed_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DATABASE", "REDIS"))},
        "DATABASE_URL": f"postgresql://nobody:x@127.0.0.1:{closed_port()}/away",
        "REDIS_URL": f"redis://127.0.0.1:{closed_port()}/0",
        "SECRET_KEY": settings.SECRET_KEY,
        "CLICK_SPOOL_DIR": str(tmp_path / "spool"),
        "LINK_SNAPSHOT": str(table.snapshot),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--workers", "1", "--blocking-threads", "1", "--host", "127.0.0.1", "--port", str(port)]
    log = tmp_path / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, start_new_session=True)
        started = Server(process, port, tmp_path / "spool", log)
        try:
            wait_until(lambda: is_listening(port) or process.poll() is not None)
            yield started
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_readers_arrive_and_their_clicks_are_shipped_later(server: Server) -> None:
    answer = server.ask(f"/go/one/?p={token('a1.1.1')}")
    assert answer == (302, "https://shop.example/p/acme-one"), server.log.read_text()
    assert server.ask("/go/one/")[0] == 302
    wait_until(lambda: "asks again every second" in server.log.read_text())
    shipment = ship_clicks(now=datetime.now(UTC), folder=server.spool)
    assert shipment.stored == 2
    assert sorted(Click.objects.values_list("placement", flat=True)) == ["", "a1.1.1"]


def test_killing_the_server_in_full_flight_loses_no_answered_click(server: Server) -> None:
    answered = 0
    killer = threading.Timer(1.0, os.killpg, (server.process.pid, signal.SIGKILL))
    killer.start()
    with contextlib.suppress(OSError, http.client.HTTPException):  # until the server is gone
        while server.ask(f"/go/one/?p={token(f'n.{answered}')}")[0] == 302:
            answered += 1
    killer.join()
    server.process.wait()

    def is_shipped() -> bool:
        """To its end: a worker may hold its segment a moment longer than the process above it lives."""
        ship_clicks(now=datetime.now(UTC), folder=server.spool)
        return spool_reading.segments(server.spool) == []

    wait_until(is_shipped)
    numbers = {int(place.removeprefix("n.")) for place in Click.objects.values_list("placement", flat=True)}
    assert answered > 50
    assert numbers >= set(range(answered))


def processes_of(server: Server) -> list[int]:
    """The server's own process and its workers'."""
    found = [server.process.pid]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


def room_for_files(server: Server, most_bytes: int) -> None:
    """No file of the server's may grow beyond this: to whoever writes, a disk that is full."""
    for pid in processes_of(server):
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, hard))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="sets another process's limits, as Linux can")
def test_a_full_disk_stops_no_redirect_and_its_clicks_are_stored_when_there_is_room(server: Server) -> None:
    room_for_files(server, 2_000)
    answered = [server.ask(f"/go/one/?p={token(f'a{number}')}")[0] for number in range(200)]
    assert set(answered) == {302}
    assert spool_reading.segments(server.spool) == []
    room_for_files(server, resource.RLIM_INFINITY)
    places = {f"a{number}" for number in range(200)}

    def all_arrived() -> bool:
        ship_clicks(now=datetime.now(UTC), folder=server.spool)
        return places <= set(Click.objects.values_list("placement", flat=True))

    wait_until(all_arrived, 30)
    assert Click.objects.count() == 200


SHIP = """
import django, sys
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.conf import settings
from django.db import connection
from catalog.services.clicks import ship_clicks
connection.settings_dict["NAME"] = sys.argv[2]
print(ship_clicks(now=datetime.now(UTC), folder=Path(sys.argv[1])).stored)
"""


def test_shippers_that_run_at_the_same_time_count_every_click_once(tmp_path: Path) -> None:
    writer = spool.Spool(tmp_path)
    for _ in range(3000):
        writer.append(line(datetime.now(UTC)))
    name = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SHIP, str(tmp_path), name], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(2)
    ]
    stored = [int(process.communicate(timeout=120)[0]) for process in processes]
    writer.close()
    assert sum(stored) == 3000
    assert Click.objects.count() == 3000
