"""Web and worker are told to stop while readers read, click and tasks flow: nobody is refused, nothing is lost."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis

from catalog.models import Click, Link
from catalog.services.clicks import ship_clicks
from catalog.services.page_changes import carry_page_changes
from config.celery import app
from tests.chaos.test_go_without_services import is_listening
from tests.counted_tasks import ENDED, STARTED
from tests.factories import make_merchant, make_product, make_seen_offer
from tests.ports import closed_port
from tests.site_processes import Process, end, environment, running, until, web_command, worker_command

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
]

PAGE = "/products/acme-one/"
READERS = 4
TASKS = 60


@dataclass
class Balancer:
    """As nginx passes requests on: to the next server of those in turn; a refused connection goes to the other one.

    A server is taken out of turn, and has answered all it was given, before it is told to stop, as a load balancer
    drains one: a line that was opened and not yet read when the signal comes is closed without an answer.
    """

    in_turn: list[int]
    passed: int = 0
    under_way: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def passing(self) -> Iterator[socket.socket]:
        """A line to a server, counted as under way until it is closed."""
        with self.lock:
            ports = self._ports()
            self.under_way[ports[0]] += 1
        try:
            with self._connected(ports) as server:
                yield server
        finally:
            with self.lock:
                self.under_way[ports[0]] -= 1

    def take_out(self, port: int) -> bool:
        """Nothing more is given to it; true when it has answered all that was."""
        self.in_turn = [other for other in self.in_turn if other != port]
        return until(lambda: not self.under_way[port])

    def _ports(self) -> list[int]:
        self.passed += 1
        return [self.in_turn[(self.passed + n) % len(self.in_turn)] for n in range(len(self.in_turn))]

    def _connected(self, ports: list[int]) -> socket.socket:
        for port in ports:
            with contextlib.suppress(ConnectionRefusedError):
                return socket.create_connection(("127.0.0.1", port), timeout=60)
        raise ConnectionRefusedError(ports)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def balancing(balancer: Balancer) -> Iterator[int]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with balancer.passing() as server:
                back = threading.Thread(target=_pump, args=(server, self.request), daemon=True)
                back.start()
                _pump(self.request, server)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@dataclass
class Answers:
    """What readers got: statuses by path, and whatever else happened to them."""

    statuses: dict[str, list[int]] = field(default_factory=lambda: {PAGE: [], "/go/one/": []})
    failures: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        return sum(map(len, self.statuses.values()))


def ask(port: int, path: str, answers: Answers) -> None:
    try:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("GET", path, headers={"Host": "127.0.0.1", "User-Agent": "Mozilla/5.0 Firefox/130.0"})
        answer = client.getresponse()
        answer.read()
        answers.statuses[path].append(answer.status)
        client.close()
    except (OSError, http.client.HTTPException) as error:
        answers.failures.append(f"{path}: {error!r}")


@contextlib.contextmanager
def readers(port: int, answers: Answers) -> Iterator[None]:
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            ask(port, PAGE, answers)
            ask(port, "/go/one/", answers)

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    make_seen_offer(make_product("One", kind="headphones", type="over-ear"), make_merchant())
    Link.objects.update(code="one")
    carry_page_changes()
    spool = tmp_path / "spool"
    monkeypatch.setattr(settings, "CLICK_SPOOL_DIR", spool)
    return environment(CLICK_SPOOL_DIR=str(spool), LINK_SNAPSHOT=str(tmp_path / "links"), PAGE_CACHE_SECONDS="0")


def is_up(process: Process, port: int) -> bool:
    return until(lambda: is_listening(port) or process.poll() is not None) and process.poll() is None


def test_what_was_asked_before_the_signal_is_answered(told: dict[str, str], tmp_path: Path) -> None:
    """A reader waits for the database and others wait behind him when the signal comes: all get their page."""
    port, log, answers = closed_port(), tmp_path / "web.log", Answers()
    with running(web_command(port), log, told) as web:
        assert is_up(web, port), log.read_text()
        ask(port, PAGE, answers)
        with locked("catalog_product"):
            waiting = [threading.Thread(target=ask, args=(port, PAGE, answers)) for _ in range(READERS)]
            for thread in waiting:
                thread.start()
            assert until(lambda: somebody_waits_for("catalog_product"))
            web.send_signal(signal.SIGTERM)
            assert until(lambda: not is_listening(port)), "nobody new is taken"
        for thread in waiting:
            thread.join()
        assert web.wait(60) == 0
    assert answers.failures == []
    assert answers.statuses[PAGE] == [200] * (1 + READERS)


@contextlib.contextmanager
def locked(table: str, mode: str = "ACCESS EXCLUSIVE") -> Iterator[psycopg.Connection]:
    """Held by a connection of its own; unless `mode` says otherwise, nobody else reads the table."""
    given = connection.get_connection_params()
    where = {key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)}
    with psycopg.connect(**where) as own:
        own.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield own


def somebody_waits_for(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
        return bool(cursor.fetchone()[0])


def test_two_web_servers_are_renewed_one_after_the_other_and_no_reader_notices(
    told: dict[str, str], tmp_path: Path
) -> None:
    ports, answers = [closed_port(), closed_port()], Answers()
    balancer = Balancer(list(ports))
    with contextlib.ExitStack() as stack:

        def start(port: int) -> Process:
            return stack.enter_context(running(web_command(port), tmp_path / f"{port}.log", told))

        webs = {port: start(port) for port in ports}
        for port, web in webs.items():
            assert is_up(web, port), (tmp_path / f"{port}.log").read_text()
        front = stack.enter_context(balancing(balancer))
        with readers(front, answers):
            for port in ports:
                seen = answers.number
                assert balancer.take_out(port)
                assert end(webs[port]) == 0
                webs[port] = start(port)
                assert is_up(webs[port], port)
                balancer.in_turn = list(ports)
                assert until(lambda: answers.number > seen + 20)  # noqa: B023
    assert answers.failures == []
    assert set(answers.statuses[PAGE]) == {200}
    assert set(answers.statuses["/go/one/"]) == {302}
    clicked = len(answers.statuses["/go/one/"])
    assert until(lambda: bool(ship_clicks(now=timezone.now())) and Click.objects.count() >= clicked)
    assert Click.objects.count() == clicked, "each click that was answered, once"


@pytest.fixture
def redis() -> Iterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    app.control.purge()
    client.delete(STARTED, ENDED, "unacked", "unacked_index")
    yield client
    client.delete(STARTED, ENDED)


def counts(redis: Redis, key: str) -> dict[int, int]:
    return {int(number): int(times) for number, times in redis.hgetall(key).items()}


def counting_worker(log: Path) -> contextlib.AbstractContextManager[Process]:
    return running(worker_command("-I", "tests.counted_tasks", concurrency=2), log, environment())


def send(seconds: float, number: int = TASKS) -> None:
    for one in range(number):
        app.send_task("tests.counted_tasks.count", args=[one, seconds])


def test_a_worker_that_is_told_to_stop_ends_what_it_began_and_leaves_the_rest(redis: Redis, tmp_path: Path) -> None:
    send(0.1)
    with counting_worker(tmp_path / "first.log") as first:
        assert until(lambda: len(counts(redis, ENDED)) > 5)
        assert end(first) == 0
    ended = counts(redis, ENDED)
    assert ended == counts(redis, STARTED), "nothing was cut off"
    assert 5 < len(ended) < TASKS
    with counting_worker(tmp_path / "second.log"):
        assert until(lambda: len(counts(redis, ENDED)) == TASKS)
    assert counts(redis, ENDED) == dict.fromkeys(range(TASKS), 1), "each once: none lost, none again"


def test_a_worker_whose_child_and_line_are_gone_at_once_goes_on(redis: Redis, tmp_path: Path) -> None:
    """Killed in the middle of a task while Redis hangs up on everybody: taken up again, by the same worker."""
    log = tmp_path / "worker.log"
    send(0.1)
    with counting_worker(log) as worker:
        assert until(lambda: len(counts(redis, ENDED)) > 5)
        for turn in range(2):
            seen = len(counts(redis, ENDED))
            blows: list[Callable[[], None]] = [lambda: kill_a_child(worker), lambda: hang_up(redis)]
            for blow in blows if turn % 2 else reversed(blows):
                blow()
            assert until(lambda: len(counts(redis, ENDED)) > min(seen + 5, TASKS - 1)), log.read_text()[-3000:]  # noqa: B023
            assert worker.poll() is None, log.read_text()[-3000:]
        assert until(lambda: len(counts(redis, ENDED)) == TASKS), log.read_text()[-3000:]


def kill_a_child(worker: Process) -> None:
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(children[0]), signal.SIGKILL)


def hang_up(redis: Redis) -> None:
    """On every line to this test's database of Redis but our own."""
    own, me = str(redis.connection_pool.connection_kwargs.get("db") or 0), redis.client_id()
    for line in redis.client_list():
        if line["db"] == own and int(line["id"]) != me:
            redis.client_kill_filter(_id=line["id"])
    time.sleep(0.01)
