"""What is beyond the site: a shop that remembers its prices, a mail server and a partner's machine that keep all.

They listen on loopback in this process; the site reaches them over wires.
"""

from __future__ import annotations

import contextlib
import threading
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from email import message_from_bytes

from demo.mail_server import Letter, running
from tests.catalog.shop import Visit, open_shop
from tests.partners.receivers import Receiver, open_receiver

FEED, PAGES = 40, 6
# The items whose prices are looked for on pages: one of each way to read them.
FEED_ITEM, PAGE_ITEM = "feed-0", "page-0"
# So long the mail server thinks about each letter, so that troubles meet issues that are under way.
THINKS_SECONDS = 0.02
_PAGE = """<!doctype html><script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product",
"name": "Item {sku}", "sku": "{sku}", "offers": {{"@type": "Offer", "price": "{price}", "priceCurrency": "USD",
"availability": "https://schema.org/InStock", "itemCondition": "https://schema.org/NewCondition"}}}}</script>"""


def amount(sku: str, version: int) -> Decimal:
    """No two versions of an item cost the same, and none leaps so far that a second look would be waited for."""
    return Decimal(200 + zlib.crc32(sku.encode()) % 300) + Decimal(version * 3) / 100


class Merchant:
    """`version` of all prices; `said`: every amount that was told of an item, by its number at the merchant's."""

    def __init__(self) -> None:
        self.version = 0
        self.said: defaultdict[str, set[Decimal]] = defaultdict(set)

    def price(self, sku: str) -> Decimal:
        said = amount(sku, self.version)
        self.said[sku].add(said)
        return said

    def feed(self, visit: Visit) -> None:
        """It comes in drips, so that troubles meet it half read."""
        lines = ["id\ttitle\tprice\tavailability\tcondition"]
        lines += [f"feed-{n}\tItem\t{self.price(f'feed-{n}')} USD\tin stock\tnew" for n in range(FEED)]
        body = "\n".join(lines).encode()
        visit.start(content_length=str(len(body)), content_type="text/tab-separated-values")
        for start in range(0, len(body), 512):
            visit.wfile.write(body[start : start + 512])
            time.sleep(0.05)

    def page(self, visit: Visit) -> None:
        sku = visit.path.rpartition("/")[2]
        visit.answer(_PAGE.format(sku=sku, price=self.price(sku)).encode(), content_type="text/html")


@dataclass(frozen=True, slots=True)
class Mail:
    message_id: str
    address: str


class Post:
    """Every letter the mail server took, in the order it took them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mails: list[Mail] = []

    def take(self, letter: Letter) -> None:
        found = str(message_from_bytes(letter.content)["Message-ID"] or "")
        with self._lock:
            self._mails += [Mail(found, address) for address in letter.recipients]
        time.sleep(THINKS_SECONDS)

    def copies(self) -> Counter[Mail]:
        with self._lock:
            return Counter(self._mails)


@dataclass(frozen=True, slots=True)
class Outside:
    merchant: Merchant
    post: Post
    partner: Receiver
    # Where they listen, as `plant.REACHES` names them.
    targets: dict[str, str]


@contextlib.contextmanager
def outside() -> Iterator[Outside]:
    merchant, post = Merchant(), Post()
    with open_shop() as shop, running(post.take) as port, open_receiver() as partner:
        shop.serves("/feed.tsv", merchant.feed)
        shop.serves("/p", merchant.page)
        targets = {"merchant": shop.host, "mail": f"127.0.0.1:{port}", "partner": partner.host}
        yield Outside(merchant, post, partner, targets)
