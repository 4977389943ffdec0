"""What does a backup say of itself?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

DATABASE, PICTURES, MANIFEST = "database.dump", "pictures.tar", "manifest.json"
FORMAT = 1
# Ours has some kilobytes; what is longer is not read into memory.
_LONGEST = 16 * 1024 * 1024


class BackupError(Exception):
    """Says in its message what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class FileSum:
    """Size in bytes and SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows, and a digest of them that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`made_at`: ISO 8601, UTC, when the snapshot was taken. `migrations`: the last of each app."""

    made_at: str
    postgresql: str
    migrations: Mapping[str, str]
    files: Mapping[str, FileSum]
    tables: Mapping[str, TableSum]

    def write(self, folder: Path) -> None:
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises `BackupError` for a folder that is no whole backup of ours."""
    path = folder / MANIFEST
    try:
        if path.exists() and not (path.is_file() and path.stat().st_size < _LONGEST):
            raise BackupError(f"{path} is no manifest: it is no file, or very long. Take another backup.")
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BackupError(
            f"{folder} is no backup: {MANIFEST} cannot be read ({error.strerror}). Name the folder "
            "that `backup` printed."
        ) from error
    except (ValueError, RecursionError) as error:
        raise BackupError(f"{path} is damaged: {error}. Take another backup.") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        found = said.get("format") if isinstance(said, dict) else None
        raise BackupError(
            f"{path} has format {found}, this program reads {FORMAT}: restore by the version that made it."
        )
    try:
        found = Manifest(
            made_at=said["made_at"],
            postgresql=said["postgresql"],
            migrations=said["migrations"],
            files={name: FileSum(**one) for name, one in said["files"].items()},
            tables={name: TableSum(**one) for name, one in said["tables"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{path} is damaged: {error!r} is wrong or missing. Take another backup.") from error
    sizes = [(one.size, one.sha256) for one in found.files.values()]
    if not all(type(number) is int and isinstance(text, str) for number, text in (*sizes, *_rows_of(found))):
        raise BackupError(f"{path} is damaged: a number or a digest in it is none. Take another backup.")
    if found.files.keys() != {DATABASE, PICTURES}:
        raise BackupError(f"{path} is damaged: it has to name {DATABASE} and {PICTURES}. Take another backup.")
    return found


def _rows_of(manifest: Manifest) -> list[tuple[int, str]]:
    return [(one.rows, one.digest) for one in manifest.tables.values()]


def sum_of(path: Path) -> FileSum:
    with path.open("rb") as file:
        return FileSum(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raises `BackupError` where a file is not the one that was written."""
    for name, wanted in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise BackupError(f"{path} is missing. The backup is not whole; take another one.")
        found = sum_of(path)
        if found != wanted:
            raise BackupError(
                f"{path} has {found.size:,} bytes and the checksum {found.sha256[:12]}…; the manifest says "
                f"{wanted.size:,} and {wanted.sha256[:12]}…. It was damaged or exchanged; take another backup."
            )
