"""How is a part of the site troubled, for so many seconds? Leaving a trouble makes everything possible again."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from redis import Redis

from config import embedded
from tests.chaos.drill.clocks import clock_of, jump
from tests.chaos.drill.plant import Plant, wait_for
from tests.chaos.drill.wires import Mode

# It befalls the site as it is entered, with the dice of its scenario, and lasts so many seconds.
Trouble = Callable[[Plant, random.Random, float], AbstractContextManager[None]]


@contextmanager
def calm(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
    time.sleep(seconds)
    yield


def killed(*names: str, times: int = 2, with_what: signal.Signals = signal.SIGKILL) -> Trouble:
    """Again and again, at moments of chance; started again each time as a container's host does."""

    @contextmanager
    def befall(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
        for _ in range(times):
            time.sleep(dice.uniform(0.2, 0.8) * seconds / times)
            for name in names:
                plant.signal(name, with_what)
            wait_for(plant.all_alive, 60)
        yield

    return befall


@contextmanager
def child_killed(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
    for _ in range(3):
        time.sleep(seconds / 3)
        if children := plant.pids("worker")[1:]:
            plant.signal_one(dice.choice(children), signal.SIGKILL)
    yield


@contextmanager
def beat_away(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
    plant.kept_down.add("beat")
    plant.kill("beat")
    try:
        time.sleep(seconds)
        yield
    finally:
        plant.kept_down.discard("beat")


def paused(*names: str) -> Trouble:
    @contextmanager
    def befall(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
        stopped = [pid for name in names for pid in plant.pids(name)]
        try:
            for pid in stopped:
                plant.signal_one(pid, signal.SIGSTOP)
            time.sleep(seconds)
            yield
        finally:
            for pid in stopped:
                plant.signal_one(pid, signal.SIGCONT)

    return befall


def wired(mode: Mode, *wires: str, value: float = 0.0) -> Trouble:
    @contextmanager
    def befall(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
        try:
            for wire in wires:
                plant.wires.turn(wire, mode, value)
            time.sleep(seconds)
            yield
        finally:
            for wire in wires:
                plant.wires.turn(wire, Mode.OPEN)

    return befall


def _redis() -> Redis:
    return Redis.from_url(embedded.redis_url())


@contextmanager
def redis_emptied(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
    for _ in range(3):
        time.sleep(seconds / 3)
        with _redis() as redis:
            redis.flushall()
    yield


@contextmanager
def redis_out_of_memory(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
    try:
        with _redis() as redis:
            redis.config_set("maxmemory", "1mb")
        time.sleep(seconds)
        yield
    finally:
        with _redis() as redis:
            redis.config_set("maxmemory", "0")


def full(disk: str, *killed: str) -> Trouble:
    """`killed`: who has to begin a new file for it to be felt."""

    @contextmanager
    def befall(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
        try:
            plant.disks.fill(disk)
            for name in killed:
                plant.kill(name)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                plant.disks.fill(disk)  # what was shipped or tidied meanwhile made room
                time.sleep(0.1)
            yield
        finally:
            plant.disks.empty(disk)

    return befall


def clock(*names: str, jumps: Sequence[str]) -> Trouble:
    """The clock of these parts jumps while they run; the others' stays."""

    @contextmanager
    def befall(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
        jump(plant.folder, "+0")
        plant.restart(*names, clock=clock_of(plant.folder))
        try:
            for one in jumps:
                jump(plant.folder, one)
                time.sleep(seconds / len(jumps))
            yield
        finally:
            plant.restart(*names)

    return befall


@contextmanager
def names_fail(plant: Plant, dice: random.Random, seconds: float) -> Iterator[None]:
    plant.names.fail(True)
    try:
        time.sleep(seconds)
        yield
    finally:
        plant.names.fail(False)
