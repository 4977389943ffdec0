"""Processes of the real server: a change made anywhere is on the pages of all at once; a rush makes a page once."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from catalog.models import Offer
from catalog.page_store import page_store
from catalog.services.page_changes import carry_page_changes
from config import embedded
from tests.chaos.test_go_without_services import is_listening, wait_until
from tests.factories import make_merchant, make_product, make_seen_offer
from tests.ports import closed_port
from tests.redis_lines import cut_listening_lines

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
PATH = "/products/acme-one/"
READERS = 50


class Web:
    """One process of the server on the tests' own database and Redis."""

    def __init__(self, folder: Path, name: str) -> None:
        self.port = closed_port()
        self.log = folder / f"{name}.log"
        site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
            "DATABASE_URL": site._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
            "REDIS_URL": settings.REDIS_URL,
            "SECRET_KEY": settings.SECRET_KEY,
            "DEBUG": "1",  # static files by their plain names: nothing has to be collected
            "PAGE_CACHE_SECONDS": "300",
        }
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application", "--workers", "1"]
        command += ["--blocking-threads", "1", "--http", "1", "--no-ws", "--port", str(self.port)]
        self._out = self.log.open("wb")
        self.process = subprocess.Popen(command, stdout=self._out, stderr=self._out, env=environment)

    def ask(self, path: str = PATH, **headers: str) -> tuple[str, bytes]:
        """What the answer says of the cache, and its body."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            client.request("GET", path, headers={"Host": "127.0.0.1", **headers})
            answer = client.getresponse()
            body = answer.read()
            assert answer.status == 200, (answer.status, self.log.read_text()[-3000:])
            return answer.getheader("Cache-Status", ""), body
        finally:
            client.close()

    def ready(self) -> None:
        wait_until(lambda: "memory" in self.ask()[0])

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._out.close()


@pytest.fixture
def webs(tmp_path: Path) -> Iterator[list[Web]]:
    with contextlib.ExitStack() as stack:
        both = []
        for name in ("one", "two"):
            web = Web(tmp_path, name)
            stack.callback(web.close)
            both.append(web)
        wait_until(lambda: all(is_listening(web.port) or web.process.poll() is not None for web in both))
        for web in both:
            assert web.process.poll() is None, web.log.read_text()
        yield both
    page_store.cache_clear()


def make_page() -> Offer:
    offer = make_seen_offer(make_product("One", kind="headphones", type="over-ear"), make_merchant(), amount="99.00")
    carry_page_changes()
    return offer


def test_a_change_is_on_the_pages_of_every_process_at_once(webs: list[Web]) -> None:
    """How long the page before was still given is told when the test is run with `-s`."""
    make_page()
    late = []
    for amount in range(200, 220):
        for web in webs:
            web.ready()
        Offer.objects.update(amount=amount)
        carry_page_changes()
        done = time.monotonic()
        last, waiting = 0.0, list(webs)
        while waiting:
            asked = time.monotonic() - done
            is_new = [f"{amount}.00".encode() in web.ask()[1] for web in waiting]
            last = last if all(is_new) else asked
            waiting = [web for web, new in zip(waiting, is_new, strict=True) if not new]
            assert asked < 1, "a second is what is promised even when Redis falls silent"
        late.append(last)
    print(
        f"\nthe page before was last given {1000 * max(late):.1f} ms after a change; never after {late.count(0)} of 20"
    )


def test_a_page_that_is_not_there_is_made_once_however_many_ask(webs: list[Web]) -> None:
    make_page()
    for web in webs:
        web.ask("/disclosure/")  # the templates are read, the connections open
    said: Counter[str] = Counter()
    bodies = set()
    gate = threading.Barrier(READERS)

    def reader(number: int) -> None:
        gate.wait()
        status, body = webs[number % 2].ask()
        said[status] += 1
        bodies.add(body)

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(READERS)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert sum(said.values()) == READERS
    assert said["earmark; fwd=miss; stored"] == 1, said
    assert said["earmark; fwd=miss"] == 0, said
    assert len(bodies) == 1


def test_pages_go_on_while_redis_is_not_reached_and_are_true(webs: list[Web]) -> None:
    """The line of one process is cut again and again while prices change: no page ever shows the price before."""
    make_page()
    for amount in range(300, 306):
        for web in webs:
            web.ready()
        cut_listening_lines(settings.REDIS_URL)
        Offer.objects.update(amount=amount)
        carry_page_changes()
        time.sleep(0.05)
        for web in webs:
            assert f"{amount}.00".encode() in web.ask()[1]
