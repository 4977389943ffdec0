"""What is planned, scheduled or expiring, and when (E9)?"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from catalog.models import Link, LinkRoute, SpecEvidence
from reviews.models import Article, Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`at` is None where only the day is known. Days and times are the site's. `is_past`: it is told, not announced."""

    day: date
    at: datetime | None
    what: str
    title: str
    url: str
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    day: date
    is_in_month: bool
    is_today: bool
    events: Sequence[Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    month: date
    before: str
    after: str
    weeks: Sequence[Sequence[Day]]
    events: Sequence[Event]
    title: str = "Calendar"


def calendar_page(month: date, *, today: date) -> CalendarPage:
    """The weeks (Monday first) of the month in which `month` lies. Six queries."""
    first = month.replace(day=1)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    events = events_between(weeks[0][0], weeks[-1][-1])
    by_day: dict[date, list[Event]] = {}
    for event in events:
        by_day.setdefault(event.day, []).append(event)
    return CalendarPage(
        month=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=31):%Y-%m}",
        weeks=[
            [
                Day(
                    day=day,
                    is_in_month=day.month == first.month,
                    is_today=day == today,
                    events=by_day.get(day, ()),
                )
                for day in week
            ]
            for week in weeks
        ],
        events=events,
    )


def events_between(first: date, last: date) -> list[Event]:
    """Everything of these days, both included, in order. Six queries."""
    events = chain(_articles(first, last), _published(first, last), _links(first, last), _claims(first, last))
    return sorted(events, key=lambda event: (event.day, event.at is not None, event.at or 0, event.title))


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of the first day up to the first one after the last."""
    since = datetime.combine(first, time.min)
    until = datetime.combine(last + timedelta(days=1), time.min)
    return timezone.make_aware(since), timezone.make_aware(until)


def _at(moment: datetime, what: str, title: str, url: str, *, is_past: bool = False) -> Event:
    local = timezone.localtime(moment)
    return Event(day=local.date(), at=local, what=what, title=title, url=url, is_past=is_past)


def _articles(first: date, last: date) -> Iterator[Event]:
    since, until = _moments(first, last)
    scheduled = Article.objects.filter(stage=Article.Stage.SCHEDULED, publish_at__gte=since, publish_at__lt=until)
    for article in scheduled:
        assert article.publish_at is not None
        yield _at(article.publish_at, "Goes live", article.title, _change(article.pk))
    ending = Article.objects.published().filter(expires_at__gte=since, expires_at__lt=until)
    for article in ending:
        assert article.expires_at is not None
        yield _at(article.expires_at, "Is retired", article.title, _change(article.pk))
    planned = Article.objects.filter(planned_for__gte=first, planned_for__lte=last).exclude(
        stage=Article.Stage.SCHEDULED
    )
    for article in planned:
        assert article.planned_for is not None
        yield Event(day=article.planned_for, at=None, what="Planned", title=article.title, url=_change(article.pk))


def _published(first: date, last: date) -> Iterator[Event]:
    since, until = _moments(first, last)
    rows = Revision.objects.filter(created_at__gte=since, created_at__lt=until).values_list(
        "created_at", "number", "article__title", "article_id"
    )
    for created_at, number, title, article_id in rows:
        yield _at(created_at, "Published" if number == 1 else "Revised", title, _change(article_id), is_past=True)


def _links(first: date, last: date) -> Iterator[Event]:
    since, until = _moments(first, last)
    for pk, code, moment in Link.objects.filter(expires_at__gte=since, expires_at__lt=until).values_list(
        "pk", "code", "expires_at"
    ):
        assert moment is not None
        yield _at(moment, "Link ends", f"/go/{code}/", reverse("admin:catalog_link_change", args=[pk]))
    routes = LinkRoute.objects.select_related("link")
    for field, what in (("starts_at", "Route begins"), ("ends_at", "Route ends")):
        for route in routes.filter(**{f"{field}__gte": since, f"{field}__lt": until}):
            url = reverse("admin:catalog_link_change", args=[route.link_id])
            yield _at(getattr(route, field), what, f"/go/{route.link.code}/ {route.name}".strip(), url)


def _claims(first: date, last: date) -> Iterator[Event]:
    rows = (
        SpecEvidence.objects.filter(due_on__gte=first, due_on__lte=last)
        .values("due_on", "product", "product__brand__name", "product__model")
        .annotate(claims=Count("pk"))
    )
    for row in rows:
        assert row["due_on"] is not None
        yield Event(
            day=row["due_on"],
            at=None,
            what="Claim due" if row["claims"] == 1 else f"{row['claims']} claims due",
            title=f"{row['product__brand__name']} {row['product__model']}",
            url=reverse("admin:catalog_product_change", args=[row["product"]]),
        )


def _change(article_id: int) -> str:
    return reverse("admin:reviews_article_change", args=[article_id])
