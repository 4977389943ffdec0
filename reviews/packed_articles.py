"""Is an upload a file of articles, and which files lie beside it in its zip? Nothing is ever unpacked to a disk.

A pure module. A zip is refused before anything of it is read when its names lead out of it or it would unpack to more
than fits, and while it is read when it unpacks to more than its own list says.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from reviews.articles_file import ArticlesFileError

LIST_NAME = "articles.json"
MAX_JSON = 100_000_000
MAX_UNPACKED = 400_000_000
MOST_FILES = 5_000
# What readers of zips raise about damaged ones.
_DAMAGED = (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The JSON, and by name what lies beside it."""

    listed: bytes
    files: Mapping[str, bytes]


def packed(listed: bytes, files: Mapping[str, bytes]) -> bytes:
    """A zip of them; the same files are always the same bytes."""
    with BytesIO() as out:
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for name, content in [(LIST_NAME, listed), *sorted(files.items())]:
                entry = ZipInfo(name)  # of 1980: a time of packing would make every export another one
                entry.compress_type = ZIP_DEFLATED
                archive.writestr(entry, content)
        return out.getvalue()


def unpacked(content: bytes) -> Unpacked:
    """Raises `ArticlesFileError` with what is wrong with the upload."""
    if not content.startswith(b"PK"):
        if len(content) > MAX_JSON:
            raise ArticlesFileError(f"The JSON has more than {MAX_JSON // 1_000_000} MB. Export fewer articles.")
        return Unpacked(content, {})
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse(entries)
            files = {entry.filename: _read(archive, entry) for entry in entries}
    except _DAMAGED as error:
        raise ArticlesFileError("The zip is damaged or packed in a way we do not read. Export it again.") from error
    listed = files.pop(LIST_NAME, None)
    if listed is None:
        raise ArticlesFileError(f"The zip holds no {LIST_NAME} at its top. Export it again.")
    return Unpacked(listed, files)


def _refuse(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise ArticlesFileError(f"The zip holds {len(entries)} files; at most {MOST_FILES} fit. Export fewer articles.")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise ArticlesFileError("The zip holds two files of one name. Export it again.")
    for entry in entries:
        name = entry.orig_filename
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/") or "\0" in name:
            raise ArticlesFileError(f"The zip holds a file whose name leads out of it: {name[:80]!r}. Do not use it.")
        if entry.flag_bits & 1:
            raise ArticlesFileError("The zip asks for a password. Pack it without one.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ArticlesFileError(
            f"The zip would unpack to more than {MAX_UNPACKED // 1_000_000} MB. Export fewer articles at once."
        )


def _read(archive: ZipFile, entry: ZipInfo) -> bytes:
    """Never more than the list says of it: what says less than it holds is not unpacked to find out how much."""
    is_too_large = entry.filename == LIST_NAME and entry.file_size > MAX_JSON
    with archive.open(entry) as file:
        content = b"" if is_too_large else file.read(entry.file_size + 1)
    if is_too_large or len(content) > entry.file_size:
        raise ArticlesFileError(f"{entry.filename} is larger than the zip says, or than fits. Export it again.")
    return content
