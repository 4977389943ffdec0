"""How are the next rows read while the database works on the last ones? By a thread that stays two batches ahead."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from sys import getswitchinterval, setswitchinterval
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
_AHEAD = 2
_LOOK_EVERY = 0.2
# Whoever waits for the database must not wait five more milliseconds for the interpreter each time it has answered.
_SWITCH = 0.0005
# Rows are made and dropped by the hundred thousand and hold no circles: looking for some took a quarter of the time.
_COLLECT = (100_000, 20, 100)


@contextmanager
def read_ahead(next_one: Callable[[int], T | None]) -> Iterator[Iterator[T]]:
    """What `next_one(0)`, `next_one(1)` … return until None, in order; what they raise is raised here, in its place.

    `next_one` runs in the thread and must not touch the database. The thread has ended when the block is left.
    """
    ready: Queue[T | BaseException | None] = Queue(maxsize=_AHEAD)
    stop = Event()

    def put(thing: T | BaseException | None) -> None:
        while not stop.is_set():
            try:
                ready.put(thing, timeout=_LOOK_EVERY)
                return
            except Full:
                continue

    def work() -> None:
        number = 0
        try:
            while not stop.is_set():
                one = next_one(number)
                put(one)
                if one is None:
                    return
                number += 1
        except BaseException as error:
            put(error)

    former, thresholds = getswitchinterval(), gc.get_threshold()
    setswitchinterval(_SWITCH)
    gc.set_threshold(*_COLLECT)
    thread = Thread(target=work, name="rows-ahead", daemon=True)
    thread.start()
    try:
        yield _taken(ready, thread)
    finally:
        stop.set()
        thread.join()
        setswitchinterval(former)
        gc.set_threshold(*thresholds)


def _taken(ready: Queue[T | BaseException | None], thread: Thread) -> Iterator[T]:
    while True:
        try:
            one = ready.get(timeout=_LOOK_EVERY * 5)
        except Empty:
            if not thread.is_alive() and ready.empty():
                raise RuntimeError("The reading thread ended without a word.") from None
            continue
        if one is None:
            return
        if isinstance(one, BaseException):
            raise one
        yield one
