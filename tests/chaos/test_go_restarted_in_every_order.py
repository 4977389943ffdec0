"""Everything is killed with -9 and started again, in each order there is: redirects come back as soon as their web host
does, and every click is stored once (L18)."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.test_go_while_everything_is_killed import STORED, Readers, Site, kill
from tests.chaos.test_go_without_services import wait_until

pytestmark = pytest.mark.chaos

SERVICES = {"postgres": "postgres", "redis": "valkey-server"}
STARTS = {
    "postgres": "from config.embedded.postgres import Postgres; Postgres().start()",
    "redis": "from config.embedded.redis import Redis; Redis().start()",
}
URLS = """
from config import embedded
print(embedded.database_url())
print(embedded.redis_url())
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Its services are servers of their own, as in production: no process brings them back but who starts them."""
    made = Site(tmp_path)
    try:
        made.begin()
        for process in (*made.webs, *made.shippers):
            kill(process)
        database, redis = made.run(URLS).split()
        made.environment |= {"DATABASE_URL": database, "REDIS_URL": redis}
        yield made
    finally:
        for process in (*made.webs, *made.shippers):
            kill(process)
        for program in SERVICES.values():
            made.kill_service(program)
        made.log.close()


def start(site: Site, part: str) -> None:
    if part in STARTS:
        site.run(STARTS[part])
    elif part == "web":
        site.webs = [site.web(0)]
    else:
        site.shippers = [site.shipper(0)]


def kill_everything(site: Site) -> None:
    for process in (*site.webs, *site.shippers):
        kill(process)
    killed = [process for program in SERVICES.values() for process in site.kill_service(program)]
    # PostgreSQL starts beside no process of its old number, not even a dead one that nobody has asked for yet. Their
    # parents are dead too, so that the system asks for them.
    wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in killed))


def test_everything_comes_back_in_whatever_order_it_is_started(site: Site) -> None:
    kill_everything(site)
    readers = Readers(site.ports[0])
    for order in itertools.permutations(["postgres", "redis", "web", "shipper"]):
        for part in order:
            start(site, part)
            if part == "web":
                readers.go_on()  # whatever else is there by now
        time.sleep(0.3)  # a shipper that found its services gone has had time to begin
        kill_everything(site)

    answered = readers.stop()
    for part in ("postgres", "redis", "shipper"):
        start(site, part)
    wait_until(lambda: not [*site.spools[0].glob("*.clicks")])
    stored = Counter(site.run(STORED).split())
    assert readers.wrong == []
    assert len(answered) >= 24 * 20
    assert {str(name) for name in answered} <= stored.keys()
    assert set(stored.values()) == {1}
