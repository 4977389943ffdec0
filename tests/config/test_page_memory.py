"""What a process has ready in its memory is bounded, and believed only while Redis is heard."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings
from redis.exceptions import RedisError

from catalog.page_store import page_store
from config import page_memory
from config.kept_page import KeptPage
from config.page_memory import PageMemory, ReadyPage, ready_page


def page(*tags: str, body: bytes = b"<p>Short</p>", seconds: float = 60) -> ReadyPage:
    said = [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"e"'), ("Cache-Control", "public, max-age=60")]
    return ready_page(KeptPage(said, None, body), path="/", tags=frozenset(tags), sent=said, seconds=seconds)


@pytest.fixture
def memory() -> Iterator[PageMemory]:
    """One that believes itself without being connected."""
    found = PageMemory(1_000_000)
    found._trusted_until = math.inf
    yield found
    found.close()


def keep(memory: PageMemory, key: str, ready: ReadyPage) -> bool:
    return memory.keep(key, ready, memory._number)


def test_no_more_is_kept_than_fits_and_what_nobody_asks_for_goes_first(memory: PageMemory) -> None:
    for number in range(30):
        assert keep(memory, f"{number}", page(f"t:{number}", body=bytes(range(256)) * 200))
        assert memory.find("0") is not None, "it is asked for all the time"
    assert memory._bytes <= 1_000_000
    assert memory.find("1") is None
    assert memory.find("29") is not None
    assert set(memory._by_tag) == {tag for ready in memory._pages.values() for tag in ready.tags}


def test_there_is_a_limit_of_pages_too(memory: PageMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_memory, "MOST_PAGES", 3)
    for number in range(5):
        keep(memory, f"{number}", page())
    assert list(memory._pages) == ["2", "3", "4"]


def test_one_huge_page_does_not_drive_out_all_others(memory: PageMemory) -> None:
    keep(memory, "small", page())
    assert not keep(memory, "huge", page(body=b"x" * 200_000))
    assert memory.find("small") is not None


def test_the_same_page_again_takes_the_place_of_the_one_before(memory: PageMemory) -> None:
    keep(memory, "a", page("t:1", body=b"first"))
    keep(memory, "a", page("t:2", body=b"second"))
    memory.drop(["t:1"])
    found = memory.find("a")
    assert found is not None
    assert found.answers[""].body == b"second"
    assert memory._bytes == found.size


def test_a_page_is_given_no_longer_than_it_is_fresh(memory: PageMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(memory, "a", page(seconds=60))
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 59)
    assert memory.find("a") is not None
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    assert memory.find("a") is None


def test_small_answers_are_sent_as_they_are(memory: PageMemory) -> None:
    assert set(page(body=b"ok\n").answers) == {""}
    assert set(page(body=b"word " * 100).answers) == {"", "gzip", "br"}


def test_so_many_changes_at_once_that_they_cannot_be_remembered_let_nothing_in_that_was_begun_before(
    memory: PageMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_memory, "_MOST_HEARD", 100)
    mark = memory._number
    memory.drop([f"offers:{number}" for number in range(101)])
    assert not memory.keep("a", page("unrelated"), mark)
    assert keep(memory, "a", page("unrelated"))


class Relay:
    """A line to Redis that can fall silent without being cut, as when a machine between goes away."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.is_silent = False
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._server.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._path)
                self._ends += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self.is_silent:
                    target.sendall(data)

    def close(self) -> None:
        for end in (self._server, *self._ends):
            end.close()


@pytest.fixture
def relay(settings: Settings) -> Iterator[Relay]:
    path, _, query = settings.REDIS_URL.removeprefix("unix://").partition("?")
    if not settings.REDIS_URL.startswith("unix://"):
        pytest.skip("The relay stands before the embedded Redis.")
    found = Relay(path)
    settings.REDIS_URL = f"redis://127.0.0.1:{found.port}/{query.removeprefix('db=') or 0}"
    page_store.cache_clear()
    yield found
    page_store.cache_clear()
    found.close()


def test_a_line_that_falls_silent_is_believed_for_a_second_and_no_longer(relay: Relay) -> None:
    memory = PageMemory(1_000_000)
    memory.watch()
    deadline = time.monotonic() + 30
    while not memory.mark() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert memory.keep("a", page("t:1"), memory.mark())
    time.sleep(1.5)
    assert memory.find("a") is not None, "as long as Redis answers it goes on"
    relay.is_silent = True
    time.sleep(page_memory.TRUST_SECONDS + 0.3)
    assert memory.find("a") is None
    assert memory.mark() == 0
    relay.is_silent = False
    deadline = time.monotonic() + 30
    while not memory.mark() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert memory.mark() > 0, "it listens again"
    assert memory.find("a") is None, "what was missed cannot be known"
    memory.close()


def test_a_line_that_is_cut_ends_with_an_error_and_does_not_come_back_by_itself(relay: Relay) -> None:
    hearing = page_store().hear()
    changes = hearing.changes(0.05, 1.0)
    assert next(changes)[0] == []
    page_store().changed(["a", "b"])
    assert next(said for said, _ in changes if said) == ["a", "b"]
    relay.close()
    with pytest.raises((RedisError, OSError)):
        for _ in changes:
            pass
    hearing.close()
