"""An editor sees what came of the clicks, looks into it, and takes it home."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import ClickTally, Conversion, LinkRoute, NetworkAccount, ViewTally
from reviews.reports.page import presets
from reviews.reports.sides import SIDES
from tests.factories import make_link, make_merchant, make_offer, make_product, make_published_article, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/catalog/clicktally/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("ada", "catalog.view_clicktally"))
    return client


def tally(dimension: str, key: str, *, clicks: int = 10, net: int = 4, days_ago: int = 1) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    ClickTally.objects.create(day=day, dimension=dimension, key=key, clicks=clicks, net_clicks=net)


def sold(number: int = 1, **fields: Any) -> None:
    account, _ = NetworkAccount.objects.get_or_create(name="Account", network="awin")
    now = timezone.now() - timedelta(days=1)
    values: dict[str, Any] = {
        "status": "approved",
        "commission_amount": Decimal("8.00"),
        "sale_amount": Decimal(100),
        "currency": "EUR",
        "occurred_at": now,
        "changed_at": now,
    }
    Conversion.objects.create(account=account, network_key=str(number), **{**values, **fields})


def rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_articles_clicks_stand_beside_its_views_and_what_they_earned(editor: Client) -> None:
    article = make_published_article("first-choices", title="First choices")
    tally("page", f"a{article.pk}")
    ViewTally.objects.create(
        day=timezone.localdate() - timedelta(days=1), path="/guides/first-choices/", views=90, net_views=40
    )
    sold(placement=f"a{article.pk}.1.1")
    page = editor.get(PAGE).content.decode()
    assert "First choices" in page
    for text in ("10.0%", "€8.00", "€2.00"):  # clicks per view, approved, earned per click
        assert text in page


def test_every_side_calls_things_by_their_names(editor: Client) -> None:
    article = make_published_article("one", title="The guide")
    offer = make_offer(make_product("Two"), make_merchant("Fine Shop"))
    link = make_link(offer, "two-fine")
    route = LinkRoute.objects.create(link=link, offer=offer, name="summer")
    keys = {
        "article": ("page", f"a{article.pk}", "The guide"),
        "page": ("page", "", ""),
        "block": ("block", f"a{article.pk}.1", "The guide"),
        "position": ("place", f"a{article.pk}.1.2", "2nd"),
        "product": ("product", str(offer.product_id), "Acme Two"),
        "merchant": ("merchant", str(offer.merchant_id), "Fine Shop"),
        "offer": ("offer", str(offer.pk), "Acme Two at Fine Shop"),
        "link": ("link", "two-fine", "/go/two-fine/"),
        "route": ("route", str(route.pk), "summer"),
        "quiz": ("page", "q1a2b", "q1a2b"),
        "country": ("country", "DE", "Germany"),
        "device": ("form", "phone", "Phone"),
    }
    assert set(keys) == set(SIDES)
    for dimension, key, _ in keys.values():
        if key:
            tally(dimension, key)
    for side, (_, key, name) in keys.items():
        page = editor.get(PAGE, {"by": side})
        assert page.status_code == 200
        if key and side != "quiz":
            assert name in page.content.decode(), side


def test_what_was_deleted_is_still_counted_and_said_to_be_gone(editor: Client) -> None:
    tally("merchant", "999")
    tally("country", "")
    assert "999 (deleted)" in editor.get(PAGE, {"by": "merchant"}).content.decode()
    assert "Not known" in editor.get(PAGE, {"by": "country"}).content.decode()


def test_a_page_is_looked_into_block_by_block(editor: Client) -> None:
    article = make_published_article("one", title="The guide")
    tally("page", f"a{article.pk}")
    tally("block", f"a{article.pk}.1", net=3)
    tally("block", f"a{article.pk}9.1", net=99)
    page = editor.get(PAGE).content.decode()
    assert f"by=block&amp;since={timezone.localdate() - timedelta(days=29)}" in page
    inside = editor.get(PAGE, {"by": "block", "in": f"a{article.pk}."})
    shown = inside.context["page"]
    assert [line.row.counts.net_clicks for line in shown.lines] == [3]
    assert shown.figures[0].text == "3"


def test_one_thing_has_its_own_days(editor: Client) -> None:
    tally("country", "DE", net=3)
    tally("country", "DE", net=2, days_ago=2)
    tally("country", "AT", net=50)
    shown = editor.get(PAGE, {"by": "country", "key": "DE"}).context["page"]
    assert shown.title == "Clicks: Germany"
    assert sum(bar.net_clicks for bar in shown.chart.bars) == 5
    assert len(shown.lines) == 1


def test_sums_stand_beside_those_of_the_days_before(editor: Client) -> None:
    tally("total", "", net=6)
    tally("total", "", net=4, days_ago=31)
    figure = editor.get(PAGE, {"by": "country"}).context["page"].figures[0]
    assert (figure.label, figure.text, figure.change) == ("Net clicks", "6", "+50%")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "2026-11-02", "until": "2026-11-01"}, "Swap them"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"by": "moon"}, "is not one of the available choices"),
        ({"since": "1990-01-01", "until": "2026-01-01"}, "ten years at most"),
    ],
    ids=["end before beginning", "no date", "no side", "too long"],
)
def test_what_cannot_be_read_is_said_and_the_usual_report_is_shown(
    editor: Client, asked: dict[str, str], said: str
) -> None:
    answer = editor.get(PAGE, asked)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert answer.context["page"].asked.window.days == 30


def test_what_is_typed_into_the_address_stays_text(editor: Client) -> None:
    page = editor.get(PAGE, {"by": "country", "key": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_the_csv_file_holds_all_rows_and_no_formula(editor: Client) -> None:
    make_merchant("=cmd|'/c calc'!A1")
    for number in range(210):
        tally("merchant", str(number + 10_000), net=number)
    merchant = make_merchant("@SUM(A1)")
    tally("merchant", str(merchant.pk), net=1000)
    sold(merchant=merchant)
    page = editor.get(PAGE, {"by": "merchant"})
    assert "The first 200 of 211" in page.content.decode()
    found = rows(editor.get(PAGE, {"by": "merchant", "format": "csv"}))
    assert len(found) == 211
    assert found[0]["name"] == "'@SUM(A1)"
    assert (found[0]["net clicks"], found[0]["approved"], found[0]["earned per net click"]) == (
        "1000",
        "8.0000",
        "0.008000",
    )


def test_the_queries_do_not_grow_with_rows(editor: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            editor.get(PAGE, {"by": "position"})
        return len(queries)

    article = make_published_article("one")
    tally("place", f"a{article.pk}.1.1")
    tally("place", f"p{make_product().pk}.offers.1")
    sold(placement=f"a{article.pk}.1.1", currency="USD")
    few = asked()
    for number in range(2, 40):
        tally("place", f"a{article.pk}.{number}.1")
        tally("place", f"p{number + 1000}.offers.1")
        sold(number, placement=f"a{article.pk}.{number}.1", currency="USD" if number % 2 else "GBP")
    assert asked() == few


def test_the_report_is_for_those_who_may_see_it(client: Client) -> None:
    client.force_login(make_staff("writer"))
    assert client.get(PAGE).status_code == 403
    assert client.get(PAGE, {"format": "csv"}).status_code == 403


def test_the_usual_windows_hold_whole_months() -> None:
    found = {label: (window.since, window.until) for label, window in presets(date(2026, 3, 15))}
    assert found["Last month"] == (date(2026, 2, 1), date(2026, 2, 28))
    assert found["This month"] == (date(2026, 3, 1), date(2026, 3, 15))
    assert found["7 days"] == (date(2026, 3, 9), date(2026, 3, 15))
