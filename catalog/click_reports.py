"""What came of the clicks between two days, seen from one side: pages, links, shops, countries …?

Clicks come from the tallies, which are kept up as clicks are stored, so that a report never reads single clicks.
Purchases are few and are summed as they stand; one belongs to the day of its click, or to its own where the click is
not known. Days are the site's own (TIME_ZONE), also where the clocks change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone

from catalog.models import ClickMonth, ClickTally, Conversion, ViewTally
from catalog.stored_rates import rates_of

Dimension = ClickTally.Dimension
LONGEST_WINDOW = timedelta(days=3660)


class WindowError(Exception):
    """No window of days. The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days of the site's time zone, both ends included. Raises `WindowError`."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise WindowError(f"The last day, {self.until}, is before the first, {self.since}. Swap them.")
        if self.until - self.since > LONGEST_WINDOW:
            raise WindowError("A report covers ten years at most. Choose a later first day.")

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> Window:
        """As many days, right before."""
        return Window(self.since - timedelta(days=self.days), self.since - timedelta(days=1))

    @property
    def whole_months(self) -> tuple[date, date] | None:
        """The first days of the first and of the last month that lie in it whole; None when there is none."""
        first = self.since if self.since.day == 1 else _next_month(self.since)
        last = (self.until + timedelta(days=1)).replace(day=1) - timedelta(days=1)
        return (first, last.replace(day=1)) if first < last else None

    @property
    def starts_at(self) -> datetime:
        """The first moment of the first day; a day that has 23 or 25 hours is whole."""
        return timezone.make_aware(datetime.combine(self.since, time.min))

    @property
    def ends_at(self) -> datetime:
        """The first moment after the last day."""
        return timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time.min))


@dataclass(frozen=True, slots=True)
class Counts:
    clicks: int = 0
    net_clicks: int = 0


@dataclass(frozen=True, slots=True)
class Views:
    views: int = 0
    net_views: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """Amounts are in the report's currency. `conversions` are pending or approved ones.

    `unconverted` counts those whose currency had no rate on its day: they are in the numbers and in no amount.
    """

    conversions: int = 0
    declined: int = 0
    approved: Decimal = field(default=Decimal(0))
    pending: Decimal = field(default=Decimal(0))
    sales: Decimal = field(default=Decimal(0))
    unconverted: int = 0

    @property
    def commission(self) -> Decimal:
        """What we expect: approved and pending together."""
        return self.approved + self.pending

    def __add__(self, other: Earned) -> Earned:
        return Earned(**{name: getattr(self, name) + getattr(other, name) for name in Earned.__dataclass_fields__})


def clicks_by(dimension: str, window: Window, *, begins: str = "", key: str | None = None) -> dict[str, Counts]:
    """The counts of every key with a click; `begins` keeps those keys that begin with it. One query.

    Whole months are read as months, so that a year costs little more than a month does.
    """
    whole = window.whole_months
    parts: list[QuerySet[Any, Any]] = []
    if whole is None:
        days = _of(ClickTally.objects.filter(day__range=(window.since, window.until)), dimension, begins, key)
        parts.append(days)
    else:
        edges = Q(day__range=(window.since, whole[0] - timedelta(days=1)))
        edges |= Q(day__range=(_next_month(whole[1]), window.until))
        months = _of(ClickMonth.objects.filter(month__range=whole), dimension, begins, key)
        parts += [months, _of(ClickTally.objects.filter(edges), dimension, begins, key)]
    first, *others = (
        part.values("key")
        .annotate(all=Sum("clicks"), net=Sum("net_clicks"))
        .order_by()
        .values_list("key", "all", "net")
        for part in parts
    )
    found: dict[str, Counts] = {}
    for name, clicks, net in first.union(*others, all=True) if others else first:
        known = found.get(name)
        found[name] = Counts(known.clicks + clicks, known.net_clicks + net) if known else Counts(clicks, net)
    return {name: counts for name, counts in found.items() if counts.clicks}


def _of(rows: QuerySet[Any], dimension: str, begins: str, key: str | None) -> QuerySet[Any]:
    rows = rows.filter(dimension=dimension)
    if key is not None:
        rows = rows.filter(key=key)
    return rows.filter(key__startswith=begins) if begins else rows


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def clicks_by_day(dimension: str, window: Window, *, key: str | None = None, begins: str = "") -> dict[date, Counts]:
    """The counts of each day with a click: of one key, or of all (that begin so) together. One query."""
    rows = _of(ClickTally.objects.filter(day__range=(window.since, window.until)), dimension, begins, key)
    summed = rows.values("day").annotate(all=Sum("clicks"), net=Sum("net_clicks")).order_by("day")
    return {day: Counts(clicks, net) for day, clicks, net in summed.values_list("day", "all", "net")}


def views_by_path(window: Window, paths: Iterable[str]) -> dict[str, Views]:
    """The views of these pages; a page without one is missing. One query."""
    rows = ViewTally.objects.filter(day__range=(window.since, window.until), path__in=list(paths))
    summed = rows.values("path").annotate(all=Sum("views"), net=Sum("net_views")).order_by()
    return {path: Views(views, net) for path, views, net in summed.values_list("path", "all", "net")}


class _Levels(Func):
    """The first so many levels of a place; empty where it has fewer."""

    function = "substring"
    template = "coalesce(%(function)s(%(expressions)s from %(pattern)s), '')"
    output_field = CharField()


def _key(dimension: str) -> Any:
    """What a purchase is filed under, seen from this side; the keys are those of the tallies."""
    columns = {
        Dimension.LINK: F("code"),
        Dimension.PLACE: F("placement"),
        Dimension.PAGE: _Levels("placement", pattern="'^[^.]+'"),
        Dimension.BLOCK: _Levels("placement", pattern=r"'^[^.]+\.[^.]+'"),
        Dimension.COUNTRY: F("country"),
        Dimension.FORM: F("form"),
        Dimension.TOTAL: Value(""),
    }
    if dimension in columns:
        return columns[Dimension(dimension)]
    return Coalesce(Cast(f"{dimension}_id", CharField()), Value(""))


def earned_by(
    dimension: str, window: Window, *, currency: str, begins: str = "", key: str | None = None
) -> dict[str, Earned]:
    """What the window's clicks earned, in `currency`, by key. Two queries."""
    rows = (
        Conversion.objects.alias(filed=Coalesce("clicked_at", "occurred_at"))
        .filter(filed__gte=window.starts_at, filed__lt=window.ends_at)
        .annotate(seen_from=_key(dimension), paid_on=TruncDate("occurred_at"))
    )
    if begins:
        rows = rows.filter(seen_from__startswith=begins)
    if key is not None:
        rows = rows.filter(seen_from=key)
    summed = (
        rows.values("seen_from", "status", "currency", "paid_on")
        .annotate(times=Count("pk"), commission=Sum("commission_amount"), sale=Sum("sale_amount"))
        .order_by()
        .values_list("seen_from", "status", "currency", "paid_on", "times", "commission", "sale")
    )
    found = list(summed)
    days = [row[3] for row in found]
    if not days:
        return {}
    rates = rates_of(first=min(days), last=max(days), currencies={currency, *(row[2] for row in found)})
    earned: dict[str, Earned] = defaultdict(Earned)
    for name, status, paid_in, day, times, commission, sale in found:
        one = _one(
            status, times, [rates.convert(part or Decimal(0), paid_in, currency, day) for part in (commission, sale)]
        )
        earned[name] += one
    return dict(earned)


def _one(status: str, times: int, amounts: list[Decimal | None]) -> Earned:
    if status in (Conversion.Status.DECLINED, Conversion.Status.REVERSED):
        return Earned(declined=times)
    commission, sale = amounts
    if commission is None or sale is None:
        return Earned(conversions=times, unconverted=times)
    if status == Conversion.Status.APPROVED:
        return Earned(conversions=times, approved=commission, sales=sale)
    return Earned(conversions=times, pending=commission, sales=sale)
