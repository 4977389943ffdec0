"""One calendar of everything that is planned, scheduled or expiring (E9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import LinkRoute, SpecEvidence
from reviews.models import Article, DraftVersion
from reviews.today.calendar import calendar_page, events_between
from tests.factories import make_article, make_link, make_offer, make_product, make_published_article, make_staff

pytestmark = pytest.mark.django_db


def schedule(article: Article, at: datetime) -> None:
    version = DraftVersion.objects.create(article=article, content={}, why="scheduled", created_at=at)
    Article.objects.filter(pk=article.pk).update(stage="scheduled", publish_at=at, scheduled_version=version)


def test_everything_with_a_day_is_on_it_in_order(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"
    schedule(make_article("goes-live"), datetime(2031, 5, 7, 9, 30, tzinfo=UTC))
    ends = make_published_article("ends", now=datetime(2031, 5, 1, 8, 0, tzinfo=UTC))
    Article.objects.filter(pk=ends.pk).update(expires_at=datetime(2031, 5, 20, 0, 0, tzinfo=UTC))
    planned = make_article("planned")
    Article.objects.filter(pk=planned.pk).update(planned_for=date(2031, 5, 9))
    link = make_link(expires_at=datetime(2031, 5, 10, 12, 0, tzinfo=UTC))
    LinkRoute.objects.create(
        link=link,
        position=1,
        name="May sale",
        offer=make_offer(make_product("Other"), link.offer.merchant),
        starts_at=datetime(2031, 5, 11, tzinfo=UTC),
        ends_at=datetime(2031, 5, 12, tzinfo=UTC),
    )
    product = make_product("Claimed")
    for spec in ("anc", "wireless"):
        SpecEvidence.objects.create(
            product=product, spec=spec, source="Maker", checked_on=date(2030, 5, 8), due_on=date(2031, 5, 8)
        )
    told = [(event.day.day, event.what, event.title) for event in events_between(date(2031, 5, 1), date(2031, 5, 31))]
    assert told == [
        (1, "Published", "Ends"),
        (7, "Goes live", "Goes live"),
        (8, "2 claims due", "Acme Claimed"),
        (9, "Planned", "Planned"),
        (10, "Link ends", "/go/one/"),
        (11, "Route begins", "/go/one/ May sale"),
        (12, "Route ends", "/go/one/ May sale"),
        (20, "Is retired", "Ends"),
    ]


def test_days_are_the_sites_own(settings: Any) -> None:
    settings.TIME_ZONE = "Australia/Sydney"
    schedule(make_article("late"), datetime(2031, 5, 7, 20, 0, tzinfo=UTC))
    (event,) = events_between(date(2031, 5, 8), date(2031, 5, 8))
    assert (event.day, event.at and event.at.hour) == (date(2031, 5, 8), 6)


@pytest.mark.parametrize("month", [date(2024, 2, 29), date(2031, 12, 5), date(2032, 1, 1)])
def test_a_month_is_whole_weeks_and_leads_to_its_neighbours(month: date) -> None:
    page = calendar_page(month, today=month)
    days = [day.day for week in page.weeks for day in week]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert days[0].weekday() == 0
    assert sum(day.is_in_month for week in page.weeks for day in week) in (29, 31)
    assert sum(day.is_today for week in page.weeks for day in week) == 1
    assert page.before < f"{month:%Y-%m}" < page.after


@pytest.mark.parametrize("asked", ["2031-05", "2031-13", "nonsense", "", "9999-12", "٢٠٣١-٠٥"])
def test_any_month_in_the_address_shows_a_calendar(asked: str, client: Client) -> None:
    client.force_login(make_staff("ines", "reviews.view_article"))
    assert client.get("/admin/calendar/", {"month": asked}).status_code == 200


def test_queries_do_not_grow_with_what_is_planned(client: Client) -> None:
    client.force_login(make_staff("ines", "reviews.view_article"))
    counts = []
    for first, last in ((0, 2), (2, 20)):
        for number in range(first, last):
            article = make_article(f"planned-{number}")
            Article.objects.filter(pk=article.pk).update(planned_for=date(2031, 5, 1 + number))
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/calendar/", {"month": "2031-05"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_may_not_see_articles_sees_no_calendar(client: Client) -> None:
    client.force_login(make_staff("links", "catalog.view_link"))
    assert client.get("/admin/calendar/").status_code == 403
