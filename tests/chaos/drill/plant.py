"""The whole site on this machine: PostgreSQL, Redis, two web processes, worker, beat and shipper, wired together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config import embedded
from config.embedded.postgres import Postgres
from config.embedded.redis import Redis
from tests.chaos.drill.disks import Disks
from tests.chaos.drill.names import Names
from tests.chaos.drill.parts import Part, Program, Service, is_alive, send
from tests.chaos.drill.wires import Wires
from tests.ports import closed_port

WEBS = ("web 0", "web 1")
METRICS_TOKEN = "opens-a-site-that-lives-for-minutes"
# A part that died is started again after so many seconds, as a container's host does.
RESTART_AFTER = 1.0
_MODULE = [sys.executable, "-m"]
_CELERY = [*_MODULE, "celery", "--quiet", "-A", "config"]
# The wires: who reaches whom. `tests.chaos.drill.outside` is beyond the last three.
REACHES = {
    "web-postgres": "postgres",
    "web-redis": "redis",
    "worker-postgres": "postgres",
    "worker-redis": "redis",
    "shipper-postgres": "postgres",
    "beat-redis": "redis",
    "worker-mail": "mail",
    "worker-merchant": "merchant",
    "worker-partner": "partner",
}


class Plant:
    """`begin` and `end`; between them whatever dies is started again, unless `kept_down` names it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self._seed = seed
        self.ports = {name: closed_port() for name in WEBS}
        self.names = Names(folder / "hosts")
        self.disks = Disks(folder)
        self.kept_down: set[str] = set()
        self.parts: dict[str, Part] = {
            "postgres": Service("postgres", Postgres),
            "redis": Service("redis", Redis),
        }
        self._over = threading.Event()
        self._watchman = threading.Thread(target=self._watch, name="watchman", daemon=True)

    def begin_services(self) -> None:
        self.disks.make()
        embedded.data_dir().mkdir(parents=True, exist_ok=True)
        made = Postgres()
        made.start()
        made.stop()
        self.disks.take(made.cluster)
        for name in ("postgres", "redis"):
            self.parts[name].start()

    def wire(self, targets: Mapping[str, str]) -> None:
        """`targets`: where the mail server and the merchant listen, by the names in `REACHES`."""
        sockets = {
            "postgres": str(embedded.socket_dir() / ".s.PGSQL.5432"),
            "redis": str(embedded.socket_dir() / "redis.sock"),
        }
        self.wires = Wires(self._seed, {wire: {**sockets, **targets}[to] for wire, to in REACHES.items()})

    def begin(self) -> None:
        for name, command in self._commands().items():
            program = Program(name, command, self._environment(name), self.folder / f"{name}.log")
            program.inside = self.names.inside
            self.parts[name] = program
            program.start()
        self._watchman.start()

    def _commands(self) -> Mapping[str, Sequence[str]]:
        granian = [*_MODULE, "granian", "--interface", "wsgi", "config.wsgi:application", "--workers", "1"]
        granian += ["--blocking-threads", "1", "--http", "1", "--no-ws", "--host", "127.0.0.1", "--port"]
        return {
            **{name: [*granian, str(port)] for name, port in self.ports.items()},
            "worker": [*_CELERY, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-mingle"],
            "beat": [*_CELERY, "beat", "--loglevel", "WARNING", "--schedule", str(self.folder / "beat.schedule")],
            "shipper": [sys.executable, "manage.py", "ship_clicks", "--forever", "--every", "0.5"],
        }

    def merchant_at(self) -> str:
        return f"{self.names.merchant}:{self.wires.ports['worker-merchant']}"

    def partner_at(self) -> str:
        return f"{self.names.partner}:{self.wires.ports['worker-partner']}"

    def _environment(self, part: str) -> dict[str, str]:
        kind = part.partition(" ")[0]
        ports, names = self.wires.ports, self.names
        database = ports.get(f"{kind}-postgres", ports["worker-postgres"])
        redis = ports.get(f"{kind}-redis", ports["worker-redis"])
        return {
            **os.environ,
            "DATABASE_URL": f"postgresql://earmark@{names.database}:{database}/earmark",
            "REDIS_URL": f"redis://{names.redis}:{redis}/0",
            "EMAIL_URL": f"smtp://{names.mail}:{ports['worker-mail']}",
            "PRIVATE_HOSTS_ALLOWED": f"{self.merchant_at()},{self.partner_at()}",
            # Nothing goes because it got old: what is on a page goes when it changes, or stays and is found out.
            "PAGE_CACHE_SECONDS": "3600",
            "METRICS_TOKEN": METRICS_TOKEN,
            "BEHIND_PROXY": "1",
            "NEWSLETTER_PER_MINUTE": "0",
            "NEWS_LETTERS_PER_DAY": "1000",
            "PYTHONWARNINGS": "ignore",
        }

    # --- what happens to it ----------------------------------------------------------------------------------------

    def pids(self, name: str) -> list[int]:
        return self.parts[name].pids()

    def kill(self, name: str) -> None:
        """-9 for all its processes; the watchman starts it again."""
        self.signal(name, signal.SIGKILL)

    def signal(self, name: str, number: signal.Signals) -> None:
        send(self.pids(name), number)

    def signal_one(self, pid: int, number: signal.Signals) -> None:
        send([pid], number)

    def restart(self, *names: str, clock: Mapping[str, str] | None = None) -> None:
        """Killed and started again with this environment over its own."""
        for name in names:
            part = self.parts[name]
            assert isinstance(part, Program)
            part.more = clock or {}
            before = part.starts
            self.kill(name)
            wait_for(lambda part=part, before=before: part.starts > before, 30)  # type: ignore[misc]

    def all_alive(self) -> bool:
        return all(part.pids() for part in self.parts.values())

    def starts(self) -> dict[str, int]:
        return {name: part.starts for name, part in self.parts.items()}

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            for name, part in self.parts.items():
                if name in self.kept_down or part.pids():
                    continue
                self._over.wait(RESTART_AFTER)
                if name not in self.kept_down and not self._over.is_set():
                    with contextlib.suppress(embedded.EmbeddedServiceError, OSError, subprocess.SubprocessError):
                        part.start()

    def end(self) -> None:
        self._over.set()
        if self._watchman.is_alive():
            self._watchman.join(90)
        for name, part in self.parts.items():
            if isinstance(part, Program):
                self.signal(name, signal.SIGKILL)
                part.wait()
        if hasattr(self, "wires"):
            self.wires.close()
        for part in self.parts.values():
            if isinstance(part, Service):
                for pid in part.pids():
                    send([pid], signal.SIGCONT)
                part.stop()
                wait_for(lambda part=part: not any(map(is_alive, part.pids())), 30)  # type: ignore[misc]
        self.disks.unmake()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true within so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
