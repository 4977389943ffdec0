"""Traces are off and not even imported until a collector is named; then a page, its statements and its task are one."""

from __future__ import annotations

import gzip
import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from config.celery import app
from config.embedded import PROJECT
from tests.chaos.test_go_without_services import is_listening
from tests.factories import make_merchant, make_product, make_seen_offer, make_staff
from tests.ports import closed_port
from tests.site_processes import environment, running, until, web_command, worker_command

TASK = "catalog.tasks.forget_link_changes"
PRESSED = "POST /admin/jobs/<str:task>/start/"
MAIL, WORDS, IP = "marked-reader@mail.example", "marked-words-of-a-reader", "203.0.113.77"


class Collector:
    """An OTLP receiver over HTTP that keeps every span, and the bytes they came in."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.bytes = b""
        self.port = 0

    def named(self, name: str) -> list[Span]:
        return [span for span in list(self.spans) if span.name == name]


@pytest.fixture
def collector() -> Iterator[Collector]:
    kept = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            assert self.path == "/v1/traces"
            sent = ExportTraceServiceRequest.FromString(body)
            kept.bytes += body
            for resource in sent.resource_spans:
                for scope in resource.scope_spans:
                    kept.spans.extend(scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Into no log of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept
        server.shutdown()


def press(port: int, path: str) -> int:
    """The button of a job, pressed by somebody who is signed in."""
    desk, token = Client(), "a" * 32
    desk.force_login(make_staff("operator", "catalog.view_refreshrun", "catalog.change_merchant"))
    cookies = f"sessionid={desk.cookies['sessionid'].value}; csrftoken={token}"
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("POST", path, headers={"Host": "127.0.0.1", "Cookie": cookies, "X-CSRFToken": token})
    status = client.getresponse().status
    client.close()
    return status


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_page_its_statements_and_the_task_it_started_are_one_trace(collector: Collector, tmp_path: Path) -> None:
    make_seen_offer(make_product("One", kind="headphones", type="over-ear"), make_merchant())
    app.control.purge()
    port = closed_port()
    told = environment(
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.port}",
        OTEL_BSP_SCHEDULE_DELAY="200",
        CLICK_SPOOL_DIR=str(tmp_path / "spool"),
        PAGE_CACHE_SECONDS="0",
        ADMIN_REQUIRE_MFA="0",
    )
    with (
        running(web_command(port), tmp_path / "web.log", told),
        running(worker_command(), tmp_path / "worker.log", told),
    ):
        assert until(lambda: is_listening(port)), (tmp_path / "web.log").read_text()
        for path in ("/products/acme-one/", "/newsletter/you/marked-token/", "/"):
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            query = urlencode({"q": WORDS, "email": MAIL})
            client.request("GET", f"{path}?{query}", headers={"Host": "127.0.0.1", "X-Forwarded-For": IP})
            client.getresponse().read()
            client.close()
        assert press(port, reverse("jobs-start", args=[TASK])) == 302
        assert until(lambda: bool(collector.named(PRESSED) and collector.named(f"task {TASK}"))), collector.spans
        assert until(lambda: bool(collector.named("GET /products/<slug:slug>/")))
    (asked,), (done,) = collector.named(PRESSED), collector.named(f"task {TASK}")
    assert done.trace_id == asked.trace_id
    assert done.parent_span_id == asked.span_id
    (read,) = collector.named("GET /products/<slug:slug>/")
    assert any(one.parent_span_id == read.span_id for one in collector.named("SELECT"))
    assert any(one.parent_span_id == done.span_id for one in collector.spans), "what the task asked the database"
    for word in (MAIL, WORDS, IP, "marked-token", "acme-one"):
        assert word.encode() not in collector.bytes, word


def test_without_a_collector_nothing_of_it_is_imported() -> None:
    # redis-py looks for the SDK by itself, where it is installed.
    code = (
        "import sys, django; django.setup(); import config.wsgi, config.celery\n"
        "assert not {'opentelemetry.exporter', 'opentelemetry.sdk.trace', 'config.tracing'} & set(sys.modules)"
    )
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "OTEL_EXPORTER_OTLP_ENDPOINT": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], env=told, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
