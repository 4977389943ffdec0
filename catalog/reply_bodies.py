"""How is the body of an answer read: unpacked, and never larger than allowed, packed or not?

A pure module.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from catalog.door import DoorError

_STEP = 65536


def bounded_body(wire: Iterator[bytes], headers: Mapping[str, str], host: str, limit: int) -> Iterator[bytes]:
    """The body as it comes, unpacked; both its packed and its unpacked size stay within `limit` bytes."""
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > limit:
        raise _too_large(host, limit)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        yield from _counted(wire, host, limit)
    elif encoding in {"gzip", "x-gzip"}:
        yield from _counted(_unzipped(_counted(wire, host, limit), host), host, limit)
    else:
        raise DoorError(f"{host} packed its answer as `{encoding[:20]}`, which was not asked for.")


def _counted(chunks: Iterator[bytes], host: str, limit: int) -> Iterator[bytes]:
    read = 0
    for chunk in chunks:
        read += len(chunk)
        if read > limit:
            raise _too_large(host, limit)
        yield chunk


def _too_large(host: str, limit: int) -> DoorError:
    size = f"{limit // 1_048_576} MB" if limit >= 1_048_576 else f"{limit} bytes"
    return DoorError(f"The answer of {host} is larger than the {size} allowed; the rest was not read.", permanent=True)


def _unzipped(chunks: Iterator[bytes], host: str) -> Iterator[bytes]:
    """Unpack in steps of at most 64 KB, whatever the ratio; several gzip members may follow each other."""
    unpacker = zlib.decompressobj(wbits=31)
    started = False
    try:
        for chunk in chunks:
            rest, started = chunk, True
            while rest:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(wbits=31)
                yield unpacker.decompress(rest, _STEP)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
        if started and not unpacker.eof:
            raise DoorError(f"The packed answer of {host} was cut short.")
    except zlib.error:
        raise DoorError(f"The answer of {host} says it is gzip but cannot be unpacked.") from None
