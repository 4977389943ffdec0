"""PostgreSQL or Redis is stopped with all that it holds, and says nothing: links go on, what needs it fails soon or
does without, and all is as before when it goes on."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.test_go_while_everything_is_killed import STORED, Readers, Site
from tests.chaos.test_go_without_services import wait_until

pytestmark = pytest.mark.chaos
TOKEN = "long-enough-for-a-token-of-a-test"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    # Static files by their plain names: nothing has to be collected.
    made.environment |= {"DEBUG": "1", "METRICS_TOKEN": TOKEN}
    try:
        made.begin()
        yield made
    finally:
        for process in (*made._processes("postgres"), *made._processes("valkey-server")):
            os.kill(process, signal.SIGCONT)
        made.end()


def stop(site: Site, name: str) -> list[int]:
    """All processes of this service, once each of them stands still."""
    stopped = site._processes(name)
    assert stopped, name
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    wait_until(lambda: all(_state(process) in "TZ" for process in stopped))
    return stopped


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def ask(port: int, path: str) -> tuple[int, str]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        client.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        answer = client.getresponse()
        return answer.status, answer.read().decode()
    finally:
        client.close()


def test_links_and_kept_pages_go_on_while_postgresql_hangs(site: Site) -> None:
    port = site.ports[0]
    readers = Readers(port)
    readers.go_on()
    wait_until(lambda: ask(port, "/products/?q=first")[0] == 200)
    stopped = stop(site, "postgres")
    said: list[int] = []
    crowd = [threading.Thread(target=lambda n=n: said.append(ask(port, f"/products/?q=word{n}")[0])) for n in range(6)]
    for one in crowd:
        one.start()
    time.sleep(0.5)  # until one of them is in Django, and all others behind it
    readers.go_on()
    for one in crowd:
        one.join()
    assert set(said) <= {500, 503}, said
    readers.go_on()
    for process in stopped:
        os.kill(process, signal.SIGCONT)
    wait_until(lambda: ask(port, "/products/?q=last")[0] == 200)
    answered = readers.stop()
    assert readers.wrong == []
    for web in site.webs:
        web.terminate()
        web.wait(30)
    wait_until(site.all_is_shipped)
    stored = Counter(site.run(STORED).split())
    assert {str(name) for name in answered} <= stored.keys()
    assert set(stored.values()) == {1}


def test_links_and_numbers_go_on_while_redis_hangs(site: Site) -> None:
    port = site.ports[0]
    readers = Readers(port)
    wait_until(lambda: 'told{group="queue"} 1.0' in ask(port, "/metrics")[1])
    stopped = stop(site, "valkey-server")
    said: list[tuple[int, str]] = []
    asks = threading.Thread(target=lambda: said.append(ask(port, "/metrics")))
    asks.start()
    time.sleep(0.2)
    readers.go_on()
    asks.join()
    [(status, numbers)] = said
    assert status == 200
    assert 'told{group="queue"} 0.0' in numbers
    assert 'told{group="prices"} 1.0' in numbers
    assert ask(port, "/readyz")[0] == 503
    for process in stopped:
        os.kill(process, signal.SIGCONT)
    wait_until(lambda: ask(port, "/readyz")[0] == 200)
    readers.stop()
    assert readers.wrong == []
