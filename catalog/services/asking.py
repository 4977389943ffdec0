"""How is a merchant's source asked for many offers at once, and what came before it failed kept?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

from catalog.reading import NotSold, Reading, Unreadable
from catalog.sources.base import Answer, Source, SourceError, Wanted

Said = Reading | NotSold | Unreadable
Read = Callable[[Sequence[Wanted]], Answer]

# Answers stored in one transaction: large enough for a feed, small enough to lose little when a worker dies.
STROKE = 1000


def parts_of(source: Source, wanted: Sequence[Wanted]) -> list[Sequence[Wanted]]:
    """What is read by one call of the source each: all of it, or one request's worth when several may be under way."""
    if source.answers_for_all or source.parallel < 2 or len(wanted) <= source.items_per_request:
        return [wanted]
    size = source.items_per_request
    return [wanted[start : start + size] for start in range(0, len(wanted), size)]


def strokes(items: Iterator[Said]) -> Iterator[list[Said]]:
    """The items in strokes; what came before a failure is handed on before the failure is raised."""
    failure: SourceError | None = None
    while failure is None:
        stroke, failure = _taken(items, STROKE)
        if stroke:
            yield stroke
        if failure is None and len(stroke) < STROKE:
            return
    raise failure


def strokes_of_parts(read: Read, parts: Sequence[Sequence[Wanted]], *, parallel: int) -> Iterator[list[Said]]:
    """Read the parts with so many threads and hand on what they said, in strokes as it comes.

    The first failure keeps the parts that have not begun from beginning: a host that is down or busy is left alone.
    What the others still said is handed on before it is raised. The threads see neither database nor models.
    """
    stop = threading.Event()
    failure: BaseException | None = None
    gathered: list[Said] = []
    with ThreadPoolExecutor(parallel, thread_name_prefix="asking") as threads:
        # All are queued at once, so that the merchant is asked on while a stroke is being stored.
        running = [threads.submit(_read_part, read, part, stop) for part in parts]
        try:
            for future in as_completed(running):
                said, error = future.result()
                gathered += said
                failure = failure or error
                if len(gathered) >= STROKE:
                    yield gathered
                    gathered = []
        finally:
            stop.set()  # whoever stops listening lets nobody begin
    if gathered:
        yield gathered
    if failure is not None:
        raise failure


def _read_part(read: Read, part: Sequence[Wanted], stop: threading.Event) -> tuple[list[Said], BaseException | None]:
    if stop.is_set():
        return [], None
    try:
        said, failure = _taken(read(part).items, None)
    except SourceError as error:
        said, failure = [], error
    except Exception as error:
        stop.set()
        return [], error
    if failure is not None:
        stop.set()
    return said, failure


def _taken(items: Iterator[Said], most: int | None) -> tuple[list[Said], SourceError | None]:
    """Up to `most` items, and the failure that ended them. Not `list`: that would lose what came before it."""
    said: list[Said] = []
    try:
        for item in islice(items, most):
            said.append(item)  # noqa: PERF402
    except SourceError as error:
        return said, error
    return said, None
