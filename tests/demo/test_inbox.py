"""The demo's mail is kept on this machine and shown as it came: text, HTML in both looks, and nothing of it acts."""

from __future__ import annotations

import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from demo import inbox
from demo.mail_server import Letter, keep_in, running


@pytest.fixture
def page(tmp_path: Path) -> Iterator[str]:
    with running(keep_in(tmp_path)) as port, inbox.server(tmp_path, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = "Grüße <b>", "a@site.example", "b@mail.example"
        mail.set_content("Plain.\n.. a line that begins with dots\nhttp://127.0.0.1:1/newsletter/ <i>")
        mail.add_alternative(
            "<html><head><style>@media (prefers-color-scheme: dark) {p {color: red}}</style></head>"
            "<body><p>Rich</p><script>alert(1)</script></body></html>",
            subtype="html",
        )
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(mail)
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(5)


def get(address: str) -> tuple[str, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode(), answer.headers["Content-Security-Policy"]


def test_what_was_sent_is_listed_and_shown_as_words(page: str, tmp_path: Path) -> None:
    html, rules = get(f"{page}/")
    assert "Grüße &lt;b&gt;" in html
    assert "b@mail.example" in html
    assert rules.startswith("default-src 'none'")
    (name,) = [path.name for path in tmp_path.glob("*.eml")]
    letter, _ = get(f"{page}/letter/{name}")
    assert ".. a line that begins with dots" in letter
    assert '<a href="http://127.0.0.1:1/newsletter/">' in letter
    assert "&lt;i&gt;" in letter


@pytest.mark.parametrize(
    "body",
    [b"", b"\r\n", b"a\r\n", b"ab\r\n", b".\r\n", b"..\r\n", b".a\r\n", b"\r\n.\r\n", b"a\r\n.\r\nb\r\n", b"\r\n\r\n"],
)
def test_a_letter_of_a_few_bytes_ends_and_comes_as_it_was_sent(body: bytes) -> None:
    letters: list[Letter] = []
    with running(letters.append) as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        assert client.sendmail("a@site.example", ["b@mail.example"], body) == {}
        assert client.noop()[0] == 250
    assert [letter.content for letter in letters] == [body or b"\r\n"]


def test_its_html_stands_in_a_frame_where_no_script_runs(page: str, tmp_path: Path) -> None:
    (name,) = [path.name for path in tmp_path.glob("*.eml")]
    dark, rules = get(f"{page}/html/{name}?look=dark")
    assert "@media all" in dark
    assert "@media not all" in get(f"{page}/html/{name}?look=light")[0]
    assert "sandbox" in rules
    assert "allow-scripts" not in rules


@pytest.mark.parametrize("path", ["/letter/..%2f..%2fetc%2fpasswd", "/letter/../x.eml", "/html/none.eml", "/x"])
def test_nothing_else_of_the_machine_is_shown(page: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        get(f"{page}{path}")
    assert error.value.code == 404
    error.value.close()
