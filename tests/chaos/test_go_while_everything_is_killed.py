"""Web hosts, PostgreSQL, Redis and shippers are killed with -9 under load: every click a reader was sent on with is
stored exactly once, and redirects go on (L18)."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from catalog.clicks.ids import click_id
from tests.chaos.test_go_without_services import is_listening, wait_until
from tests.ports import closed_port

pytestmark = pytest.mark.chaos

PREPARE = """
from config import embedded
embedded.join()
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_link, make_merchant, make_offer
settings = {"parameter": "ref", "value": "us", "sub_id_parameter": "subid"}
make_link(make_offer(merchant=make_merchant(network_settings=settings)))
"""
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140"
STORED = """
from config import embedded
embedded.join()
import django
django.setup()
from catalog.models import Click
print(*Click.objects.filter(is_known=True).values_list("id", flat=True))
"""


class Site:
    """Two web hosts with a spool each, their shippers, and one PostgreSQL and Redis of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spools = [folder / "host 0", folder / "host 1"]
        self.ports = [closed_port(), closed_port()]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "EARMARK_DATA_DIR": str(folder / "data"),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "SECRET_KEY": "chaos",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LINK_SNAPSHOT": str(folder / "links.snapshot"),
            "LOG_LEVEL": "WARNING",
        }
        self.log = (folder / "log").open("ab")
        self.webs: list[subprocess.Popen[bytes]] = []
        self.shippers: list[subprocess.Popen[bytes]] = []

    def run(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command],
            env={**self.environment, **more},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def web(self, host: int) -> subprocess.Popen[bytes]:
        command = ["-m", "granian", "--interface", "wsgi", "config.wsgi:application", "--workers", "1"]
        command += ["--blocking-threads", "1", "--host", "127.0.0.1", "--port", str(self.ports[host])]
        return self.start(*command, CLICK_SPOOL_DIR=str(self.spools[host]))

    def shipper(self, host: int) -> subprocess.Popen[bytes]:
        command = ["manage.py", "ship_clicks", "--forever", "--every", "0.2", "--folder", str(self.spools[host])]
        return self.start(*command)

    def begin(self) -> None:
        self.run(PREPARE)
        self.shippers = [self.shipper(host) for host in (0, 1)]
        self.webs = [self.web(host) for host in (0, 1)]
        wait_until(lambda: all(is_listening(port) for port in self.ports))
        wait_until((self.folder / "links.snapshot").exists)

    def all_is_shipped(self) -> bool:
        """A shipper that could not bring the services back at once has ended: its supervisor starts it again."""
        self.shippers = [
            self.shipper(host) if shipper.poll() is not None else shipper for host, shipper in enumerate(self.shippers)
        ]
        return not [*self.folder.glob("host */*.clicks")]

    def kill_service(self, name: str) -> list[int]:
        """PostgreSQL or Redis of this site and of no other, and wait until nothing of it works; what it was."""
        killed = self._processes(name)
        for process in killed:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        wait_until(lambda: not any(is_alive(process) for process in killed))
        return killed

    def _processes(self, name: str) -> list[int]:
        """Those that work in this site's data folder, and their children, who call themselves otherwise.

        Not by the command's words: Valkey writes its address over them, and a long folder's socket lies elsewhere.
        """
        data = self.folder / "data"
        found, parents = set(), {}
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")[0].split(" ")[0]
                parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
                if Path(command).name == name and (process / "cwd").readlink().is_relative_to(data):
                    found.add(int(process.name))
        return [process for process, parent in parents.items() if process in found or parent in found]

    def end(self) -> None:
        for process in (*self.webs, *self.shippers):
            kill(process)
        self.run("from config import embedded; embedded.join()")  # the last one out stops the services
        self.log.close()


def is_alive(process: int) -> bool:
    """A dead one whose parent has not asked for it yet holds nothing any more."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Readers:
    """They follow the link on one host again and again, and remember each click's name in the address they get."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.clicks: list[UUID] = []
        self.wrong: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as client:
                    client.request("GET", "/go/one/", headers={"User-Agent": FIREFOX})
                    answer = client.getresponse()
                    found = re.search(r"[?&]subid=(\w{26})$", answer.getheader("Location", ""))
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # the host is down
                continue
            name = click_id(found[1]) if found else None
            if answer.status != 302 or name is None:
                self.wrong.append(f"{answer.status} {answer.getheader('Location')}")
            else:
                self.clicks.append(name)
            time.sleep(0.002)

    def go_on(self) -> None:
        """Wait for twenty more redirects."""
        now = len(self.clicks)
        wait_until(lambda: len(self.clicks) >= now + 20)

    def stop(self) -> list[UUID]:
        self._stop.set()
        self._thread.join()
        return self.clicks


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    try:
        made.begin()
        yield made
    finally:
        made.end()


def test_every_redirect_that_was_received_is_stored_once_whatever_was_killed(site: Site) -> None:
    readers = [Readers(port) for port in site.ports]

    def all_go_on() -> None:
        for one in readers:
            one.go_on()

    all_go_on()

    site.kill_service("valkey-server")
    all_go_on()
    site.kill_service("postgres")
    all_go_on()

    kill(site.webs[0])  # while both services are away; its clicks lie in its spool
    readers[1].go_on()
    site.webs[0] = site.web(0)  # comes back, and brings the services of a fresh machine back with it
    all_go_on()

    for host in (0, 1):
        kill(site.shippers[host])
    site.kill_service("postgres")
    site.kill_service("valkey-server")
    kill(site.webs[1])
    readers[0].go_on()
    site.shippers = [site.shipper(host) for host in (0, 1)]
    site.webs[1] = site.web(1)
    all_go_on()

    answered = [name for one in readers for name in one.stop()]
    assert [one.wrong for one in readers] == [[], []]
    for web in site.webs:
        kill(web)
    wait_until(site.all_is_shipped)
    stored = Counter(site.run(STORED).split())
    assert len(answered) > 200
    assert {str(name) for name in answered} <= stored.keys()
    assert set(stored.values()) == {1}
    # A click may be written whose answer a killed server could not send any more; hardly more of them than kills.
    assert len(stored) - len(answered) <= 10
