"""An editor opens one page and sees what needs them, the work that most readers meet first (E11)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import SpecEvidence, ViewTally
from reviews.models import Article, DraftComment, Finding, Watch
from reviews.today.page import asker_of, today_page
from tests.factories import (
    make_article,
    make_author,
    make_destination,
    make_merchant,
    make_offer,
    make_product,
    make_published_article,
    make_staff,
)

pytestmark = pytest.mark.django_db

ALL = {
    "catalog.change_offer",
    "catalog.view_offer",
    "catalog.view_destination",
    "catalog.change_specevidence",
    "reviews.view_article",
    "reviews.change_article",
    "reviews.review_article",
}


@pytest.fixture
def editor() -> User:
    return make_staff("ines", *ALL)


def page(user: User, **asked: Any) -> Any:
    return today_page(asker_of(user, now=timezone.now()), **asked)


def seen_by(path: str, readers: int) -> None:
    """So many readers a day for the last four weeks."""
    today = timezone.localdate()
    ViewTally.objects.bulk_create(
        ViewTally(day=today - timedelta(days=number), path=path, views=2 * readers, net_views=readers)
        for number in range(1, 29)
    )


def kinds(shown: Any) -> list[str]:
    return [line.kind for line in shown.lines]


def test_everything_that_waits_is_on_one_list_by_the_readers_who_meet_it(editor: User) -> None:
    now = timezone.now()
    shop = make_merchant()
    held = make_offer(make_product("Held"), shop, state="held", state_reason="Ten times dearer.", click_weight=3.0)
    make_destination(make_offer(make_product("Broken"), shop, click_weight=40.0))
    make_offer(
        make_product("Stale"),
        shop,
        amount=Decimal(50),
        currency="EUR",
        seen_at=now - timedelta(days=30),
        click_weight=7,
    )
    old = make_published_article("old-guide", now=now - timedelta(days=400))
    seen_by(old.get_absolute_url(), 100)
    watched = make_published_article("cheap-guide")
    seen_by(watched.get_absolute_url(), 20)
    Watch.objects.create(
        article=watched, condition="price_below", passage="under 50", state="broken", reason="It is 61 EUR.", since=now
    )
    product = make_product("Claimed")
    SpecEvidence.objects.create(
        product=product, spec="anc", source="Maker", checked_on=now.date(), due_on=now.date() + timedelta(days=3)
    )
    shown = page(editor)
    assert kinds(shown) == [
        "Ageing articles",
        "Broken links",
        "No longer true",
        "Stale prices",
        "Held prices",
        "Claims due",
    ]
    assert [round(line.item.readers) for line in shown.lines] == [100, 40, 20, 7, 3, 0]
    assert shown.lines[4].item.detail == "Ten times dearer."
    assert shown.lines[4].item.url.endswith(f"#offer-{held.pk}")
    assert shown.lines[2].item.detail == "It is 61 EUR."
    assert "in 3 days" in shown.lines[5].item.detail
    assert shown.total == 6


def test_what_a_colleague_waits_for_stands_before_what_readers_wait_for(editor: User) -> None:
    make_destination(make_offer(click_weight=500.0))
    asked = make_article("asked")
    Article.objects.filter(pk=asked.pk).update(stage="in_review", review_asked_of=editor)
    other = make_article("asked-of-another")
    Article.objects.filter(pk=other.pk).update(stage="in_review", review_asked_of=make_staff("otto"))
    mine = make_article("mine", author=make_author("Ines Carrow", user=editor))
    DraftComment.objects.create(article=mine, text="Is that so?", written_by=None, written_at=timezone.now())
    shown = page(editor)
    assert kinds(shown) == ["Reviews asked", "Comments on your drafts", "Broken links"]
    assert [line.item.title for line in shown.lines[:2]] == ["Asked", "Mine"]
    assert kinds(page(editor, is_mine=True)) == ["Reviews asked", "Comments on your drafts"]


def test_an_article_is_named_once_however_many_checks_it_fails(editor: User) -> None:
    article = make_published_article("failing")
    now = timezone.now()
    for is_refusal in (True, False, False):
        Finding.objects.create(
            article=article,
            check_key="alt",
            is_refusal=is_refusal,
            message="No alt text.",
            first_seen_at=now,
            last_seen_at=now,
        )
    Finding.objects.create(
        article=article,
        check_key="x",
        is_refusal=True,
        message="Mended.",
        first_seen_at=now,
        last_seen_at=now,
        resolved_at=now,
    )
    (line,) = page(editor).lines
    assert page(editor).coming == []  # what is past is told in the calendar
    assert line.item.title == "Failing: 1 refusal, 2 warnings"
    assert line.item.detail == "No alt text. And 2 more."


def test_nobody_is_shown_work_they_may_not_do() -> None:
    make_destination(make_offer())
    writer = make_staff("wendy", "reviews.view_article")
    assert kinds(page(writer)) == []
    assert "Every link leads right." not in page(writer).nothing


def test_one_kind_can_be_asked_for_and_an_unknown_one_is_everything(editor: User) -> None:
    make_destination(make_offer(make_product("One")))
    make_offer(make_product("Two"), make_merchant("Other"), state="held")
    assert kinds(page(editor, only="held")) == ["Held prices"]
    assert len(page(editor, only="nonsense").lines) == 2


def test_what_is_fresh_young_or_resolved_is_not_named(editor: User) -> None:
    now = timezone.now()
    make_offer(amount=Decimal(50), currency="EUR", seen_at=now - timedelta(hours=1), state="ok")
    make_published_article("young", now=now - timedelta(days=100))
    shown = page(editor)
    assert shown.lines == []
    assert len(shown.nothing) == 9


@pytest.mark.parametrize("hours", [23, 25])
def test_a_price_is_stale_when_its_own_merchants_licence_ends(editor: User, hours: int) -> None:
    shop = make_merchant(max_price_age=timedelta(hours=24))
    seen_at = timezone.now() - timedelta(hours=hours)
    make_offer(merchant=shop, amount=Decimal(50), currency="EUR", seen_at=seen_at, state="ok")
    assert len(page(editor).lines) == (1 if hours > 24 else 0)


def fill(count: int) -> None:
    now = datetime.now(UTC)
    shop = make_merchant(f"Shop {count}")
    for number in range(count):
        make_destination(make_offer(make_product(f"B {count} {number}"), shop))
        make_offer(make_product(f"H {count} {number}"), shop, state="held")
        article = make_published_article(f"old-{count}-{number}", now=now - timedelta(days=300))
        Watch.objects.create(article=article, condition="in_stock", state="broken", since=now)
        Finding.objects.create(
            article=article, check_key="alt", is_refusal=True, message="No.", first_seen_at=now, last_seen_at=now
        )
        SpecEvidence.objects.create(
            product=make_product(f"C {count} {number}"),
            spec="anc",
            source="Maker",
            checked_on=now.date(),
            due_on=now.date(),
        )


def test_queries_do_not_grow_with_the_work(editor: User) -> None:
    client = Client()
    client.force_login(editor)
    counts = []
    for number in (2, 12):
        fill(number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/admin/today/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40


def test_the_page_says_it_in_words_and_links(editor: User) -> None:
    make_destination(make_offer(make_product("Broken <b>"), click_weight=4.0))
    client = Client()
    client.force_login(editor)
    html = client.get("/admin/today/").content.decode()
    assert "1 thing to look at" in html
    assert "Broken &lt;b&gt;" in html
    assert re.search(r'href="/admin/catalog/destination/\d+/change/"', html)
    assert "About 4 readers a day" in html
    assert 'href="/admin/today/"' in client.get("/admin/").content.decode()


def test_who_is_not_on_the_staff_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/admin/today/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
