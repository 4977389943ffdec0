"""Every captured page of a real merchant is read right or refused: never silently wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog.reading import Availability, Reading
from tests.catalog.sources.pages import ask, page

pytestmark = pytest.mark.real_data

# What the examples without an expectation of their own say, read by hand; every other one holds no single price.
BY_HAND = {
    "a.html": ("155.55", "AUD"),
    "product.html": ("119.99", "USD"),
    "product-ref.html": ("119.99", "USD"),
    "product_microdata.html": ("119.99", "USD"),
    "#eg-0010": ("55.00", "USD"),
    "#eg-0462": ("6.99", "USD"),
    "#eg-0173": ("13.00", "USD"),
    "issue-3563": ("15", "USD"),
}
Case = tuple[str, bytes, str, Mapping[str, Any]]


def cases(fixtures: Path) -> Iterator[Case]:
    for folder in ("merchant-pages-peb", "merchant-pages-metascraper"):
        for one in json.loads((fixtures / folder / "expected.json").read_text()):
            yield one["file"], gzip.decompress((fixtures / folder / one["file"]).read_bytes()), one["url"], one
    for one in json.loads((fixtures / "changedetection" / "snippets.json").read_text())["items"]:
        yield one["id"], one["html"].encode(), "https://shop.example/p", one
    for path in [fixtures / "changedetection" / "a.html", *sorted((fixtures / "extruct").glob("*.html"))]:
        yield path.name, path.read_bytes(), "https://shop.example/p", by_hand(path.name)
    examples = json.loads((fixtures / "schema-org" / "product_offer_examples.json").read_text())
    for one in examples["from_examples_txt"] + examples["from_issue_files"]:
        name = (one.get("types") or one["file"]).split()[0]
        yield name, page(one["jsonld"]).encode(), "https://shop.example/p", by_hand(name)


def by_hand(name: str) -> Mapping[str, Any]:
    amount, currency = BY_HAND.get(name, (None, None))
    return {"price": amount, "currency": currency}


def test_no_page_is_silently_wrong(shared: Path) -> None:
    right, refused, wrong = [], [], []
    for name, body, url, expected in cases(shared / "fixtures"):
        said = ask(body, url=url)
        if not isinstance(said, Reading):
            refused.append(f"{name}: {said.reason}")
        elif expected["price"] and (said.amount, said.currency) == (Decimal(expected["price"]), expected["currency"]):
            right.append(name)
        else:
            wrong.append((name, said.amount, said.currency, expected["price"], expected["currency"]))
    print(f"right {len(right)}, refused {len(refused)}, wrong {len(wrong)}", *refused, sep="\n  ")
    assert wrong == []
    assert len(right) >= 28


def test_no_page_is_said_to_be_in_stock_that_is_not(shared: Path) -> None:
    for name, body, url, expected in cases(shared / "fixtures"):
        said = ask(body, url=url)
        if isinstance(said, Reading) and expected.get("availability") and said.availability is not Availability.UNKNOWN:
            assert said.availability.value == expected["availability"], name
