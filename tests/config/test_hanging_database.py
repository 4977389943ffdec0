"""A web process that waits for PostgreSQL in vain stops waiting; one whose request is merely slow is left alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection

from config import hanging_database
from config.hanging_database import Watch, gives_out_lines
from config.postgresql.lines import AWAY, LINES
from tests.chaos.test_go_without_services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(hanging_database, "SUSPICIOUS_SECONDS", 0.2)
    connection.close()  # the tests' own line would be cut with the others
    yield
    LINES.is_away = False


class Request:
    """It asks PostgreSQL to sleep, in a thread of its own, as a web process' request does."""

    def __init__(self, watch: Watch, seconds: float) -> None:
        self.failure: DatabaseError | None = None
        self.is_over = False
        self._sleeps = threading.Event()
        self._seconds = seconds
        self._thread = threading.Thread(target=watch.over(self._answer), args=({}, print))
        self._thread.start()
        assert self._sleeps.wait(10)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET client_connection_check_interval = 200")  # the server sees that nobody waits
                self._sleeps.set()
                cursor.execute("SELECT pg_sleep(%s)", [self._seconds])
        except DatabaseError as error:
            self.failure = error
        finally:
            connection.close()
            self.is_over = True
        return []

    def wait(self) -> None:
        self._thread.join(20)


def looked(watch: Watch) -> bool:
    watch.look()
    return LINES.is_away


def test_a_server_that_gives_out_no_line_is_waited_for_no_more() -> None:
    watch = Watch(LINES, lambda: False)
    request = Request(watch, 60)
    wait_until(lambda: looked(watch))
    request.wait()
    assert isinstance(request.failure, OperationalError)
    with pytest.raises(OperationalError, match=AWAY):
        connection.ensure_connection()


def test_a_slow_request_is_left_alone_while_the_server_gives_out_lines() -> None:
    asked = []

    def answers() -> bool:
        asked.append(gives_out_lines())
        return asked[-1]

    watch = Watch(LINES, answers)
    request = Request(watch, 1.5)
    while not request.is_over:
        assert not looked(watch)
    request.wait()
    assert request.failure is None
    assert asked
    assert all(asked)


def test_nobody_is_asked_while_no_request_is_late() -> None:
    watch = Watch(LINES, lambda: pytest.fail("asked without a reason"))
    assert not looked(watch)
    request = Request(watch, 0)
    request.wait()
    assert not looked(watch)


def test_what_answers_again_is_asked_again() -> None:
    LINES.is_away = True
    Watch(LINES, gives_out_lines).look()
    assert not LINES.is_away
    connection.ensure_connection()
    assert connection.is_usable()
