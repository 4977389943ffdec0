"""What is found out about a file, and what is said about one that cannot be used?"""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_httpserver import HTTPServer

from catalog.http import WebDoor
from catalog.models import FeedImport
from catalog.services import feed_imports
from catalog.services.feed_imports import ImportError_
from tests.catalog.services.feed_imports.feeds import GTIN, HEADER, NO_DOOR, detected, row, started, table
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db

XML = (
    '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>'
    "<item><g:id>A1</g:id><title>T</title><link>https://shop.example/1</link><g:price>9.00 EUR</g:price>"
    "<g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping></item></channel></rss>"
)


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def sheet(*rows: list[str]) -> bytes:
    """The least that is a spreadsheet."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>" for cells in rows
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table_of_cells = f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return zipped(
        **{
            "[Content_Types].xml": f'<Types xmlns="{types}"/>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" '
            'r:id="r1"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": table_of_cells.encode(),
        }
    )


@pytest.mark.parametrize(
    ("content", "kind", "delimiter"),
    [
        (table(row("A1"), row("A2")), "csv", ","),
        (table(row("A1", title="a, b"), row("A2"), delimiter=";"), "csv", ";"),
        (table(row("A1"), row("A2"), delimiter="|"), "csv", "|"),
        (table(row("A1"), row("A2"), delimiter="\t"), "tsv", "\t"),
        (gzip.compress(table(row("A1"), row("A2"))), "csv", ","),
        (zipped(**{"feed.csv": table(row("A1"), row("A2"))}), "csv", ","),
        (sheet(list(HEADER), row("A1"), row("A2")), "xlsx", ","),
    ],
    ids=["comma", "semicolon", "bar", "tab", "gzip", "zip", "Excel"],
)
def test_a_table_is_recognised_however_it_is_cut_or_packed(content: bytes, kind: str, delimiter: str) -> None:
    found = detected(make_merchant(), content)
    assert (found.format, found.delimiter, found.rows_total) == (kind, delimiter, 2)
    assert found.sample["columns"] == list(HEADER)
    assert found.sample["rows"][0][0] == "A1"
    assert found.mapping["sku"] == "id"
    assert found.currency == "USD"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("windows-1252", "windows-1252")],
)
def test_the_encoding_is_told_by_the_bytes(encoding: str, found: str) -> None:
    content = table(row("A1", title="Kopfhörer Ø"), row("A2")).decode().encode(encoding)
    feed_import = detected(make_merchant(), content)
    assert feed_import.encoding == found
    assert feed_import.sample["rows"][0][1] == "Kopfhörer Ø"


def test_an_old_encoding_is_the_one_of_the_merchants_country() -> None:
    content = table(row("A1", title="Słuchawki"), row("A2")).decode().encode("windows-1250")
    feed_import = detected(make_merchant(country="PL"), content)
    assert feed_import.sample["rows"][0][1] == "Słuchawki"


def test_xml_gives_paths_to_what_is_nested_and_shipping_is_not_the_price() -> None:
    found = detected(make_merchant(), XML.encode())
    assert (found.format, found.rows_total, found.currency) == ("xml", 1, "EUR")
    assert (found.mapping["price"], found.mapping["shipping"]) == ("price", "shipping/price")


def test_json_lines_are_read_with_paths_and_exact_numbers() -> None:
    lines = (
        b'{"id": "A1", "price": {"value": 19.90, "currency": "EUR"}, "link": "https://shop.example/1"}\n{"id": "A2"}\n'
    )
    found = detected(make_merchant(), lines)
    assert (found.format, found.rows_total) == ("jsonl", 2)
    assert found.sample["rows"][0][1] == "19.90"
    assert (found.mapping["price"], found.mapping["currency"]) == ("price/value", "price/currency")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["aw_deep_link", "merchant_product_id", "search_price", "store_price", "rrp_price", "product_price_old"],
            {"sku": "merchant_product_id", "price": "search_price", "url": "aw_deep_link"},
        ),
        (
            ["Artikelnummer", "Bezeichnung", "Hersteller", "Preis (EUR)", "Währung", "Verfügbarkeit", "Produktlink"],
            {
                "sku": "Artikelnummer",
                "title": "Bezeichnung",
                "brand": "Hersteller",
                "price": "Preis (EUR)",
                "currency": "Währung",
                "availability": "Verfügbarkeit",
                "url": "Produktlink",
            },
        ),
        (
            ["référence", "nom", "marque", "prix", "disponibilité", "lien"],
            {
                "sku": "référence",
                "title": "nom",
                "brand": "marque",
                "price": "prix",
                "availability": "disponibilité",
                "url": "lien",
            },
        ),
        (["g:id", "g:price", "g:link"], {"sku": "g:id", "price": "g:price", "url": "g:link"}),
    ],
    ids=["Awin", "German", "French", "Google"],
)
def test_columns_are_suggested_by_their_names(header: list[str], expected: dict[str, str]) -> None:
    feed_import = detected(make_merchant(), table(["1"] * len(header), header=header))
    assert feed_import.mapping == expected


def test_a_header_below_a_title_line_is_found_and_rows_are_numbered_as_in_the_file() -> None:
    content = b"Product list,,\n\nid,price,link\nA1,from 9,https://shop.example/1\n"
    feed_import = detected(make_merchant(), content)
    assert feed_import.sample["columns"] == ["id", "price", "link"]
    report = feed_imports.dry_run(feed_import=feed_import, now=feed_import.created_at)
    assert [problem["row"] for problem in report.problems] == [4]


def test_a_table_without_a_header_has_numbered_columns() -> None:
    feed_import = detected(make_merchant(), b"A1,9.00,https://shop.example/1\nA2,8.00,https://shop.example/2\n")
    assert feed_import.sample["columns"] == ["column 1", "column 2", "column 3"]
    assert len(feed_import.sample["rows"]) == 2


def test_columns_of_one_name_are_told_apart() -> None:
    feed_import = detected(make_merchant(), b"id,price,price,link\nA1,9,8,https://shop.example/1\n")
    assert feed_import.sample["columns"] == ["id", "price", "price (2)", "link"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n \n", "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (table(), "header but no rows"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "old Excel"),
        (gzip.compress(table(row("A1")))[:-20], "cut short"),
        (b"PK\x03\x04broken", "damaged"),
        (b"7z\xbc\xaf'\x1c", "packed in a way"),
        (zipped(a=b"1", b=b"2"), "2 files"),
        (zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b"0" * 50_000_000}), "unpacks to 47 MB"),
        (b"," * 20_000 + b"\n" + b"," * 20_000, "20,001 columns"),
        (b"a" * 2_000_000, "longer than 1 MB"),
        (b"<rss><a></rss>", "breaks"),
        (b"<rss>nothing</rss>", "no items"),
    ],
    ids=[
        "blank",
        "web page",
        "header only",
        "xls",
        "cut gzip",
        "broken zip",
        "7z",
        "two files",
        "swollen sheet",
        "columns",
        "one line",
        "bad XML",
        "no items",
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(ImportError_, match=said):
        detected(make_merchant(), content)
    assert said in FeedImport.objects.get().error


def test_a_bomb_is_stopped_while_it_grows(settings: Any) -> None:
    settings.IMPORT_MAX_MB = 2
    with pytest.raises(ImportError_, match="unpacks to more than 2 MB"):
        detected(make_merchant(), gzip.compress(b"0" * 50_000_000))


def test_entities_of_xml_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    bomb = (
        f'<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY f SYSTEM "file://{secret}">]>'
        "<rss><item><id>&f;&a;</id><price>1&a;0 EUR</price><link>https://shop.example/1</link></item></rss>"
    )
    found = detected(make_merchant(), bomb.encode())
    assert "hidden" not in str(found.sample["rows"])
    assert found.sample["rows"][0][1] == "1 <…> 0 EUR"


def test_too_large_an_upload_is_refused_before_it_is_stored(settings: Any) -> None:
    settings.IMPORT_MAX_MB = 1
    with pytest.raises(ImportError_, match="larger than the 1 MB allowed"):
        started(make_merchant(), b"0" * 1_100_000)
    assert not FeedImport.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\feeds\\feed.csv", "fe\x00ed.csv"])
def test_the_uploads_own_name_is_never_a_path(name: str) -> None:
    feed_import = feed_imports.start_import(
        merchant=make_merchant(), uploaded=SimpleUploadedFile("x", b"id,price\n"), url="", by="anna"
    )
    from catalog.services.feed_imports.files import clean_name

    assert "/" not in clean_name(name)
    assert "\\" not in clean_name(name)
    assert "\0" not in clean_name(name)
    assert feed_import.file.name.endswith(".upload")


@pytest.mark.parametrize("url", ["ftp://shop.example/feed", "file:///etc/passwd", "shop.example/feed"])
def test_only_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(ImportError_, match="https://"):
        feed_imports.start_import(merchant=make_merchant(), uploaded=None, url=url, by="anna")


def test_a_feed_at_an_address_is_fetched_once_and_kept(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/feed").respond_with_data(gzip.compress(table(row("A1", gtin=GTIN))))
    door = WebDoor(user_agent="tests", allowed_private=frozenset({f"{httpserver.host}:{httpserver.port}"}))
    feed_import = feed_imports.start_import(
        merchant=make_merchant(), uploaded=None, url=httpserver.url_for("/feed"), by="anna"
    )
    feed_imports.detect(feed_import=feed_import, door=door)
    feed_imports.detect(feed_import=feed_import, door=door)
    assert (feed_import.format, feed_import.rows_total) == ("csv", 1)


def test_a_feed_that_cannot_be_fetched_is_said_without_its_address(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data("no", status=403)
    door = WebDoor(user_agent="tests", allowed_private=frozenset({f"{httpserver.host}:{httpserver.port}"}))
    feed_import = feed_imports.start_import(
        merchant=make_merchant(), uploaded=None, url=httpserver.url_for("/feed?key=secret"), by="anna"
    )
    with pytest.raises(ImportError_, match="answered 403") as failure:
        feed_imports.detect(feed_import=feed_import, door=door)
    assert "secret" not in str(failure.value)


def test_a_private_address_is_never_fetched() -> None:
    feed_import = feed_imports.start_import(
        merchant=make_merchant(), uploaded=None, url="http://127.0.0.1:9/feed", by="anna"
    )
    with pytest.raises(ImportError_, match="never read from"):
        feed_imports.detect(feed_import=feed_import, door=NO_DOOR)
