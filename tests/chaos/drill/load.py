"""Readers, clickers and writers of comments, who remember what they were answered."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from catalog.clicks.ids import click_id
from tests.chaos.drill.stock import LINK, Stock

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
# Who waits longer has left; so has a load balancer.
PATIENCE_SECONDS = 8.0
NO_ANSWER, HUNG = 0, -1
KEPT, PRICED, LICENSED, GO, OTHER = "kept", "priced", "licensed", "go", "other"
_AMOUNT = re.compile(r"\b\d{3}\.\d\d\b")
_SUB_ID = re.compile(r"[?&]subid=(\w{26})$")


@dataclass(frozen=True, slots=True)
class Answer:
    """`status`: of HTTP, or `NO_ANSWER` (refused, reset), or `HUNG`. `asked`: by the monotonic clock; `asked_at`: by
    the other. `amounts`: what in a page looks like a price."""

    kind: str
    web: str
    path: str
    asked: float
    asked_at: float
    took: float
    status: int
    amounts: frozenset[Decimal] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """A comment and the answer to it."""

    text: str
    status: int


class Load:
    """Threads that go on until `stop`; between `rest` and `go_on` they ask for nothing."""

    def __init__(self, ports: Mapping[str, int], stock: Stock, seed: int) -> None:
        self._ports, self._stock, self._seed = ports, stock, seed
        self.answers: list[Answer] = []
        self.clicks: list[UUID] = []
        self.comments: list[Written] = []
        self._over = threading.Event()
        self._goes = threading.Event()
        self._busy = 0
        self._lock = threading.Lock()
        self._numbers = iter(range(1_000_000))
        works: Sequence[tuple[Callable[[str, random.Random], None], str, float]] = [
            *((self._click, web, 0.03) for web in ports),
            *((self._read, web, 0.05) for web in ports),
            (self._wander, "web 0", 0.5),
            (self._comment, "web 1", 0.8),
        ]
        self._threads = [
            threading.Thread(target=self._work, args=(*work, number), name=f"load {number}", daemon=True)
            for number, work in enumerate(works)
        ]

    def begin(self) -> None:
        self._goes.set()
        for thread in self._threads:
            thread.start()

    def rest(self) -> None:
        """Returns when the last of them has its answer."""
        self._goes.clear()
        while self._busy:
            time.sleep(0.02)

    def go_on(self) -> None:
        self._goes.set()

    def stop(self) -> None:
        self._over.set()
        self._goes.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(PATIENCE_SECONDS * 3)

    def _work(self, what: Callable[[str, random.Random], None], web: str, pause: float, number: int) -> None:
        dice = random.Random(f"{self._seed} {number}")
        while not self._over.is_set():
            self._goes.wait()
            with self._lock:
                self._busy += 1
            try:
                if self._goes.is_set():
                    what(web, dice)
            finally:
                with self._lock:
                    self._busy -= 1
            time.sleep(pause * dice.uniform(0.5, 1.5))

    def _ask(
        self, kind: str, web: str, path: str, *, form: Mapping[str, str] | None = None, **headers: str
    ) -> tuple[Answer, str, str]:
        """The answer, its body and where it leads."""
        client = http.client.HTTPConnection("127.0.0.1", self._ports[web], timeout=PATIENCE_SECONDS)
        asked, asked_at, body, leads = time.monotonic(), time.time(), "", ""
        sent = {"Host": "127.0.0.1", "User-Agent": FIREFOX, **headers}
        try:
            if form is None:
                client.request("GET", path, headers=sent)
            else:
                client.request(
                    "POST", path, urlencode(form), {**sent, "Content-Type": "application/x-www-form-urlencoded"}
                )
            found = client.getresponse()
            body, leads = found.read().decode(errors="replace"), found.getheader("Location", "")
            status = found.status
        except TimeoutError:
            status = HUNG
        except (OSError, http.client.HTTPException):
            status = NO_ANSWER
        finally:
            client.close()
        amounts = frozenset(map(Decimal, _AMOUNT.findall(body))) if kind in (PRICED, LICENSED) else frozenset()
        answer = Answer(kind, web, path, asked, asked_at, time.monotonic() - asked, status, amounts)
        self.answers.append(answer)
        return answer, body, leads

    def _click(self, web: str, dice: random.Random) -> None:
        agent = ROBOT if dice.random() < 0.05 else FIREFOX
        network = f"10.{dice.randrange(250)}.{dice.randrange(250)}.1"
        answer, _, leads = self._ask(GO, web, f"/go/{LINK}/", **{"User-Agent": agent, "X-Forwarded-For": network})
        if answer.status != 302 or agent == ROBOT:
            return
        found = _SUB_ID.search(leads)
        name = click_id(found[1]) if found else None
        if name is not None:
            self.clicks.append(name)

    def _read(self, web: str, dice: random.Random) -> None:
        stock = self._stock
        kind, path = dice.choice(
            [
                (KEPT, stock.quiet),
                (KEPT, "/disclosure/"),
                (PRICED, stock.feed_page),
                (LICENSED, stock.licensed_page),
            ]
        )
        self._ask(kind, web, path)

    def _wander(self, web: str, dice: random.Random) -> None:
        paths = [
            "/",
            "/products/",
            "/products/?q=shown",
            "/choose/",
            f"{self._stock.article.get_absolute_url()}comments/",
        ]
        self._ask(OTHER, web, dice.choice(paths))

    def _comment(self, web: str, dice: random.Random) -> None:
        text = f"Drill comment number {next(self._numbers)}."
        form = {"name": "Robin", "email": "", "text": text, "website": ""}
        network = f"10.{dice.randrange(250)}.{dice.randrange(250)}.7"
        answer, _, _ = self._ask(
            OTHER,
            web,
            f"/comments/write/{dice.choice(self._stock.commented)}/",
            form=form,
            **{"X-Forwarded-For": network},
        )
        self.comments.append(Written(text, answer.status))

    def has_kept_pages(self) -> bool:
        """Whether each web process has given out each page that must not fail several times: it is ready there."""
        given = Counter((one.web, one.path) for one in self.answers if one.kind == KEPT and one.status == 200)
        return len(given) == 2 * len(self._ports) and min(given.values()) >= 3

    def ask_now(self, kind: str, web: str, path: str) -> Answer:
        """By whoever checks, beside the load."""
        return self._ask(kind, web, path)[0]
