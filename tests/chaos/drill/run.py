"""One scenario after the other on one site: the load goes on, the trouble comes and goes, the site comes to rest, and
all that was promised is looked at. Needs Django set up."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
from django.core.management import call_command
from django.db import Error
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from catalog import tasks
from config import embedded
from reviews.tasks import make_picture_sizes
from tests.chaos.drill import evidence, stock
from tests.chaos.drill.invariants import Facts, Outcome, Window, judged, slowest, unsure
from tests.chaos.drill.load import LICENSED, PRICED, Answer, Load
from tests.chaos.drill.outside import Outside, outside
from tests.chaos.drill.plant import WEBS, Plant, wait_for
from tests.chaos.drill.scenario import Scenario
from tests.chaos.drill.watch import MetricsWatch, PriceWatch
from tests.factories import make_picture

# The shop changes all its prices so often, and is asked as often.
PRICES_CHANGE_SECONDS = 2.5
RECOVERY_SECONDS, REST_SECONDS, FINAL_SECONDS = 90.0, 90.0, 12.0
Final = tuple[Answer, Decimal | None]
_DUE = "UPDATE catalog_offer SET next_check_at = now() - interval '1 minute' WHERE merchant_sku ~ '^(feed|page)-'"


@dataclass(frozen=True, slots=True)
class Played:
    """`told`: whether `/metrics` said what is promised, None where nothing is. `slowest`: of all answers of `/go/`, in
    seconds. `restarts`: of each part."""

    scenario: str
    proves: str
    outcomes: dict[str, Outcome]
    told: bool | None
    unsure: int
    slowest: float
    restarts: dict[str, int]
    trouble_seconds: float
    recovery_seconds: float

    @property
    def is_well(self) -> bool:
        return self.told is not False and not any(outcome.wrong for outcome in self.outcomes.values())


class Shopkeeper:
    """The shop's prices change, and the site is told to look, as an impatient editor would."""

    def __init__(self, beyond: Outside) -> None:
        self._merchant = beyond.merchant
        self._goes, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="shopkeeper", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._over.wait(PRICES_CHANGE_SECONDS):
            if not self._goes.is_set():
                continue
            self._merchant.version += 1
            with suppress(psycopg.Error), psycopg.connect(embedded.database_url(), connect_timeout=3) as line:
                line.execute("SET statement_timeout = '3s'")
                line.execute(_DUE)
            with suppress(OperationalError, RedisError, OSError):
                tasks.refresh_due_offers.apply_async(expires=10, retry=False)

    def go_on(self) -> None:
        self._goes.set()

    def rest(self) -> None:
        self._goes.clear()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(10)


@dataclass
class Drill:
    """`folder`: empty; holds everything the site stores, and each part's log."""

    plant: Plant
    beyond: Outside
    stock: stock.Stock
    load: Load
    prices: PriceWatch
    shopkeeper: Shopkeeper
    seed: int
    imports: dict[int, int] = field(default_factory=dict)
    _asked: int = 0

    def play(self, scenario: Scenario, seconds: float) -> Played:
        starts = self.plant.starts()
        window, seen = self._trouble(scenario, seconds)
        facts = self.facts(window)
        evidence.make_room_for_comments()
        return Played(
            scenario=scenario.name,
            proves=scenario.proves,
            outcomes=judged(facts),
            told=None if scenario.told is None else scenario.told(seen),
            unsure=unsure(facts),
            slowest=slowest(facts),
            restarts={name: now - starts[name] for name, now in self.plant.starts().items() if now > starts[name]},
            trouble_seconds=window.over - window.begun,
            recovery_seconds=window.recovered - window.over,
        )

    def _trouble(self, scenario: Scenario, seconds: float) -> tuple[Window, MetricsWatch]:
        evidence.begin_anew()
        self._asked = len(self.load.answers)
        self.shopkeeper.go_on()
        self.load.go_on()
        number = len(self.imports)
        stock.news_for_followers(self.stock, number)
        evidence.news_is_due()
        stock.begin_issue(number)
        self.imports[number] = stock.begin_import(number, self.plant.folder)
        if scenario.name.endswith("pictures"):
            make_picture_sizes.delay(make_picture(f"Picture {number}").pk)
        seen = MetricsWatch(self.plant.ports["web 0"])
        begun = time.monotonic()
        with scenario.befall(self.plant, random.Random(f"{self.seed} {scenario.name}"), seconds):
            pass
        over = time.monotonic()
        seen.stop()
        wait_for(lambda: not self._ailments(), RECOVERY_SECONDS)
        window = Window(begun, over, time.monotonic(), scenario.may_lag, scenario.may_refuse)
        time.sleep(2)  # as it is after it: under load
        return window, seen

    def _ailments(self) -> list[str]:
        away = [f"{name} is away." for name, part in self.plant.parts.items() if not part.pids()]
        ports = self.plant.ports
        return away or [f"{web} is not ready." for web in WEBS if not evidence.is_ready(ports[web])]

    def facts(self, window: Window) -> Facts:
        """When everything has come to rest, or will not."""
        self.shopkeeper.rest()
        self.load.rest()
        left = self._come_to_rest()
        return self.facts_now(window, left, [*self._final(PRICED), *self._final(LICENSED)])

    def facts_now(self, window: Window, left: Sequence[str] = (), final: Sequence[Final] = ()) -> Facts:
        """As it is. `left`: what should have happened and has not; `final`: what pages say in the end."""
        time.sleep(1)  # until the price watch has seen what these pages show
        beyond = self.beyond
        return Facts(
            window=window,
            answered=list(self.load.clicks),
            stored=evidence.stored_clicks(),
            said=evidence.said(beyond.merchant, self.imports),
            prices=evidence.stored_prices(),
            answers=self.load.answers[self._asked :],
            sights={
                PRICED: self.prices.sights[self.stock.feed_offer],
                LICENSED: self.prices.sights[self.stock.licensed_offer],
            },
            licence_seconds=stock.LICENCE.total_seconds(),
            final=final,
            copies=list(evidence.letters()),
            mails=beyond.post.copies(),
            written=list(self.load.comments),
            comments=evidence.comment_rows(),
            imports=evidence.import_rows(self.imports),
            told=evidence.told(),
            heard=Counter(beyond.partner.ids),
            health=[*self._ailments(), *(f"In the end there are {one}." for one in left)],
        )

    def _come_to_rest(self) -> list[str]:
        answered: list[UUID] = self.load.clicks
        end, rounds = time.monotonic() + REST_SECONDS, 0
        while True:
            left = ["no answers of the services"]
            with suppress(Error, OperationalError, RedisError, OSError):
                left = evidence.unrest(self.beyond.merchant, answered)
                if not left:
                    return []
                if rounds % 6 == 2:
                    evidence.time_passes()
                if rounds % 3 == 0:
                    evidence.hurry(self.beyond.merchant)
            evidence.begin_anew()
            if time.monotonic() > end:
                return left
            rounds += 1
            time.sleep(0.7)

    def _final(self, kind: str) -> Iterator[Final]:
        offer, path = {
            PRICED: (self.stock.feed_offer, self.stock.feed_page),
            LICENSED: (self.stock.licensed_offer, self.stock.licensed_page),
        }[kind]
        for web in WEBS:
            end = time.monotonic() + FINAL_SECONDS
            while True:
                if kind == LICENSED:
                    self._look_again(offer)
                amount = evidence.amount_of(offer)
                answer = self.load.ask_now(kind, web, path)
                if amount in answer.amounts or time.monotonic() > end:
                    break
                time.sleep(1)
            yield answer, amount

    def _look_again(self, offer: int) -> None:
        """Its licence is short: without a new look nothing may be shown."""
        with psycopg.connect(embedded.database_url()) as line:
            line.execute("UPDATE catalog_offer SET next_check_at = now() - interval '1 minute' WHERE id = %s", [offer])
        with suppress(OperationalError, RedisError, OSError):
            tasks.refresh_due_offers.apply_async(expires=10)


@contextmanager
def drill(folder: Path, seed: int, say: Callable[[str], None]) -> Iterator[Drill]:
    """A site under load, in this folder. What it needs of the environment: `plant.own_environment`."""
    plant = Plant(folder, seed)
    with outside() as beyond:
        try:
            say("PostgreSQL and Redis")
            plant.begin_services()
            say("tables")
            call_command("migrate", verbosity=0)
            plant.wire(beyond.targets)
            stocked = stock.fill(plant.merchant_at(), plant.partner_at())
            say("web, worker, beat, shipper")
            plant.begin()
            made = Drill(
                plant=plant,
                beyond=beyond,
                stock=stocked,
                load=Load(plant.ports, stocked, seed),
                prices=PriceWatch((stocked.feed_offer, stocked.licensed_offer)),
                shopkeeper=Shopkeeper(beyond),
                seed=seed,
            )
            try:
                if not wait_for(lambda: not made._ailments(), RECOVERY_SECONDS):
                    raise RuntimeError(f"The site did not come up; look into the logs in {folder}.")
                made.load.begin()
                made.shopkeeper.go_on()
                if not wait_for(made.load.has_kept_pages, RECOVERY_SECONDS):
                    raise RuntimeError(f"Pages are not kept; look into the logs in {folder}.")
                yield made
            finally:
                made.shopkeeper.stop()
                made.load.stop()
                made.prices.stop()
        finally:
            evidence.begin_anew()
            plant.end()
