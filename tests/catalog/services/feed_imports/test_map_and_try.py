"""Is a mapping checked before anything runs, and does a dry run say what will happen without doing it?"""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import DoubtfulMatch, FeedImport, ImportProblem, Offer
from catalog.services import feed_imports
from catalog.services.feed_imports import ImportError_
from tests.catalog.services.feed_imports.feeds import GTIN, NOW, detected, known_product, ran, row, table
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


def mapped(feed_import: FeedImport, **changes: Any) -> list[str]:
    said = {
        "format": feed_import.format,
        "encoding": feed_import.encoding,
        "delimiter": feed_import.delimiter,
        "currency": feed_import.currency,
        "mapping": feed_import.mapping,
    } | changes
    return feed_imports.set_mapping(feed_import=feed_import, **said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mapping": {"url": "link"}}, "Merchant SKU: choose the column"),
        ({"mapping": {"sku": "id"}}, "Page at the merchant: choose the column"),
        ({"mapping": {"sku": "id", "url": "gone"}}, "There is no column “gone”"),
        ({"mapping": {"sku": "id", "url": "id"}}, "used for two fields"),
        ({"mapping": {"sku": "id", "url_template": "https://shop.example/p"}}, "must hold {sku}"),
        ({"mapping": {"sku": "id", "url_template": "https://evil.example/{sku}"}}, "not an address of Shop"),
        ({"currency": "XXY"}, "not an ISO 4217 currency"),
        ({"currency": "DEM"}, "withdrawn"),
        ({"currency": ""}, "which currency"),
        ({"encoding": "klingon"}, "no known encoding"),
        ({"delimiter": "x"}, "no delimiter"),
        ({"format": "pdf"}, "no format"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_mapping_is_said_and_what_was_typed_is_kept(changes: dict[str, Any], said: str) -> None:
    feed_import = detected(make_merchant(), table(row("A1")))
    problems = mapped(feed_import, **changes)
    assert any(said in problem for problem in problems), problems
    if "mapping" in changes:
        feed_import.refresh_from_db()
        assert feed_import.mapping == changes["mapping"]
        with pytest.raises(ImportError_):
            feed_imports.queue_import(feed_import=feed_import)


def test_another_delimiter_reads_the_sample_anew() -> None:
    feed_import = detected(make_merchant(), b"id;a|link\nA1;x|https://shop.example/1\n")
    assert mapped(feed_import, delimiter="|", mapping={"sku": "id;a", "url": "link"}) == []
    assert feed_import.sample["columns"] == ["id;a", "link"]


def test_a_dry_run_counts_and_explains_and_writes_nothing() -> None:
    product = known_product("WH-1000XM5", gtin=GTIN)
    feed_import = detected(
        make_merchant(),
        table(
            row("A1", gtin=GTIN),
            row("A2", brand="Acme", title="Acme WH 1000XM5"),
            row("A3"),
            row("A4", gtin=GTIN, price="about 10"),
            row("A5", gtin=GTIN, price="9.00 EUR"),
        ),
    )
    report = feed_imports.dry_run(feed_import=feed_import, now=feed_import.created_at)
    counts = (report.rows, report.matched, report.doubtful, report.unknown, report.refused, report.held)
    assert counts == (5, 2, 1, 1, 1, 1)
    assert (report.offers_new, report.offers_known, report.is_whole) == (2, 0, True)
    problem = report.problems[0]
    assert (problem["row"], problem["field"], problem["raw"]) == (5, "Price", "about 10")
    assert report.examples["matched"][0]["product"] == product
    assert report.examples["doubtful"][0]["candidates"][0]["product_name"] == "Acme WH-1000XM5"
    feed_import.refresh_from_db()
    assert feed_import.report == report.as_json()
    for model in (Offer, DoubtfulMatch, ImportProblem):
        assert not model._default_manager.exists()


def test_a_dry_run_says_the_same_as_the_run(django_assert_num_queries: Any) -> None:
    known_product(gtin=GTIN)
    feed = table(*(row(f"A{number}", gtin=GTIN if number % 2 else "") for number in range(20)))
    feed_import = detected(make_merchant(), feed)
    report = feed_imports.dry_run(feed_import=feed_import, now=NOW)
    done = ran(make_merchant("Other", hosts=["shop.example"]), feed)
    assert (report.matched, report.unknown) == (done.rows_matched, done.rows_unknown)


def test_another_mapping_begins_the_import_anew() -> None:
    known_product(gtin=GTIN)
    feed_import = ran(make_merchant(), table(row("A1", gtin=GTIN)))
    FeedImport.objects.update(state="failed")
    feed_import.refresh_from_db()
    assert mapped(feed_import) == []
    feed_imports.queue_import(feed_import=feed_import)
    done = feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW)
    assert done is not None
    assert (done.position, done.rows_matched) == (1, 1)
