"""Feeds that the tests of imports write, and the imports made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.http import WebDoor
from catalog.models import FeedImport, Merchant, ProductCode
from catalog.services import feed_imports
from tests.factories import make_product

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HEADER = ("id", "title", "brand", "gtin", "mpn", "price", "availability", "condition", "link")
GTIN = "4006381333931"
OTHER_GTIN = "4006381333948"
NO_DOOR = WebDoor(user_agent="tests")


def row(sku: str, **cells: str) -> list[str]:
    """One item of shop.example; everything but the id has a default."""
    said = {
        "id": sku,
        "title": f"Thing {sku}",
        "brand": "",
        "gtin": "",
        "mpn": "",
        "price": "99.00 USD",
        "availability": "in stock",
        "condition": "new",
        "link": f"https://shop.example/p/{sku}",
    } | cells
    return [said[name] for name in HEADER]


def table(*rows: Sequence[str], header: Sequence[str] = HEADER, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    written = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    written.writerow(header)
    written.writerows(rows)
    return text.getvalue().encode()


def started(merchant: Merchant, content: bytes, name: str = "feed.csv") -> FeedImport:
    uploaded = SimpleUploadedFile(name, content)
    return feed_imports.start_import(merchant=merchant, uploaded=uploaded, url="", by="anna")


def detected(merchant: Merchant, content: bytes, name: str = "feed.csv") -> FeedImport:
    return feed_imports.detect(feed_import=started(merchant, content, name), door=NO_DOOR)


def queued(merchant: Merchant, content: bytes, *, now: datetime = NOW) -> FeedImport:
    """Uploaded at `now`, mapped as suggested, handed to a worker."""
    feed_import = detected(merchant, content)
    feed_import.sample["read_at"] = now.isoformat()
    feed_import.save()
    feed_imports.queue_import(feed_import=feed_import)
    return feed_import


def ran(merchant: Merchant, content: bytes, *, now: datetime = NOW) -> FeedImport:
    """Uploaded at `now`, mapped as suggested, run to its end."""
    feed_import = queued(merchant, content, now=now)
    done = feed_imports.run_import(feed_import_id=feed_import.pk, now=now)
    assert done is not None
    return done


def known_product(model: str = "One", *, gtin: str = "", mpn: str = "", asin: str = "", brand: str = "Acme") -> int:
    """The id of a product with these codes."""
    product = make_product(model, brand=brand)
    for scheme, value in (("gtin", gtin), ("mpn", mpn), ("asin", asin)):
        if value:
            ProductCode.objects.create(product=product, scheme=scheme, value=value)
    return product.pk
