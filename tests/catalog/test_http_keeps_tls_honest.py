from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from catalog.http import DoorError, WebDoor

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/down" else 200)
        self.send_header("Location", "http://shop.example/")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"hi")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a visitor that does not accept the certificate hangs up


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=shop.example"
    command += f" -addext subjectAltName=DNS:shop.example -keyout {folder}/key.pem -out {folder}/cert.pem"
    subprocess.run(command.split(), check=True, capture_output=True)
    return folder


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server = Server(("127.0.0.1", 0), Page)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def door(certificate: Path, name: str, port: int, *, trusting: bool = True) -> WebDoor:
    return WebDoor(
        user_agent="x",
        allowed_private=frozenset({f"{name}:{port}"}),
        timeout_seconds=3,
        resolve=lambda host, port: ["127.0.0.1"],
        ssl_context=ssl.create_default_context(cafile=str(certificate / "cert.pem")) if trusting else None,
    )


def test_the_certificate_is_checked_against_the_name_although_the_address_is_pinned(
    certificate: Path, port: int
) -> None:
    with door(certificate, "shop.example", port).get(f"https://shop.example:{port}/") as reply:
        assert reply.read() == b"hi"


def test_a_certificate_for_another_name_is_refused(certificate: Path, port: int) -> None:
    with (
        pytest.raises(DoorError, match="certificate"),
        door(certificate, "other.example", port).get(f"https://other.example:{port}/"),
    ):
        pass


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, port: int) -> None:
    with (
        pytest.raises(DoorError, match="certificate"),
        door(certificate, "shop.example", port, trusting=False).get(f"https://shop.example:{port}/"),
    ):
        pass


def test_a_redirect_from_https_down_to_http_is_refused(certificate: Path, port: int) -> None:
    with (
        pytest.raises(DoorError, match="from https down to http") as caught,
        door(certificate, "shop.example", port).get(f"https://shop.example:{port}/down"),
    ):
        pass
    assert caught.value.permanent
