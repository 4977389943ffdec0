"""Are the columns of real feeds understood, and is no price among them read as another one?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from catalog.feeds import unpacked
from catalog.prices.text import read_price
from catalog.services.feed_imports.detecting import Found, feed_rows, look
from catalog.services.feed_imports.fields import suggested
from catalog.services.feed_imports.rows import Reader, RowError

pytestmark = pytest.mark.real_data

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def opened(shared: Path, name: str) -> BinaryIO:
    return cast(BinaryIO, unpacked((shared / "fixtures" / name).open("rb"), 10**8))


def reader_for(found: Found, currency: str = "") -> Reader:
    mapping = suggested(found.layout.columns, found.sample)
    return Reader(
        found.layout, mapping, currency=currency or found.currency, read_at=NOW, refuse_target=lambda url: None
    )


@pytest.mark.parametrize(
    "name",
    [
        "google-merchant/avernasstore_sek.xml",
        "google-merchant/criteo_sample_g_namespace.xml",
        "google-merchant/facebook_dpa_rss.xml",
        "google-merchant/google_example_two_items.xml",
        "prisjakt-spec/xml_full.xml",
        "prisjakt-spec/xml_min.xml",
    ],
)
def test_a_google_feed_gives_its_ids_prices_and_words(shared: Path, name: str) -> None:
    expected = json.loads((shared / "fixtures" / "expected-feeds.json").read_text())[name]
    with opened(shared, name) as file:
        found = look(file, was_sheet=False, country="US")
        reader = reader_for(found)
        rows = [row for row in feed_rows(file, found.layout) if isinstance(row, list)]
    assert len(rows) == expected["items"]
    by_id = {reader.sku(cells): cells for cells in rows}
    for wanted in expected["rows"]:  # of the longest feed, some
        cells = by_id[wanted["id"]]
        price = reader.price(cells)
        assert price is not None
        # The periods of the sales in these files are long over.
        assert price.amount == read_price(wanted["price_raw"]).amount
        assert price.currency == read_price(wanted["price_raw"]).currency
        reading = reader.described(cells, wanted["id"], price)
        assert reading.condition.value == wanted["condition"]
        assert reading.availability.value.replace("_", "") == wanted["availability"].replace("_", "")
        assert reading.url.startswith("http")


@pytest.mark.parametrize(
    ("name", "amount", "currency"),
    [
        ("awin/rows_dafiti_old_price_with_currency.csv", "199.90", "BRL"),
        ("awin/rows_amazonliss_crlf_no_final_newline.csv.gz", "19.99", "USD"),
    ],
)
def test_an_awin_feed_gives_the_search_price(shared: Path, name: str, amount: str, currency: str) -> None:
    with opened(shared, name) as file:
        found = look(file, was_sheet=False, country="US")
        reader = reader_for(found)
        cells = next(row for row in feed_rows(file, found.layout) if isinstance(row, list))
    price = reader.price(cells)
    assert price is not None
    assert (price.amount, price.currency) == (Decimal(amount), currency)


def test_nonsense_in_every_column_is_read_or_refused_row_by_row(shared: Path) -> None:
    with opened(shared, "awin/data_feed.csv") as file:
        found = look(file, was_sheet=False, country="US")
        reader = reader_for(found)
        rows = [row for row in feed_rows(file, found.layout) if isinstance(row, list)]
    assert len(rows) == 10
    first = reader.price(rows[0])
    assert first is not None
    assert (first.amount, first.currency) == (Decimal(75), "EUR")
    for cells in rows:
        try:
            reader.described(cells, reader.sku(cells), reader.price(cells))
        except RowError as error:
            assert error.field in {"sku", "price", "currency", "condition", "url"}  # noqa: PT017
