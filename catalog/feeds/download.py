"""Is there a new version of the feed, and what are its unpacked bytes?"""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from catalog.http import Door, DoorError, Reply
from catalog.reading import FeedState, SourceError

MEGABYTE = 1_048_576
DEFAULT_MAX_MB = 500
_IN_MEMORY = 4 * MEGABYTE
_STEP = 256 * 1024
# What the merchant's record can keep (catalog.models.Merchant).
_LONGEST_ETAG = 200
_LONGEST_LAST_MODIFIED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The unpacked feed, at its start. `declared` is the charset its HTTP header names, in lower case."""

    file: IO[bytes]
    state: FeedState
    declared: str


_NEVER_READ = FeedState()
_ADVICE = {
    401: "it wants a sign-in: ask the merchant for the feed's full address",
    403: "it refuses us: ask the merchant whether our address or user agent must be let in",
    404: "there is no feed at this address (any more)",
    410: "the feed was withdrawn",
}
# What parts a Last-Modified from the moment until which what was read holds: no header has this sign.
_UNTIL = "\u2192"


def download(
    url: str,
    *,
    door: Door,
    state: FeedState = _NEVER_READ,
    now: datetime | None = None,
    max_bytes: int = DEFAULT_MAX_MB * MEGABYTE,
    advice: Mapping[int, str] = _ADVICE,
) -> Download | None:
    """The feed, or None when it is the one `state` tells of. Raises `SourceError`, which never repeats the address.

    `now`: a state that held `until` then only is none. `max_bytes` holds for the packed and for the unpacked feed.
    `advice`: what a status above 399 means here, and what to do. Whoever asked closes `file`.
    """
    if has_turned(state, now):
        state = _NEVER_READ
    asked = {"accept": "application/xml, text/xml, text/csv, text/tab-separated-values, */*;q=0.5"}
    if state.etag:
        asked["if-none-match"] = state.etag
    if state.last_modified.partition(_UNTIL)[0]:
        asked["if-modified-since"] = state.last_modified.partition(_UNTIL)[0]
    try:
        with door.get(url, headers=asked, max_bytes=max_bytes) as reply:
            if reply.status == 304:
                return None
            _refuse_failure(reply, advice)
            file, digest = _stored(reply)
    except DoorError as error:
        raise SourceError(str(error), permanent=error.permanent, retry_after=error.retry_after) from error
    if digest == state.sha256:
        file.close()
        return None
    kept = FeedState(
        etag=_if_fit(reply.headers.get("etag", ""), _LONGEST_ETAG),
        last_modified=_if_fit(reply.headers.get("last-modified", ""), _LONGEST_LAST_MODIFIED),
        sha256=digest,
    )
    return Download(
        file=unpacked(file, max_bytes), state=kept, declared=_charset(reply.headers.get("content-type", ""))
    )


def until(turn: datetime | None, state: FeedState) -> FeedState:
    """The state of a feed whose bytes say something else from `turn` (aware) on: a sale of it begins or ends then."""
    if turn is None:
        return state
    mark = f"{_UNTIL}{turn.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    kept = _if_fit(state.last_modified, _LONGEST_LAST_MODIFIED - len(mark))
    return replace(state, last_modified=kept + mark)


def has_turned(state: FeedState, now: datetime | None) -> bool:
    """Did what was read then cease to hold by `now`, although the feed may be the same?"""
    _, mark, moment = state.last_modified.partition(_UNTIL)
    return bool(mark) and (now is None or now >= datetime.fromisoformat(moment))


def _refuse_failure(reply: Reply, advice: Mapping[int, str]) -> None:
    if 200 <= reply.status < 300:
        return
    what = advice.get(reply.status, "that is a fault on its side")
    raise SourceError(
        f"The feed's server answered {reply.status}: {what}.",
        permanent=reply.status in {401, 410},
    )


def _stored(reply: Reply) -> tuple[IO[bytes], str]:
    """The body in a temporary file (on disk from 4 MB on), and its SHA-256."""
    digest = hashlib.sha256()
    file = _temporary_file()
    try:
        for chunk in reply.chunks:
            digest.update(chunk)
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, digest.hexdigest()


def unpacked(file: IO[bytes], max_bytes: int) -> IO[bytes]:
    """The feed behind gzip or zip, told by its first bytes: names and content types are often wrong.

    `file` is at its start and is closed when another one is handed back. Raises `SourceError`.
    """
    start = file.read(4)
    file.seek(0)
    if not start.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        if start.startswith((b"BZh", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"\xfd7zX")):
            file.close()
            raise SourceError("The feed is packed in a way that is not read; ask for gzip or zip.", permanent=True)
        return file
    plain = _temporary_file()
    try:
        with file, _opened(file, start) as packed:
            while step := packed.read(_STEP):
                if plain.tell() + len(step) > max_bytes:
                    raise SourceError(
                        f"The feed unpacks to more than {max_bytes // MEGABYTE} MB; it was not read further. "
                        "Raise `max_mb` if that is its true size.",
                        permanent=True,
                    )
                plain.write(step)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        plain.close()
        raise SourceError(f"The feed's archive is cut short or damaged ({error}).", permanent=False) from error
    except BaseException:
        plain.close()
        raise
    plain.seek(0)
    return plain


def _opened(file: IO[bytes], start: bytes) -> IO[bytes]:
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[return-value]  # an IO[bytes] in all but its base class
    archive = zipfile.ZipFile(file)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise SourceError(f"The feed's zip holds {len(members)} files instead of one.", permanent=True)
    return archive.open(members[0])


def _temporary_file() -> IO[bytes]:
    """Without a name and gone once closed; whoever asks for it hands it on or closes it."""
    return SpooledTemporaryFile(max_size=_IN_MEMORY)


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()
    return ""


def _if_fit(text: str, longest: int) -> str:
    """A validator that is too long, or cannot be sent back, is forgotten whole: half of one would never match again."""
    return text if len(text) <= longest and text.isprintable() else ""
