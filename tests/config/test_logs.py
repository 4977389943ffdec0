"""What is in the log: one line a record, the request and the task it belongs to, nothing of whom it was about."""

from __future__ import annotations

import http.client
import io
import json
import logging
import logging.config
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from config import task_ages
from config.celery import app
from config.log_ids import requests_named
from config.log_words import log_settings
from demo.mail_server import running as mail_server
from tests.chaos.test_go_without_services import is_listening
from tests.factories import make_staff
from tests.ports import closed_port
from tests.site_processes import beat_command, environment, running, until, web_command, worker_command
from tests.xss.public_doors import doors
from tests.xss.public_site import address_of, public_site

MAIL, STAFF_MAIL = "marked-reader@mail.example", "marked-owner@mail.example"
IP, IP6 = "203.0.113.77", "2001:db8::77"
BROWSER, WORDS, KEY = "MarkedBrowser/9", "marked words of a reader", "marked0key0of0a0reader0"


@pytest.fixture
def lines() -> Iterator[Callable[[str], list[str]]]:
    """Logging as the settings make it, written where the test can read it."""
    out = io.StringIO()

    def begin(form: str) -> list[str]:
        made = log_settings("INFO", form=form, has_time=True, secrets=["a-secret-of-ours"])
        made["handlers"]["console"]["stream"] = out
        logging.config.dictConfig(made)
        return out.getvalue().splitlines()

    begin.read = lambda: out.getvalue().splitlines()  # type: ignore[attr-defined]  # one handle for both
    yield begin
    logging.config.dictConfig(settings.LOGGING)
    clear_contextvars()


def test_a_line_is_an_object_with_its_request_and_its_traceback(lines: Any) -> None:
    lines("json")
    bind_contextvars(request_id="0123456789")
    try:
        raise ValueError(f"no box for {MAIL}")
    except ValueError:
        logging.getLogger("a.place").exception("It failed with %s", "a-secret-of-ours")
    (line,) = [json.loads(one) for one in lines.read()]
    assert line["level"] == "error"
    assert line["logger"] == "a.place"
    assert line["event"] == "It failed with …"
    assert line["request_id"] == "0123456789"
    assert "ValueError: no box for …@…" in line["exception"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["timestamp"])


def test_words_are_for_whoever_sits_before_the_screen(lines: Any) -> None:
    lines("lines")
    bind_contextvars(task="a.task")
    logging.getLogger("a.place").warning("Two %s", "words")
    (line,) = lines.read()
    assert re.fullmatch(r"\S+Z WARNING a\.place Two words task=a\.task", line)


def test_the_web_servers_list_of_who_asked_for_what_is_not_written(lines: Any) -> None:
    lines("lines")
    logging.getLogger("granian.access").info('%s - "GET /"', IP)
    assert lines.read() == []


def told(*, trusts_proxy: bool, status: str = "200 OK", sent: str | None = None) -> tuple[str, dict[str, str]]:
    """The id that a line of the request had, and the headers of its answer."""
    seen: list[str] = []
    headers: dict[str, str] = {}

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.append(get_contextvars()["request_id"])
        start_response(status, [("Content-Type", "text/plain")])
        return []

    environ = {} if sent is None else {"HTTP_X_REQUEST_ID": sent}
    requests_named(application, trusts_proxy=trusts_proxy)(environ, lambda _, given: headers.update(given))
    return seen[0], headers


def test_an_id_is_taken_from_our_proxy_only_and_only_if_it_is_one() -> None:
    assert told(trusts_proxy=True, sent="proxy-0123.abc")[0] == "proxy-0123.abc"
    for sent in (None, "", "short", "a b c d e f g h", "x" * 65, f"{MAIL}", "line\nbreak-in-it"):
        assert re.fullmatch(r"[0-9a-f]{32}", told(trusts_proxy=True, sent=sent)[0]), sent
    assert told(trusts_proxy=False, sent="proxy-0123.abc")[0] != "proxy-0123.abc"


def test_only_an_answer_that_failed_says_its_id_for_others_are_kept_and_given_on() -> None:
    own, headers = told(trusts_proxy=False, status="500 Internal Server Error")
    assert headers["X-Request-ID"] == own
    assert "X-Request-ID" not in told(trusts_proxy=False)[1]


REFUSES = """
CREATE FUNCTION refuse_marked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room for %', NEW.address USING DETAIL = 'The row is ' || NEW.address; END $$;
CREATE TRIGGER refuse_marked BEFORE INSERT ON readers_reader FOR EACH ROW WHEN (NEW.address LIKE 'marked%')
EXECUTE FUNCTION refuse_marked();
"""


@pytest.fixture
def refusing_database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(REFUSES)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION refuse_marked CASCADE")


def knock(port: int, site: dict[str, str]) -> list[tuple[str, int]]:
    """Every door, with marked words in its query, its form, its headers."""
    marked = {"q": WORDS, "email": MAIL, "name": WORDS, "text": WORDS, "key": KEY, "token": KEY, "next": f"/{KEY}/"}
    headers = {
        "Host": "127.0.0.1",
        "X-Forwarded-For": f"{IP}, {IP6}",
        "User-Agent": BROWSER,
        "Authorization": f"Bearer {KEY}",
        "Referer": f"https://mail.example/?mail={MAIL}",
    }
    answers = []
    for door in doors():
        address, body = address_of(door, site), urlencode(marked)
        for method, path, sent in (
            ("GET", f"{address}{'&' if '?' in address else '?'}{body}", None),
            ("POST", address, body),
        ):
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if sent else {}
            client.request(method, path, body=sent, headers={**headers, **kind})
            answer = client.getresponse()
            answer.read()
            answers.append((address, answer.status))
            client.close()
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_no_line_of_web_worker_and_timetable_tells_of_whom(refusing_database: None, tmp_path: Path) -> None:
    """Every door is knocked at with marked words, the database and the mail server complain by name, a task crashes."""
    site = public_site()
    staff = make_staff("owner")
    staff.is_superuser, staff.email = True, STAFF_MAIL
    staff.save()
    app.control.purge()
    Redis.from_url(settings.REDIS_URL).delete(task_ages.DONE)
    port = closed_port()
    log = {name: tmp_path / f"{name}.log" for name in ("web", "worker", "beat")}
    with mail_server(lambda letter: None, refuses=lambda address: f"550 {address} is not here") as smtp:
        more = {
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "INFO",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp}",
            "METRICS_TOKEN": "marked-token-of-metrics",
            "CLICK_SPOOL_DIR": str(tmp_path / "spool"),
            "LINK_SNAPSHOT": str(tmp_path / "links"),
        }
        told = environment(**more)
        with (
            running(web_command(port, "--access-log"), log["web"], told) as web,
            running(worker_command(), log["worker"], told),
            running(beat_command(tmp_path), log["beat"], told),
        ):
            assert until(lambda: is_listening(port) or web.poll() is not None)
            statuses = knock(port, site)
            app.send_task("catalog.tasks.settle_failovers", kwargs={MAIL: f"{IP} {WORDS}"})
            app.send_task("readers.tasks.send_letters", args=[KEY, MAIL], headers={"request_id": "asked-by-a-page"})
            assert until(lambda: "asked-by-a-page" in log["worker"].read_text())
            assert until(lambda: len(task_ages.last_ends()) > 2), "what the timetable starts by itself"
    said = {name: path.read_text() for name, path in log.items()}
    everything = "\n".join(said.values())
    assert any(status == 500 for _, status in statuses), "the database's complaint must be there to be hidden"
    assert "no room for …" in said["web"]
    assert said["worker"].count("asked-by-a-page") == 1, "a crash is told once"
    private = {
        *(MAIL, STAFF_MAIL, IP, IP6, BROWSER, WORDS, WORDS.replace(" ", "+"), KEY),
        *(settings.SECRET_KEY, more["METRICS_TOKEN"]),
        *(site[name] for name in ("confirm", "leave", "leave_news", "alert", "you", "preview")),
        *(site[name].strip("/").rpartition("/")[2] for name in ("mine", "decide", "postback")),
        *("follows@mail.example", "confirm@mail.example", "leave@mail.example"),
    }
    found = {word: name for word in private for name, text in said.items() if word in text}
    assert found == {}, [line for line in everything.splitlines() for word in found if word in line][:5]
    for line in said["web"].splitlines() + said["worker"].splitlines():
        if line.startswith("{"):
            assert {"event", "level", "logger", "timestamp"} <= set(json.loads(line))
    assert '"request_id"' in said["web"]
