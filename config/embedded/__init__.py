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
import os

from config import env
from config.embedded.lease import start_lock
from config.embedded.places import PROJECT, data_dir, database_url, redis_url, socket_dir
from config.embedded.postgres import Postgres
from config.embedded.redis import Redis
from config.embedded.server import EmbeddedServiceError, accepts, spawned

__all__ = ["PROJECT", "EmbeddedServiceError", "data_dir", "database_url", "join", "redis_url", "socket_dir"]

_joined: list[Postgres | Redis] = []


def join() -> None:
    """Make sure that the embedded services this process needs are running, and keep them until it ends.

    Services named by DATABASE_URL or REDIS_URL are left alone.
    Raises `EmbeddedServiceError` with advice when one cannot be started.
    """
    if _joined:
        return
    wanted: list[Postgres | Redis] = []
    if not env.text("DATABASE_URL"):
        wanted.append(Postgres())
    if not env.text("REDIS_URL"):
        wanted.append(Redis())
    if not wanted:
        return
    try:
        data_dir().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedServiceError(f"The data folder {data_dir()} cannot be made: {error.strerror}.") from error
    atexit.register(_leave, os.getpid())
    try:
        for service in wanted:
            with start_lock(service.lease.path.with_suffix(".lock")):
                service.lease.take()
                _joined.append(service)
                if not accepts(service.ready):
                    service.start()
    except BaseException:
        _leave(os.getpid())  # what did start is not left behind, and a next try begins anew
        raise


def _leave(owner: int) -> None:
    """Stop what nobody else uses. Forked children (`owner` differs) only lose their copy of the lease."""
    if os.getpid() != owner:
        return
    while _joined:
        service = _joined.pop()
        with start_lock(service.lease.path.with_suffix(".lock")):
            if service.lease.is_last():
                service.stop()
            service.lease.drop()
    for process in spawned:
        process.returncode = process.returncode or 0  # stopped above, or left to the others on purpose
