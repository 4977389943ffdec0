"""Payloads through the doors by which files and other machines come in: what they bring stays words."""

from __future__ import annotations

import contextlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from catalog.models import FeedImport, Postback, Product, ReportFile
from catalog.services.feed_imports import run_import
from catalog.services.network_accounts import postback_path
from catalog.services.postbacks import process_postback as process
from catalog.services.report_files import read_file, store_file, store_later
from reviews.desk.moving_in.links import Shop
from reviews.desk.moving_in.pictures import nowhere
from reviews.desk.moving_in.site import exported as exported_site
from reviews.desk.moving_in.site import move_in
from reviews.exported_articles import exported
from reviews.models import Article, Comment
from reviews.wordpress.short_links import pretty_links
from reviews.wordpress.wxr import read
from tests.factories import make_account, make_article, make_author, make_merchant, make_product
from tests.reviews.wordpress.exports import comment, export, item
from tests.xss.corpus import FAMILIES, PAYLOADS, packed
from tests.xss.reading import everything_read_back, seen_by_readers
from tests.xss.world import blocks_of_every_kind

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def _poisoned(value: Any, key: str = "") -> Any:
    """The same value with every text in it replaced, but for what says what the rest is."""
    if isinstance(value, dict):
        return {name: _poisoned(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(one, key) for one in value]
    if isinstance(value, str) and key in (
        "title",
        "standfirst",
        "text",
        "html",
        "question",
        "answer",
        "note",
        "caption",
        "source",
        "seo_title",
        "seo_description",
        "pros",
        "cons",
        "criterion",
    ):
        payload = packed(max(len(value), 60), len(key) * 5 + len(value))
        return f"<p>Words {payload}</p>" if key == "html" else payload
    return value  # fmt: skip


def test_an_article_file(admin_client: Client) -> None:
    make_article("file", blocks=blocks_of_every_kind())
    told = _poisoned(json.loads(exported(Article.objects.all())))
    Article.objects.all().delete()
    url = reverse("admin:reviews_article_import")
    file = SimpleUploadedFile('"><img src=x onerror=pwned=1>.json', json.dumps(told).encode())
    tried = admin_client.post(url, {"file": file, "updates": "on"})
    pages = [tried]
    if tried.context and tried.context.get("token"):
        pages.append(admin_client.post(url, {"token": tried.context["token"]}, follow=True))
    assert Article.objects.exists(), [moved.problems for moved in tried.context["moved"]]
    assert everything_read_back(admin_client, pages) == []
    assert seen_by_readers() == []


@pytest.mark.parametrize("payload", PAYLOADS[::5])
def test_an_article_file_that_is_all_wrong_is_quoted_as_words(admin_client: Client, payload: str) -> None:
    url = reverse("admin:reviews_article_import")
    told = {
        "format": payload,
        "version": payload,
        payload: [payload],
        "articles": [{"slug": payload, payload: payload}],
    }
    for body in (json.dumps(told), payload, json.dumps([payload])):
        answer = admin_client.post(url, {"file": SimpleUploadedFile("a.json", body.encode()), "updates": "on"})
        assert everything_read_back(admin_client, [answer], alone=True) == []


def test_a_wordpress_export(admin_client: Client) -> None:
    posts = [
        item(
            number + 1,
            title=escape(packed(120, number)),
            slug=f"post-{number}",
            html="".join(f"<p>{payload}</p>" for payload in family).replace("]]>", ""),
            excerpt=packed(200, number * 3).replace("]]>", ""),
            comments="".join(
                comment(number * 100 + place, payload.replace("]]>", ""), name=payload[:60].replace("]]>", ""),
                        website=escape(payload, {'"': "&quot;"}))
                for place, payload in enumerate(family)
            ),
        )
        for number, family in enumerate(FAMILIES.values())
    ]  # fmt: skip
    clean = "".join(posts).translate({1: None})  # XML knows no such character: the file would not be read at all
    links = "slug,url,name\n" + "\n".join(f'"go/{n}","{p}","x"' for n, p in enumerate(PAYLOADS) if '"' not in p)
    found = exported_site(read(export(clean)), list(pretty_links(io.StringIO(links))))
    list(move_in(found, fetch=nowhere, shop=Shop(country="US", currency="USD"), is_public=True, now=NOW))
    assert Article.objects.count() == len(FAMILIES)
    assert Comment.objects.count() > 50
    found = [*everything_read_back(admin_client, []), *seen_by_readers()]
    assert not found, "\n".join(found)


def test_a_merchants_feed(admin_client: Client) -> None:
    shop = make_merchant("Shop")
    make_product()
    cells = [payload.replace('"', '""').replace("\n", " ") for payload in PAYLOADS]
    rows = [
        f'"{cell}","{cell}","{cell}","9.00","USD","https://shop.example/p/{n}","{cell}"' for n, cell in enumerate(cells)
    ]
    rows += [f'"s{n}","Acme One {cell}","Acme","{cell}","USD","{cell}","in stock"' for n, cell in enumerate(cells)]
    text = "sku,title,brand,price,currency,link,stock\n" + "\n".join(rows)
    add = reverse("admin:catalog_feedimport_add")
    file = SimpleUploadedFile("<img src=x onerror=pwned=1>.csv", text.encode())
    pages = [admin_client.post(add, {"merchant": shop.pk, "file": file, "url": ""}, follow=True)]
    made = FeedImport.objects.get()
    run_import(feed_import_id=made.pk, now=NOW)
    steps = ("file", "columns", "trial", "progress", "now", "problems")
    pages += [
        admin_client.get(reverse(f"admin:catalog_feedimport_{one}", args=[made.pk]), follow=True) for one in steps
    ]
    assert everything_read_back(admin_client, pages) == []
    assert seen_by_readers() == []


def test_what_a_network_calls_us_with(admin_client: Client) -> None:
    account = make_account(packed(80, 3))
    stranger = Client()
    for payload in PAYLOADS:
        told = {"transactionId": payload, "clickRef": payload, "transactionCurrency": payload, "merchantId": payload}
        body = urlencode({"AwinTransactionPush": json.dumps(told), payload: payload})
        stranger.post(postback_path(account), body, content_type="application/x-www-form-urlencoded")
    assert Postback.objects.count() == len(PAYLOADS)
    for postback in Postback.objects.all():
        process(postback_id=postback.pk, now=NOW)
    assert everything_read_back(admin_client, [], most=6) == []


def test_a_report_of_earnings(admin_client: Client) -> None:
    account = make_account("Associates", network="amazon", report_settings={"marketplace": "us"})
    head = (
        "Category,Name,ASIN,Seller,Tracking ID,Date Shipped,Price($),Items Shipped,Returns,Revenue($),Ad Fees($),"
        "Device Type Group,Direct Sale"
    )
    cells = ['"' + payload.replace('"', '""').replace("\n", " ") + '"' for payload in PAYLOADS]
    rows = [f"{c},{c},B0TEST{n:04},{c},{c},2026-09-15,129.00,1,0,129.00,5.16,{c},Yes" for n, c in enumerate(cells)]
    rows += [f"{c},{c},{c},{c},{c},{c},{c},{c},{c},{c},{c},{c},{c}" for c in cells]
    file = SimpleUploadedFile("<svg onload=pwned=1>.csv", "\r\n".join((head, *rows)).encode())
    add = reverse("admin:catalog_reportfile_add")
    pages = [admin_client.post(add, {"account": account.pk, "file": file}, follow=True)]
    made = ReportFile.objects.get()
    read_file(report_file_id=made.pk, now=NOW)
    pages.append(admin_client.get(reverse("admin:catalog_reportfile_change", args=[made.pk])))
    made.refresh_from_db()
    if made.state == ReportFile.State.READ:
        store_later(report_file=made)
        store_file(report_file_id=made.pk, now=NOW)
    assert everything_read_back(admin_client, pages, most=6) == []


def test_a_catalogue_from_the_command_line(admin_client: Client, tmp_path: Path) -> None:
    make_author()
    path = tmp_path / "<img src=x onerror=pwned=1>.jsonl"
    told = [
        {"brand": payload[:80], "model": payload, "summary": payload, "kind": "headphones", payload: payload}
        for payload in PAYLOADS[::5]
    ]
    told += [{"brand": "Acme", "model": f"{n} {one}", "summary": one} for n, one in enumerate(PAYLOADS[::3])]
    path.write_text("\n".join(map(json.dumps, told)))
    out = io.StringIO()
    with contextlib.suppress(CommandError):  # some rows are no products, and it says so
        call_command("import_catalogue", str(path), stdout=out, stderr=out)
    assert Product.objects.count() > len(PAYLOADS) // 3
    found = [*everything_read_back(admin_client, []), *seen_by_readers()]
    assert not found, "\n".join(found)
