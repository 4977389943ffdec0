"""How does an upload, or what lies at an address, become one plain private file that can be read again and again?

Packed files are unpacked once, spreadsheets written out once as CSV: from then on a run reads a stream, and one that
was stopped in the middle finds its place again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, BinaryIO
from uuid import uuid4

import python_calamine
from django.conf import settings
from django.core.files import File

from catalog.feeds import MEGABYTE, unpacked
from catalog.http import Door, DoorError
from catalog.models import FeedImport, TableImport
from catalog.reading import SourceError
from catalog.services.feed_imports.errors import ImportError_
from catalog.workbooks import workbook_problem

_STEP = MEGABYTE
# Whose file it is.
Owner = FeedImport | TableImport
_ANSWERS = {
    401: "it wants a sign-in: ask the merchant for the feed's full address",
    403: "it refuses us: ask the merchant whether our address or user agent must be let in",
    404: "there is no feed at this address (any more)",
    410: "the feed was withdrawn",
}


def max_bytes() -> int:
    return int(settings.IMPORT_MAX_MB) * MEGABYTE


def clean_name(name: str) -> str:
    """The upload's own name without its folders and control characters, to be shown only; never used as a path."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in plain if sign.isprintable())[:200]


def keep(feed_import: Owner, content: IO[bytes], *, suffix: str) -> None:
    """Store the content as the import's file (a name of ours) and drop the file it had. The row is not saved."""
    content.seek(0)
    digest = hashlib.sha256()
    while step := content.read(_STEP):
        digest.update(step)
    content.seek(0)
    former, storage = feed_import.file.name, feed_import.file.storage
    feed_import.file.save(f"{uuid4().hex}{suffix}", File(content), save=False)
    feed_import.sha256 = digest.hexdigest()
    if former:
        storage.delete(former)


def too_large(found: int | None) -> ImportError_:
    size = "" if found is None else f" ({found // MEGABYTE} MB)"
    return ImportError_(
        f"The file is larger than the {settings.IMPORT_MAX_MB} MB allowed{size}. Split it, pack it with gzip, or raise "
        "IMPORT_MAX_MB in the site's settings."
    )


@contextmanager
def downloaded(url: str, door: Door) -> Iterator[IO[bytes]]:
    """What lies at the address, in a file without a name. Raises `ImportError_`, which never repeats the address."""
    with TemporaryFile() as file:
        try:
            with door.get(url, max_bytes=max_bytes()) as reply:
                if not 200 <= reply.status < 300:
                    why = _ANSWERS.get(reply.status, "that is a fault on its side; try again later")
                    raise ImportError_(f"The feed's server answered {reply.status}: {why}.")
                for chunk in reply.chunks:
                    file.write(chunk)
        except DoorError as error:
            raise ImportError_(f"The feed could not be fetched: {error}") from error
        file.seek(0)
        yield file


def opened(feed_import: Owner) -> BinaryIO:
    """The stored file, at its start. Raises `ImportError_` when it is gone."""
    try:
        return open(feed_import.file.path, "rb")
    except (FileNotFoundError, ValueError) as error:
        raise ImportError_("The stored file is gone. Begin a new import with the file or the address.") from error


def unpack(feed_import: Owner) -> str:
    """Make the stored file a plain one; "xlsx" when it was a spreadsheet (now CSV), else empty. Raises `ImportError_`.

    A plain file stays as it is, so that calling this twice changes nothing.
    """
    with opened(feed_import) as stored:
        start = stored.read(4)
    if start == b"\xd0\xcf\x11\xe0":
        raise ImportError_("This is an old Excel file (.xls). Save it as .xlsx or as CSV and upload that.")
    if not start.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"\xfd7zX")):
        return ""
    with opened(feed_import) as packed:
        if _is_sheet(packed):
            return _written_out(feed_import, packed)
    try:
        plain = unpacked(opened(feed_import), max_bytes())
    except SourceError as error:
        text = str(error).replace("`max_mb`", "IMPORT_MAX_MB").replace("The feed", "The file")
        raise ImportError_(text) from error
    with plain:
        if _is_sheet(plain):
            return _written_out(feed_import, plain)
        keep(feed_import, plain, suffix=".txt")
    return ""


def _is_sheet(file: IO[bytes]) -> bool:
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        file.seek(0)
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise ImportError_("The archive is damaged or cut short. Upload it again.") from error
    file.seek(0)
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def _written_out(feed_import: Owner, sheet: IO[bytes]) -> str:
    """The first sheet with anything in it, as CSV in UTF-8."""
    if problem := workbook_problem(sheet):
        raise ImportError_(problem)
    with TemporaryFile() as plain:
        text = io.TextIOWrapper(plain, encoding="utf-8", newline="", write_through=True)
        written = csv.writer(text)
        rows = 0
        try:
            sheet.seek(0)
            book = python_calamine.CalamineWorkbook.from_filelike(sheet)
            for name in book.sheet_names:
                found = book.get_sheet_by_name(name)
                for _ in range(found.start[0] if found.start else 0):
                    written.writerow([])  # so that rows keep the numbers that the spreadsheet gives them
                for row in found.iter_rows():
                    written.writerow([_cell(value) for value in row])
                    rows += 1
                if rows:
                    break
        except (python_calamine.CalamineError, python_calamine.PasswordError, OSError, ValueError) as error:
            raise ImportError_(
                f"The spreadsheet cannot be read ({str(error)[:100]}). Save it anew, without a password, or as CSV."
            ) from error
        if not rows:
            raise ImportError_("The spreadsheet is empty.")
        text.flush()
        text.detach()
        keep(feed_import, plain, suffix=".csv")
    return "xlsx"


def _cell(value: object) -> str:
    """As a person would have typed it: a GTIN is no 4006381333931.0 and a date has no midnight."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    return str(value)
