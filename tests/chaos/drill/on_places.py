"""Scenarios that befall what programs stand on: memory, disks, clocks, names."""

from __future__ import annotations

from tests.chaos.drill.scenario import Scenario
from tests.chaos.drill.told import STOPPED
from tests.chaos.drill.troubles import clock, full, names_fail, redis_emptied, redis_out_of_memory

ON_PLACES: tuple[Scenario, ...] = (
    Scenario(name="redis-emptied", proves="Everything in Redis is gone, three times.", befall=redis_emptied),
    Scenario(
        name="redis-out-of-memory",
        proves="Redis refuses to write.",
        befall=redis_out_of_memory,
        may_lag=True,
        told=STOPPED,
    ),
    Scenario(
        name="disk-full-spool",
        proves="Clicks wait in memory; no redirect fails.",
        befall=full("spool", "web 0"),
        may_refuse=True,
        told=lambda seen: seen.smallest("spool_free_bytes") < 100_000,
        needs="root",
    ),
    Scenario(
        name="disk-full-pictures",
        proves="A picture’s sizes are made when there is room.",
        befall=full("media"),
        needs="root",
    ),
    Scenario(
        name="disk-full-postgres",
        proves="The database cannot write; what failed is done again.",
        befall=full("cluster"),
        may_lag=True,
        needs="root",
    ),
    Scenario(
        name="clocks-jump",
        proves="Clocks of a web process and the shipper jump by hours, days and years.",
        befall=clock("web 0", "shipper", jumps=("-2s", "+1h", "+40d", "-400d", "+70y", "+0")),
        may_refuse=True,
        may_lag=True,
        needs="faketime",
    ),
    Scenario(
        name="worker-clock-behind",
        proves="The worker believes it is an hour ago.",
        befall=clock("worker", jumps=("-1h", "+0")),
        may_lag=True,
        needs="faketime",
    ),
    Scenario(
        name="names-fail",
        proves="No name of another part can be looked up.",
        befall=names_fail,
        may_lag=True,
        needs="root",
    ),
)
