"""Do readers of a kept page notice that fifty networks flood its article with comments?"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.figures import Figure
from bench.pages import published, warm
from bench.servers import Load, generator, granian, load

ROUNDS = 5
SECONDS = 6
NETWORKS = 50
# Of each network: a person needs a minute for what comes here every second.
APART = 1.0
GOAL = 0.7
# Every comment says something else, in all rounds: the same words again would be refused more cheaply.
_numbers = itertools.count()


def figures(folder: Path) -> list[Figure]:
    """`flooded_page` and, where wrk is installed, `flooded_page_p99`. Rounds with and without a flood alternate."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    path = published()
    quiet: list[Load] = []
    flooded: list[Load] = []
    told: Counter[int] = Counter()
    with granian("config.wsgi:application", log=folder / "flood.log", environment={"BEHIND_PROXY": "1"}) as site:
        warm(site + path, "gzip")
        for _ in range(ROUNDS):
            quiet.append(_asked(site + path))
            article = _without_comments(path)
            with _flood(site, article, told):
                flooded.append(_asked(site + path))
    ratio = statistics.median(one.per_second / other.per_second for one, other in zip(flooded, quiet, strict=True))
    found = [
        Figure(
            name="flooded_page",
            ratio=round(ratio, 3),
            goal=GOAL,
            ok=ratio >= GOAL,
            unit="times the requests per second of the same page without the flood",
            note=(
                f"a kept page under granian, 2 workers, {generator()} with 16 connections, while {NETWORKS} networks "
                f"send a comment on it every {APART:g} s each: {_answers(told)}; {ROUNDS} alternating rounds of "
                f"{SECONDS} s, medians {_median(flooded):,.0f} and {_median(quiet):,.0f} requests/s"
            ),
        )
    ]
    return [*found, *_tail(flooded, quiet)]


def _tail(flooded: list[Load], quiet: list[Load]) -> list[Figure]:
    """Beside each other, for the record: a goal of a tail would be one of the machine's."""
    with_flood, without = (statistics.median(one.p99 for one in rounds) for rounds in (flooded, quiet))
    if not without:
        return []
    return [
        Figure(
            name="flooded_page_p99",
            ratio=round(with_flood / without, 2),
            goal=0,
            ok=True,
            unit="times the time within which 99 of 100 answers come, with the flood to without (less is better)",
            note=f"the same rounds, medians {with_flood:.1f} and {without:.1f} ms",
        )
    ]


def _answers(told: Counter[int]) -> str:
    names = {302: "taken", 429: "refused by rate", 503: "refused because too many wait", 0: "not answered in time"}
    said = (f"{number:,} {names.get(status, f'answered {status}')}" for status, number in sorted(told.items()))
    return ", ".join(said)


def _median(rounds: list[Load]) -> float:
    return statistics.median(one.per_second for one in rounds)


def _asked(address: str) -> Load:
    return load(address, seconds=SECONDS, headers={"Accept-Encoding": "gzip"})


def _without_comments(path: str) -> int:
    """Take out what the round before brought, so that each begins with an empty queue; the article's id."""
    from reviews.models import Article, Comment

    article = Article.objects.get(slug=path.strip("/").rpartition("/")[2])
    Comment.objects.filter(article=article).delete()
    return article.pk


@contextlib.contextmanager
def _flood(site: str, article: int, told: Counter[int]) -> Iterator[None]:
    """From each network a comment at a time while the block runs; what each was answered is counted in `told`."""
    is_over = threading.Event()

    def send(network: int) -> None:
        # The first second's are spread over it: not even a crowd presses its buttons in the same instant.
        is_over.wait(APART * network / NETWORKS)
        while not is_over.is_set():
            began = time.monotonic()
            told[_comment(site, article, f"10.1.0.{network + 1}")] += 1
            is_over.wait(max(0.0, APART - (time.monotonic() - began)))

    senders = [threading.Thread(target=send, args=(number,)) for number in range(NETWORKS)]
    for one in senders:
        one.start()
    try:
        yield
    finally:
        is_over.set()
        for one in senders:
            one.join()


def _comment(site: str, article: int, network: str) -> int:
    """The status of the answer; 0 where none came."""
    server = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
    words = f"Number {next(_numbers)} of a flood: mine creak after a year, and the pads flake."
    form = urlencode({"name": "Flood", "email": "", "text": words, "website": ""})
    head = {"X-Forwarded-For": network, "Content-Type": "application/x-www-form-urlencoded"}
    with contextlib.closing(server):
        try:
            server.request("POST", f"/comments/write/{article}/", form, head)
            answer = server.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        return answer.status
