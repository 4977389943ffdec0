"""Which processes make up the running demo, and what happens when one of them ends?"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from honcho.compat import ProcessManager
from honcho.manager import Manager
from honcho.printer import Printer

from config import embedded

BIN = Path(sys.executable).parent
# what honcho returns after SIGINT and SIGTERM
STOPPED_BY_US = (130, 143)


class DemoError(Exception):
    """The demo cannot run like this. The message says what to do."""


def environment(*, port: int, shops_port: int, shops: int) -> dict[str, str]:
    """What the demo's processes are told: who they are, and that the shops on this machine may be read."""
    mail = embedded.data_dir() / "mail"
    return {
        "EARMARK_DEMO": "1",
        # Whoever looks around has no second factor; the first screen says so.
        "ADMIN_REQUIRE_MFA": "0",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EARMARK_SHOPS_PORT": str(shops_port),
        "PRIVATE_HOSTS_ALLOWED": ",".join(f"127.0.0.1:{shops_port + number}" for number in range(shops)),
        "EARMARK_MAIL_DIR": str(mail),
        "PYTHONUNBUFFERED": "1",
        "LOG_TIME": "0",
        # Celery warns at length when root runs it; nothing here is pickled, so nothing can come in that way.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def commands(*, port: int, shops_port: int, inbox_port: int = 0) -> dict[str, list[str]]:
    """Name → command line. The names stand before each log line. The inbox takes its mail at the port after its own."""
    python = sys.executable
    granian = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    granian += ["--blocking-threads", "1", "--http", "1", "--no-ws", "--log-level", "warning"]
    celery = [str(BIN / "celery"), "--quiet", "-A", "config"]
    beat_file = embedded.data_dir() / "beat.schedule"
    inbox = [python, "-m", "demo.inbox", "--port", str(inbox_port), "--smtp-port", str(inbox_port + 1)]
    return {
        **({"mail": inbox} if inbox_port else {}),
        "shops": [python, "-m", "demo.merchants", "--port-base", str(shops_port)],
        "web": [str(BIN / "granian"), *granian, "config.wsgi:application"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(beat_file)],
    }


def run(lines: Mapping[str, list[str]]) -> None:
    """Run all of them until Ctrl-C. When one ends by itself the others are stopped; raises `DemoError`."""
    manager = Manager(Printer(sys.stdout))
    manager._procmgr = _Heads()
    for name, command in lines.items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=dict(os.environ), cwd=str(embedded.PROJECT))
    manager.loop()
    if manager.returncode in STOPPED_BY_US:
        return
    name, code = _who_ended(manager)
    raise DemoError(
        f"The process “{name}” ended by itself ({_how(code)}), so the others were stopped too.\n"
        f"Nothing is lost. Read its lines above, then run `make demo` again."
    )


class _Heads(ProcessManager):  # type: ignore[misc]
    """Asks the first process of each group to stop, which lets its own end what they are at. Told all at once, Celery's
    workers would fall under their tasks, with a traceback for each."""

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def _who_ended(manager: Manager) -> tuple[str, int]:
    """The process that ended first: the one whose status the manager kept, not one of those it then stopped."""
    for name, state in manager._processes.items():
        if state.get("returncode") == manager.returncode:
            return name, int(manager.returncode)
    return "unknown", int(manager.returncode)


def _how(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit status {code}"


def answers(port: int, path: str, *, seconds: float) -> bool:
    """True as soon as the site answers `path` with 200."""
    deadline = time.monotonic() + seconds
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(request)
            if b" 200 " in client.recv(64):
                return True
        time.sleep(0.1)
    return False
