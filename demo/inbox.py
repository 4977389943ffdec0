"""What has the demo's site mailed, and how would a mail program show it? A server of its own, for this machine alone.

`python -m demo.inbox` takes mail by SMTP (`mail_server`) and shows it by HTTP. It is no part of the site: what is not
started shows nothing, and nothing but the demo starts it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from demo.mail_server import keep_in, running

SHOWN = 200
_NAME = re.compile(r"[\w-]+\.(?:eml|log)")
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\)")
_LOOKS = {"light": "@media not all", "dark": "@media all"}
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
# Links of a letter open in a tab of their own; nothing else of it does anything.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } td, th { padding: .5rem; text-align: start; vertical-align: top; }
tr { border-block-end: 1px solid #8886; } pre { white-space: pre-wrap; }
.looks { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
iframe { box-sizing: border-box; width: 100%; height: 40rem; border: 1px solid #8886; background: #fff; }
a { display: inline-block; min-height: 1.5rem; }
"""


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    message: EmailMessage

    def part(self, kind: str) -> str:
        found = self.message.get_body((kind,))
        return str(found.get_content()) if found is not None else ""

    def head(self, name: str) -> str:
        return str(self.message.get(name, ""))


def kept(folder: Path) -> Iterator[Kept]:
    """Newest first."""
    files = [path for path in folder.glob("*.*") if _NAME.fullmatch(path.name)]
    for path in sorted(files, key=lambda one: one.stat().st_mtime_ns, reverse=True)[:SHOWN]:
        if letter := letter_called(folder, path.name):
            yield letter


def letter_called(folder: Path, name: str) -> Kept | None:
    """None for a name that is none of ours, and for a file that is gone."""
    if not _NAME.fullmatch(name):
        return None
    with contextlib.suppress(OSError):
        message = message_from_bytes((folder / name).read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return Kept(name, message)
    return None


def list_page(folder: Path) -> str:
    rows = "".join(
        f'<tr><td><a href="/letter/{one.name}">{escape(one.head("Subject") or "(no subject)")}</a></td>'
        f"<td>{escape(one.head('To'))}</td><td>{escape(one.head('Date'))}</td></tr>"
        for one in kept(folder)
    )
    said = f"<table><tr><th>Subject</th><th>To</th><th>Date</th></tr>{rows}</table>" if rows else "<p>Nothing yet.</p>"
    return _page("Mail of the demo", f"<p>All mail that the demo's site sent: it goes no further than here.</p>{said}")


def letter_page(letter: Kept) -> str:
    heads = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")
    rows = "".join(
        f"<tr><th>{name}</th><td>{escape(letter.head(name))}</td></tr>" for name in heads if letter.head(name)
    )
    frames = "".join(
        f'<figure><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The letter, {look}" '
        f'src="/html/{letter.name}?look={look}"></iframe><figcaption>{look}</figcaption></figure>'
        for look in _LOOKS
    )
    html = f'<h2>HTML</h2><div class="looks">{frames}</div>' if letter.part("html") else ""
    text = re.sub(
        r"https?://[^\s<>]+", lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(letter.part("plain"))
    )
    body = f'<p><a href="/">All mail</a></p><table>{rows}</table><h2>Plain text</h2><pre>{text}</pre>{html}'
    return _page(letter.head("Subject"), body)


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main><h1>{escape(title)}</h1>{body}</main></html>"
    )


class Inbox(BaseHTTPRequestHandler):
    """`/`, `/letter/<name>`, `/html/<name>?look=dark`."""

    folder: Path

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        _, _, rest = parts.path.partition("/")
        kind, _, name = rest.partition("/")
        letter = letter_called(self.folder, name)
        if not rest:
            self._answer(list_page(self.folder), _PAGE_POLICY)
        elif kind == "letter" and letter:
            self._answer(letter_page(letter), _PAGE_POLICY)
        elif kind == "html" and letter:
            look = _LOOKS.get(parse_qs(parts.query).get("look", [""])[0])
            html = letter.part("html").replace("<head>", '<head><base target="_blank">', 1)
            self._answer(_DARK.sub(look, html) if look else html, _LETTER_POLICY)
        else:
            self._answer(_page("Not here", '<p><a href="/">All mail</a></p>'), _PAGE_POLICY, 404)

    def _answer(self, html: str, policy_: str, status: int = 200) -> None:
        body = html.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy_,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: the demo's window is for what the site says."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    folder.mkdir(parents=True, exist_ok=True)
    return ThreadingHTTPServer(("127.0.0.1", port), type("Here", (Inbox,), {"folder": folder}))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.inbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="of the page")
    parser.add_argument("--smtp-port", type=int, required=True)
    arguments = parser.parse_args()
    folder = Path(os.environ["EARMARK_MAIL_DIR"])
    taking = running(keep_in(folder), port=arguments.smtp_port)
    with contextlib.suppress(KeyboardInterrupt), taking, server(folder, arguments.port) as page:
        page.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
