"""What the site holds when the drill begins, and what editors add to it while it goes on. Needs Django set up."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from catalog.http import WebDoor
from catalog.models import FeedImport, Merchant, Offer, ProductCode
from catalog.services import feed_imports
from partners.models import Webhook
from readers.models import Issue
from reviews.models import Article
from reviews.services.comment_follows import all_of
from reviews.services.roles import keep_roles
from tests.chaos.drill.outside import FEED, FEED_ITEM, PAGE_ITEM, PAGES
from tests.factories import make_comment, make_link, make_merchant, make_offer, make_product, make_published_article
from tests.readers.subscribers import scheduled, subscribe

SUBSCRIBERS, FOLLOWERS = 40, 12
IMPORTED, OF_IMPORT = 20, 400
# A price of the merchant whose pages are read may be shown for so long.
LICENCE = timedelta(seconds=12)
LINK = "drill-link"
_COLUMNS = ("id", "title", "price", "availability", "condition", "link", "gtin")
_SUB_ID = {"parameter": "ref", "value": "us", "sub_id_parameter": "subid"}


@dataclass(frozen=True, slots=True)
class Stock:
    """`article`: of whose comments followers hear. `quiet`: the address of one that nothing changes. `feed_page`,
    `licensed_page`: pages that show the price of `FEED_ITEM` and of `PAGE_ITEM`, of these offers."""

    article: Article
    quiet: str
    commented: tuple[int, ...]
    feed_page: str
    licensed_page: str
    feed_offer: int
    licensed_offer: int


def fill(merchant_at: str, partner_at: str) -> Stock:
    """Host and port of the shop and of a partner's machine, as the worker reaches them."""
    keep_roles()
    Webhook.objects.create(
        name="Partner", address=f"http://{partner_at}/hooks", kinds=["import.finished", "price.changed"]
    )
    common = {"hosts": [merchant_at], "requests_per_minute": 60_000, "refresh_every": timedelta(seconds=10)}
    feed_url = f"http://{merchant_at}/feed.tsv"
    feed = make_merchant(
        "Feed",
        source="merchant_feed",
        source_settings={"feed_url": feed_url},
        network_settings=_SUB_ID,
        api_allowed=True,
        **common,
    )
    read = {"source": "page_markup", "source_settings": {"robots": "ignore"}, "max_price_age": LICENCE}
    pages = make_merchant("Pages", **read, **common)
    shown = {sku: make_product(f"Shown {sku}") for sku in (FEED_ITEM, PAGE_ITEM)}
    crowd = make_product("Crowd")
    for merchant, kind, count in ((feed, "feed", FEED), (pages, "page", PAGES)):
        for number in range(count):
            sku = f"{kind}-{number}"
            make_offer(shown.get(sku, crowd), merchant, merchant_sku=sku, url=f"http://{merchant_at}/p/{sku}")
    offers = {sku: Offer.objects.get(merchant_sku=sku) for sku in shown}
    for sku, offer in offers.items():
        make_link(offer, code=LINK if sku == FEED_ITEM else f"{LINK}-2")
    _imported_products()
    articles = [make_published_article(f"article-{number}") for number in range(5)]
    subscribe(SUBSCRIBERS)
    _followers(articles[0])
    return Stock(
        article=articles[0],
        quiet=articles[1].get_absolute_url(),
        commented=tuple(one.pk for one in articles[2:]),
        feed_page=shown[FEED_ITEM].get_absolute_url(),
        licensed_page=shown[PAGE_ITEM].get_absolute_url(),
        feed_offer=offers[FEED_ITEM].pk,
        licensed_offer=offers[PAGE_ITEM].pk,
    )


def _followers(article: Article) -> None:
    from readers.models import Consent, Reader

    now = timezone.now()
    topic = all_of(article)
    for number in range(FOLLOWERS):
        reader = Reader.objects.create(address=f"follower{number}@mail.example", confirmed_at=now)
        said = {"wording": "Yes.", "wording_version": 1, "asked_at": now, "confirmed_at": now}
        Consent.objects.create(reader=reader, topic=topic.key, label=topic.label, **said)


def _gtin(number: int) -> str:
    digits = f"400{number:09d}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str((10 - weighed % 10) % 10)


def _imported_products() -> None:
    make_merchant("Import", hosts=["import.example"])
    for number in range(IMPORTED):
        product = make_product(f"Import X{number}")
        ProductCode.objects.create(product=product, scheme="gtin", value=_gtin(number))


# --- what is added ---------------------------------------------------------------------------------------------


def import_price(number: int, row: int) -> Decimal:
    """What the file of the import with this number says of a row."""
    return Decimal(300 + row % 97) + Decimal(number) / 100


def begin_import(number: int, folder: Path) -> int:
    """A file of new items of known products, handed to the workers. Gives the import's key."""
    path = folder / f"import-{number}.csv"
    with path.open("w", newline="") as file:
        written = csv.writer(file)
        written.writerow(_COLUMNS)
        for row in range(OF_IMPORT):
            sku, product = f"import-{number}-{row}", row % IMPORTED
            price = f"{import_price(number, row)} USD"
            link = f"https://import.example/p/{sku}"
            written.writerow((sku, f"Acme Import X{product}", price, "in stock", "new", link, _gtin(product)))
    with path.open("rb") as file:
        uploaded = UploadedFile(file, name="feed.csv", size=path.stat().st_size)
        merchant = Merchant.objects.get(slug="import")
        begun: FeedImport = feed_imports.start_import(merchant=merchant, uploaded=uploaded, url="", by="drill")
    feed_imports.detect(feed_import=begun, door=WebDoor(user_agent="drill"))
    begun.refresh_from_db()
    feed_imports.queue_import(feed_import=begun)
    return begun.pk


def begin_issue(number: int) -> int:
    issue: Issue = scheduled(subject=f"Letter {number}")
    return issue.pk


def news_for_followers(stock: Stock, number: int) -> None:
    """A comment that a moderator has shown, of which the followers hear."""
    make_comment(stock.article, f"Something new, number {number}.", written_at=timezone.now())
