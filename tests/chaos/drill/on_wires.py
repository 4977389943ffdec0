"""Scenarios that befall the network between two parts."""

from __future__ import annotations

from tests.chaos.drill.scenario import Scenario
from tests.chaos.drill.told import NO_PRICES, NO_QUEUE, STOPPED, either, letters_wait
from tests.chaos.drill.troubles import wired
from tests.chaos.drill.wires import Mode

ON_WIRES: tuple[Scenario, ...] = (
    Scenario(
        name="postgres-slow",
        proves="30 ms more for each answer of the database.",
        befall=wired(Mode.SLOW, "web-postgres", "worker-postgres", "shipper-postgres", value=0.03),
    ),
    Scenario(
        name="postgres-lossy",
        proves="One in a hundred pieces ends its connection.",
        befall=wired(Mode.LOSSY, "web-postgres", "worker-postgres", "shipper-postgres", value=0.01),
        may_lag=True,
    ),
    Scenario(
        name="postgres-half-open",
        proves="Connections whose other end forgot them.",
        befall=wired(Mode.HALF_OPEN, "web-postgres", "worker-postgres", "shipper-postgres"),
        may_lag=True,
        told=NO_PRICES,
    ),
    Scenario(
        name="redis-slow",
        proves="30 ms more for each answer of Redis.",
        befall=wired(Mode.SLOW, "web-redis", "worker-redis", "beat-redis", value=0.03),
    ),
    Scenario(
        name="redis-lossy",
        proves="One in fifty pieces ends its connection.",
        befall=wired(Mode.LOSSY, "web-redis", "worker-redis", "beat-redis", value=0.02),
        may_lag=True,
    ),
    Scenario(
        name="redis-half-open",
        proves="Connections whose other end forgot them.",
        befall=wired(Mode.HALF_OPEN, "web-redis", "worker-redis", "beat-redis"),
        may_lag=True,
        told=either(NO_QUEUE, STOPPED),
    ),
    Scenario(
        name="cut-web-postgres",
        proves="Kept pages and links go on.",
        befall=wired(Mode.CUT, "web-postgres"),
        told=NO_PRICES,
    ),
    Scenario(
        name="cut-web-redis",
        proves="Pages are made by Django, and are true.",
        befall=wired(Mode.CUT, "web-redis"),
        told=NO_QUEUE,
    ),
    Scenario(
        name="cut-worker-postgres",
        proves="Work fails, and is done again.",
        befall=wired(Mode.CUT, "worker-postgres"),
        may_lag=True,
    ),
    Scenario(
        name="cut-worker-redis",
        proves="The worker loses its broker, and finds it again.",
        befall=wired(Mode.CUT, "worker-redis"),
        may_lag=True,
        told=STOPPED,
    ),
    Scenario(name="cut-shipper-postgres", proves="Clicks wait.", befall=wired(Mode.CUT, "shipper-postgres")),
    Scenario(name="cut-beat-redis", proves="The timetable waits.", befall=wired(Mode.CUT, "beat-redis"), told=STOPPED),
    Scenario(
        name="cut-worker-mail",
        proves="Letters wait, and none goes twice.",
        befall=wired(Mode.CUT, "worker-mail"),
        told=letters_wait,
    ),
    Scenario(
        name="mail-lossy",
        proves="The mail server breaks off in the middle of letters.",
        befall=wired(Mode.LOSSY, "worker-mail", value=0.05),
    ),
    Scenario(
        name="cut-worker-partner",
        proves="Messages to partners’ machines wait, and are sent again.",
        befall=wired(Mode.CUT, "worker-partner"),
    ),
    Scenario(
        name="partner-lossy",
        proves="A partner’s machine breaks off: it hears again of what it may have heard.",
        befall=wired(Mode.LOSSY, "worker-partner", value=0.2),
    ),
    Scenario(
        name="cut-worker-merchant",
        proves="Prices get old, are hidden in time, and come back.",
        befall=wired(Mode.CUT, "worker-merchant"),
    ),
    Scenario(
        name="merchant-silent",
        proves="A shop that takes the question and says nothing.",
        befall=wired(Mode.SILENT, "worker-merchant"),
    ),
)
