"""Where do the embedded services keep their things, and under which addresses do they answer?"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent

# Linux refuses longer paths for unix sockets; PostgreSQL appends "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 80
DATABASE_NAME = "earmark"
SUPERUSER = "earmark"


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
