"""Two who look on: what each watched offer costs and when that was read; and what `/metrics` says."""

from __future__ import annotations

import re
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import psycopg

from config import embedded
from tests.chaos.drill.plant import METRICS_TOKEN

_EVERY = 0.2
_ROWS = "SELECT id, amount, extract(epoch FROM seen_at)::float8 FROM catalog_offer WHERE id = ANY(%s)"
_LINE = re.compile(r"^earmark_(\S+?)(?:_total)? (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sight:
    """An offer as it was first found to be at this time of the monotonic clock; `read_at` is its `seen_at`."""

    found: float
    amount: Decimal | None
    read_at: float | None


class PriceWatch:
    """Asks PostgreSQL itself, five times a second, past every wire. While it is away nothing can change."""

    def __init__(self, offers: Sequence[int]) -> None:
        self._offers = list(offers)
        self.sights: dict[int, list[Sight]] = {offer: [] for offer in offers}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="price watch", daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.is_set():
            try:
                with psycopg.connect(embedded.database_url(), autocommit=True, connect_timeout=5) as line:
                    while not self._over.wait(_EVERY):
                        for offer, amount, read_at in line.execute(_ROWS, [self._offers]).fetchall():
                            self._note(offer, amount, read_at)
            except psycopg.Error:
                self._over.wait(_EVERY)

    def _note(self, offer: int, amount: Decimal | None, read_at: float | None) -> None:
        seen = self.sights[offer]
        if not seen or (seen[-1].amount, seen[-1].read_at) != (amount, read_at):
            seen.append(Sight(time.monotonic(), amount, read_at))

    def stop(self) -> None:
        self._over.set()
        self._thread.join(10)


class MetricsWatch:
    """Asks a web process once a second, as Prometheus does. `asked`, `unanswered`: how often, and how often in vain."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/metrics"
        self.samples: list[Mapping[str, float]] = []
        self.unanswered = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="metrics watch", daemon=True)
        self._thread.start()

    def _look(self) -> None:
        request = urllib.request.Request(self._address, headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        while not self._over.wait(1):
            try:
                with urllib.request.urlopen(request, timeout=3) as answer:
                    text = answer.read().decode()
            except OSError:
                self.unanswered += 1
                continue
            self.samples.append({name: float(value) for name, value in _LINE.findall(text)})

    def largest(self, name: str) -> float:
        return max((sample.get(name, 0.0) for sample in self.samples), default=0.0)

    def smallest(self, name: str) -> float:
        return min((sample[name] for sample in self.samples if name in sample), default=1.0)

    def stop(self) -> None:
        self._over.set()
        self._thread.join(10)
