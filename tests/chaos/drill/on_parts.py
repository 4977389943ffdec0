"""Scenarios that befall a program: killed, paused, away."""

from __future__ import annotations

import signal

from tests.chaos.drill.scenario import Scenario
from tests.chaos.drill.told import NO_PRICES, NO_QUEUE, STOPPED, either
from tests.chaos.drill.troubles import beat_away, calm, child_killed, killed, paused

ON_PARTS: tuple[Scenario, ...] = (
    Scenario(name="calm", proves="The load itself does no harm.", befall=calm),
    Scenario(
        name="postgres-killed",
        proves="A crash of the database, twice, in the middle of everything.",
        befall=killed("postgres"),
        may_lag=True,
        told=NO_PRICES,
    ),
    Scenario(
        name="postgres-recovers",
        proves="An immediate shutdown, after which it replays its log.",
        befall=killed("postgres", with_what=signal.SIGQUIT, times=3),
        may_lag=True,
        told=NO_PRICES,
    ),
    Scenario(
        name="redis-killed",
        proves="The broker and the pages’ store end twice.",
        befall=killed("redis"),
        may_lag=True,
        told=either(NO_QUEUE, STOPPED),
    ),
    Scenario(name="worker-killed", proves="Refreshes, imports and letters break off.", befall=killed("worker")),
    Scenario(
        name="worker-child-killed",
        proves="One process of the worker dies in its task, three times.",
        befall=child_killed,
    ),
    Scenario(name="beat-killed", proves="The timetable begins anew.", befall=killed("beat")),
    Scenario(
        name="beat-away",
        proves="Nothing is due for a while; who writes carries changes to pages himself.",
        befall=beat_away,
        told=STOPPED,
    ),
    Scenario(
        name="shipper-killed",
        proves="Clicks wait in the spool, and none is shipped twice.",
        befall=killed("shipper", times=3),
    ),
    Scenario(
        name="web-killed",
        proves="One of two web processes dies; its clicks are on the disk.",
        befall=killed("web 0"),
        may_refuse=True,
    ),
    Scenario(
        name="postgres-paused",
        proves="The database hangs, and nobody is told.",
        befall=paused("postgres"),
        may_lag=True,
        told=NO_PRICES,
    ),
    Scenario(
        name="redis-paused",
        proves="Redis hangs, and nobody is told.",
        befall=paused("redis"),
        may_lag=True,
        told=either(NO_QUEUE, STOPPED),
    ),
    Scenario(
        name="worker-paused",
        proves="The worker hangs and goes on as if nothing had been.",
        befall=paused("worker"),
        told=STOPPED,
    ),
    Scenario(name="beat-paused", proves="The timetable hangs.", befall=paused("beat"), told=STOPPED),
    Scenario(
        name="shipper-paused",
        proves="The shipper hangs with the lock of the spool in its hand.",
        befall=paused("shipper"),
    ),
    Scenario(
        name="web-paused",
        proves="One of two web processes hangs.",
        befall=paused("web 0"),
        may_refuse=True,
        told=lambda seen: bool(seen.unanswered),
    ),
    Scenario(
        name="all-killed",
        proves="A power cut of all of it, but the disks.",
        befall=killed("postgres", "redis", "web 0", "web 1", "worker", "beat", "shipper", times=1),
        may_lag=True,
        may_refuse=True,
    ),
)
