"""Where does the demo's mail go? To this small SMTP server on loopback, which keeps letters and sends nothing on."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Letters beyond these are thrown away, the oldest first.
MOST_KEPT = 2_000
_MOST_BYTES = 25_000_000
_ADDRESS = re.compile(rb"(?:FROM|TO):\s*<([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """As it came: what the server was told, and the bytes with CRLF."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


# What the server says to a recipient; None: 250.
Refusal = Callable[[str], str | None]


class MailServer:
    """Speaks as much of RFC 5321 as Python's own client needs. `take` is called before the 250 of a letter."""

    def __init__(self, take: Callable[[Letter], None], *, refuses: Refusal = lambda address: None) -> None:
        self._take, self._refuses = take, refuses

    async def serve(self, port: int, ready: Callable[[int], None]) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", port, limit=_MOST_BYTES)
        ready(server.sockets[0].getsockname()[1])
        async with server:
            await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, asyncio.CancelledError
        ):
            writer.write(b"220 mail.invalid\r\n")
            sender, recipients = "", list[str]()
            while line := await reader.readline():
                word = line[:4].upper().strip()
                if word in (b"EHLO", b"HELO"):
                    writer.write(b"250-mail.invalid\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n")
                elif word == b"MAIL":
                    sender, recipients = _address(line), []
                    writer.write(b"250 OK\r\n")
                elif word == b"RCPT":
                    refusal = self._refuses(_address(line))
                    if refusal is None:
                        recipients.append(_address(line))
                    writer.write(f"{refusal or '250 OK'}\r\n".encode())
                elif word == b"DATA" and recipients:
                    writer.write(b"354 Go on\r\n")
                    await writer.drain()
                    content = await _content(reader)
                    self._take(Letter(sender, tuple(recipients), content))
                    writer.write(b"250 Kept\r\n")
                elif word == b"QUIT":
                    writer.write(b"221 Bye\r\n")
                    break
                elif word in (b"RSET", b"NOOP"):
                    writer.write(b"250 OK\r\n")
                else:
                    writer.write(b"503 Not now\r\n" if word == b"DATA" else b"502 Not here\r\n")
                await writer.drain()
        writer.close()


def _address(line: bytes) -> str:
    found = _ADDRESS.search(line)
    return found[1].decode("utf-8", "replace") if found else ""


async def _content(reader: asyncio.StreamReader) -> bytes:
    """Raises `LimitOverrunError` for a letter that is too long; one that did not end was not sent.

    Line by line, because what ends a letter may begin with its first byte.
    """
    lines, size = list[bytes](), 0
    while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
        size += len(line)
        if size > _MOST_BYTES:
            raise asyncio.LimitOverrunError("The letter is too long.", size)
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)


@contextlib.contextmanager
def running(take: Callable[[Letter], None], *, refuses: Refusal = lambda address: None, port: int = 0) -> Iterator[int]:
    """A server in a thread of this process; gives its port. 0: any that is free."""
    found: list[int] = []
    is_ready = threading.Event()
    loop = asyncio.new_event_loop()

    def ready(taken: int) -> None:
        found.append(taken)
        is_ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        leftovers = asyncio.all_tasks(loop)
        for one in leftovers:
            one.cancel()
        loop.run_until_complete(asyncio.gather(*leftovers, return_exceptions=True))
        loop.close()

    task = loop.create_task(MailServer(take, refuses=refuses).serve(port, ready))
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not is_ready.wait(10):
        raise RuntimeError("The mail server did not start.")
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


def keep_in(folder: Path) -> Callable[[Letter], None]:
    """Each letter as a file of its own, named by its time, readable as soon as it is there."""
    folder.mkdir(parents=True, exist_ok=True)

    def take(letter: Letter) -> None:
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        part = folder / f"{name}.part"
        part.write_bytes(f"X-Envelope-To: {', '.join(letter.recipients)}\r\n".encode() + letter.content)
        part.rename(folder / f"{name}.eml")
        for old in sorted(folder.glob("*.eml"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)

    return take
