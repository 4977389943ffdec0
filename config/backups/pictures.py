"""Pictures go into one plain archive and come out of it again: regular files below their folder, and nothing else.

An archive is read to its end before anything of a backup is written, so that a bad one changes nothing.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

from config.backups.manifest import BackupError
from config.backups.sums import Told

# What the library raises for bytes that are no archive, or one that was made to confuse it.
_BROKEN = (tarfile.TarError, ValueError, IndexError, OverflowError, RecursionError, MemoryError)
# Two empty blocks end an archive; the library takes any odd block for its end, and says nothing.
_END = bytes(2 * tarfile.BLOCKSIZE)


def pack_pictures(target: Path, tell: Told) -> None:
    """Raises `OSError`."""
    tell("Packing the pictures")
    with tarfile.open(target, "w") as packed:
        if not isinstance(default_storage, FileSystemStorage):
            tell("The pictures lie in a storage of its own (MEDIA_STORAGE): back that up by its own means")
            return
        root = Path(settings.MEDIA_ROOT)
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                packed.add(path, arcname=str(path.relative_to(root)), recursive=False)


def check_pictures(packed: Path) -> None:
    """Raises `BackupError` for an archive that is cut, or that holds what `pack_pictures` never puts in."""
    names: set[PurePosixPath] = set()
    with _opened(packed) as opened:
        for member in _members(opened, packed):
            _refuse_odd(member, packed)
            names.add(PurePosixPath(member.name))
    if inside := next((str(name) for name in names if names & {*name.parents}), ""):
        raise BackupError(f"{packed}: {inside!r} lies below what is a file itself. Take another backup.")
    if names and not isinstance(default_storage, FileSystemStorage):
        raise BackupError("The backup has pictures, but MEDIA_STORAGE is no folder: copy them out of pictures.tar.")


def unpack_pictures(packed: Path, tell: Told) -> tuple[int, int]:
    """How many came out, and how many stayed in because a file of that name was there. Raises `BackupError`."""
    tell("Unpacking the pictures")
    root, out, kept = Path(settings.MEDIA_ROOT), 0, 0
    with _opened(packed) as opened:
        for member in _members(opened, packed):
            _refuse_odd(member, packed)
            try:
                if os.path.lexists(root / member.name):
                    kept += 1
                    continue
                # "data": no way out of the folder, also not over a link that lies in it.
                opened.extract(member, root, filter="data")
            except tarfile.FilterError as error:
                raise _odd(member, packed) from error
            except OSError as error:
                raise BackupError(
                    f"{root / member.name} cannot be written ({error.strerror}). The database is filled. When there is "
                    f"room, unpack the rest by hand: `tar -xkf {packed} -C {root}` leaves what is there."
                ) from error
            out += 1
    return out, kept


@contextmanager
def _opened(packed: Path) -> Iterator[tarfile.TarFile]:
    """Unpacked as it lies there: an archive that is compressed is none of ours, and could become any size."""
    try:
        with tarfile.open(packed, "r:") as opened:
            yield opened
    except _BROKEN as error:
        raise BackupError(f"{packed} is no whole archive: {error}. Take another backup.") from error


def _members(opened: tarfile.TarFile, packed: Path) -> Iterator[tarfile.TarInfo]:
    """All of them, to the archive's own end, and none twice."""
    reached = -1
    while (member := opened.next()) is not None:
        if member.size < 0 or opened.offset <= reached:
            raise BackupError(f"{packed}: {member.name!r} has a size that cannot be. Take another backup.")
        reached = opened.offset
        yield member
    with packed.open("rb") as file:
        file.seek(opened.offset)
        if file.read(len(_END)) != _END:
            raise BackupError(f"{packed} is cut or damaged behind {reached:,} bytes. Take another backup.")


def _refuse_odd(member: tarfile.TarInfo, packed: Path) -> None:
    """Only a whole file with a name below the folder; a sparse one could say that it is of any size."""
    path = PurePosixPath(member.name)
    fine = member.isreg() and not member.issparse() and not path.is_absolute() and ".." not in path.parts
    try:
        fine = fine and bool(path.name) and b"\0" not in os.fsencode(member.name)
    except UnicodeEncodeError:
        fine = False
    if not fine:
        raise _odd(member, packed)


def _odd(member: tarfile.TarInfo, packed: Path) -> BackupError:
    return BackupError(f"{packed}: {member.name!r} leads out of its folder or is no file. Nobody made it so here.")
