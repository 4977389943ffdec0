"""`python -m demo` once, for real: read, be advised, see a price a worker fetched, follow a link that is counted.

Everything runs as in front of a newcomer: embedded services in a folder of its own, three shops on loopback, granian, a
Celery worker and beat. It is asked over HTTP only.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from config.embedded import PROJECT
from tests.ports import closed_port

pytestmark = pytest.mark.chaos
PATIENCE = 150


@dataclass
class Demo:
    process: subprocess.Popen[str]
    port: int
    data: Path
    log: Path

    def get(
        self, path: str, *, agent: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    ) -> tuple[int, dict[str, str], str]:
        self.goes_on()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"User-Agent": agent})
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        headers = {name.lower(): value for name, value in response.getheaders()}
        connection.close()
        return response.status, headers, body

    def goes_on(self) -> None:
        """Whoever asks a demo that ended by itself is told what it said last."""
        assert self.process.poll() is None, f"the demo ended:\n{self.log.read_text()[-4000:]}"

    def query(self, sql: str) -> list[tuple[object, ...]]:
        self.goes_on()
        folder = self.data / "run"
        with psycopg.connect(f"host={folder} user=earmark dbname=earmark") as connection:
            return connection.execute(sql).fetchall()


def start(data: Path, port: int) -> Demo:
    log = data.parent / f"{data.name}.log"
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    environment = kept | {"EARMARK_DATA_DIR": str(data), "STATIC_ROOT": str(data / "static")}
    with log.open("a") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo", "--port", str(port)],
            cwd=PROJECT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Demo(process, port, data, log)


def wait_for(what: str, happened: Callable[[], object], demo: Demo) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        demo.goes_on()
        if happened():
            return
        time.sleep(0.25)
    raise AssertionError(f"{what} did not happen in {PATIENCE} s:\n{demo.log.read_text()[-4000:]}")


def stop(demo: Demo) -> int:
    demo.process.send_signal(signal.SIGINT)
    return demo.process.wait(timeout=60)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="em") as folder:
        running = start(Path(folder) / "d", closed_port())
        try:
            wait_for("Ready", lambda: f"Ready: http://127.0.0.1:{running.port}/" in running.log.read_text(), running)
            yield running
        finally:
            if running.process.poll() is None:
                stop(running)


# The earlier prices of one shop come with the demo's content; these were asked for since.
FETCHED = "SELECT offer_id FROM catalog_price WHERE seen_at > now() - interval '12 hours'"


def test_a_shopper_reads_is_advised_sees_a_fetched_price_and_follows_a_counted_link(demo: Demo) -> None:
    status, _, article = demo.get("/guides/headphones-versus-headsets/")
    assert status == 200
    assert "Five questions readers ask" in article

    status, _, result = demo.get("/choose/result/?do=gaming_voice&mic=none")
    assert status == 200
    assert "headset" in result.lower()
    status, _, why = demo.get("/choose/why/?do=gaming_voice&mic=none")
    assert status == 200
    assert "UHS-1" in why

    wait_for("a fetched price", lambda: demo.query(f"{FETCHED} LIMIT 1"), demo)
    ((slug, code),) = demo.query(
        "SELECT p.slug, l.code FROM catalog_offer o JOIN catalog_product p ON p.id = o.product_id"
        " JOIN catalog_link l ON l.offer_id = o.id JOIN catalog_merchant m ON m.id = o.merchant_id"
        " WHERE o.amount IS NOT NULL AND m.link_style = 'redirect' ORDER BY o.id LIMIT 1"
    )
    status, _, page = demo.get(f"/products/{slug}/")
    assert status == 200
    link = re.search(rf'href="(/go/{code}/\?p=[^"]+)"', page)
    assert link, "the product page links to the shop through /go/"
    ((amount,),) = demo.query(
        f"SELECT o.amount FROM catalog_offer o JOIN catalog_link l ON l.offer_id = o.id WHERE l.code = '{code}'"
    )
    assert f"{amount:.2f}" in page

    status, headers, _ = demo.get(link.group(1).replace("&amp;", "&"))
    assert status == 302
    assert headers["cache-control"] == "no-store"
    assert headers["location"].startswith("http://127.0.0.1:")
    wait_for(
        "the click's arrival in PostgreSQL",
        lambda: demo.query(
            f"SELECT 1 FROM catalog_click WHERE code = '{code}' AND agent = 'person' AND placement <> ''"
        ),
        demo,
    )


def test_prices_change_while_one_watches(demo: Demo) -> None:
    wait_for(
        "a second reading of some offer",
        lambda: demo.query(f"{FETCHED} GROUP BY offer_id HAVING count(*) > 1 LIMIT 1"),
        demo,
    )


def test_no_visitor_is_given_a_cookie(demo: Demo) -> None:
    for path in (
        "/",
        "/products/",
        "/choose/",
        "/guides/headphones-versus-headsets/",
        "/headphones/",
        "/headsets/gaming/",
    ):
        status, headers, _ = demo.get(path)
        assert status == 200, path
        assert "set-cookie" not in headers, path


def test_every_file_a_page_names_is_there_and_can_be_kept(demo: Demo) -> None:
    named: set[str] = set()
    for path in (
        "/",
        "/products/",
        "/choose/",
        "/guides/headphones-versus-headsets/",
        "/admin/login/",
        "/api/v1/docs/",
    ):
        named |= set(re.findall(r'(?:src|href)="(/static/[^"#?]+)', demo.get(path)[2]))
    assert len(named) > 8
    for path in sorted(named):
        status, headers, _ = demo.get(path)
        assert status == 200, path
        assert "immutable" in headers["cache-control"], path
    status, headers, _ = demo.get("/favicon.ico")
    assert status == 302
    assert demo.get(headers["location"])[0] == 200


def test_the_editor_can_sign_in(demo: Demo) -> None:
    status, _, page = demo.get("/admin/login/")
    assert status == 200
    assert 'name="login"' in page


def test_a_second_demo_in_the_same_folder_is_told_where_the_first_one_is(demo: Demo) -> None:
    second = start(demo.data, closed_port())
    assert second.process.wait(timeout=60) == 1
    assert f"already running in this folder: http://127.0.0.1:{demo.port}/" in second.log.read_text()


def test_a_taken_port_is_named_and_another_proposed() -> None:
    with tempfile.TemporaryDirectory(prefix="em") as folder, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        attempt = start(Path(folder) / "d", port)
        assert attempt.process.wait(timeout=60) == 1
        assert f"Port {port} is taken by another program" in attempt.log.read_text()
        assert "make demo PORT=" in attempt.log.read_text()


def test_a_killed_worker_ends_the_demo_with_advice_and_the_next_run_works(demo: Demo) -> None:
    """Last in this file: it ends the demo the others use."""
    pids = re.findall(r"worker started \(pid=(\d+)\)", demo.log.read_text())
    os.killpg(os.getpgid(int(pids[-1])), signal.SIGKILL)
    assert demo.process.wait(timeout=60) == 1
    log = demo.log.read_text()
    assert "The process “worker” ended by itself" in log
    assert "run `make demo` again" in log

    again = start(demo.data, closed_port())
    wait_for("Ready again", lambda: f"Ready: http://127.0.0.1:{again.port}/" in again.log.read_text(), again)
    assert again.query("SELECT count(*) FROM catalog_click")[0] != (0,), "the click from before is still there"
    assert stop(again) == 0
    assert "Stopped. What you did is kept" in again.log.read_text()
