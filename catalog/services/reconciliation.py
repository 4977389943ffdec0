"""Do our clicks and the network's purchases agree, and where they do not, why?

Per account and window: what we sent over, what came back, what of that is joined to a click and what is not and for
which reason, what only an unsigned message says so far, the amounts by status and currency, and what the network
changed its mind about. Purchases belong to the day somebody bought, in the site's time zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from catalog.click_reports import Dimension, Window, clicks_by
from catalog.models import Conversion, Merchant, NetworkAccount
from catalog.money.exchange import Rates
from catalog.reports.earnings import Earning, sum_of
from catalog.services.conversions import as_statement
from catalog.stored_rates import rates_of

Joining = Conversion.Joining
MOST_CHANGES = 200
# A report confirms an unsigned message within days; after that somebody should ask the network.
CONFIRMED_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Purchases of one status in one currency. `converted`: the commissions at the rate of each purchase's day, without
    those of `without_rate` purchases; None when there is no rate for any.
    """

    status: str
    label: str
    currency: str
    purchases: int
    sales: Decimal
    commission: Decimal
    converted: Decimal | None
    without_rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The network said something else of a purchase than before. `before` and `after` are its sums."""

    conversion: Conversion
    received_at: datetime
    before: Earning
    after: Earning
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    day: date
    joined: int
    not_joined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One account in one window; `currency` (ISO 4217) is what amounts are converted to."""

    account: NetworkAccount
    window: Window
    currency: str
    clicks: int
    net_clicks: int
    merchants: int
    joining: dict[Joining, int]
    provisional: int
    provisional_late: int
    days: tuple[Day, ...]
    amounts: tuple[Amount, ...]
    changes: tuple[Change, ...]

    @property
    def purchases(self) -> int:
        return sum(self.joining.values())

    @property
    def joined(self) -> int:
        return self.joining[Joining.CLICK]

    @property
    def joined_share(self) -> Decimal | None:
        """Of 100; None without purchases."""
        return Decimal(100 * self.joined) / self.purchases if self.purchases else None


def reconciliation(*, account: NetworkAccount, window: Window, currency: str, now: datetime) -> Reconciliation:
    """What the window holds, in a fixed number of queries. Clicks are those that led to merchants of this account."""
    purchases = _purchases(account, window)
    merchants = merchants_of(account)
    keys = {str(pk) for pk in merchants}
    clicks = [count for key, count in clicks_by(Dimension.MERCHANT, window).items() if key in keys]
    counts = dict(purchases.values_list("joining").annotate(count=Count("pk")))
    provisional = purchases.filter(is_provisional=True).aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(occurred_at__lt=now - CONFIRMED_WITHIN))
    )
    return Reconciliation(
        account=account,
        window=window,
        currency=currency,
        clicks=sum(count.clicks for count in clicks),
        net_clicks=sum(count.net_clicks for count in clicks),
        merchants=len(merchants),
        joining={one: counts.get(one.value, 0) for one in Joining},
        provisional=provisional["all"],
        provisional_late=provisional["late"],
        days=tuple(_days(purchases, window)),
        amounts=tuple(_amounts(purchases, window, currency)),
        changes=tuple(changes(purchases)),
    )


def merchants_of(account: NetworkAccount) -> list[int]:
    """Merchants whose clicks this account is paid for: of its network, and naming no other account."""
    ours = account.report_settings or {}
    rows = Merchant.objects.filter(network=account.network).values_list("pk", "network_settings")
    return [
        pk
        for pk, theirs in rows
        if not any(name in ours and ours[name] != value for name, value in (theirs or {}).items())
    ]


def _purchases(account: NetworkAccount, window: Window) -> QuerySet[Conversion]:
    rows = Conversion.objects.filter(account=account)
    return rows.filter(occurred_at__gte=window.starts_at, occurred_at__lt=window.ends_at).order_by()


def _days(purchases: QuerySet[Conversion], window: Window) -> Iterator[Day]:
    rows = purchases.annotate(day=TruncDate("occurred_at")).values_list("day")
    counted = rows.annotate(all=Count("pk"), joined=Count("pk", filter=Q(joining=Joining.CLICK)))
    found = {day: (joined, count - joined) for day, count, joined in counted}
    for number in range(window.days):
        day = window.since + timedelta(days=number)
        joined, not_joined = found.get(day, (0, 0))
        yield Day(day=day, joined=joined, not_joined=not_joined)


def _amounts(purchases: QuerySet[Conversion], window: Window, currency: str) -> Iterator[Amount]:
    """By day, so that each day's purchases are converted at their own rate."""
    rows = purchases.annotate(day=TruncDate("occurred_at")).values("status", "currency", "day")
    rows = rows.annotate(count=Count("pk"), sales=Sum("sale_amount"), commission=Sum("commission_amount"))
    rates = rates_of(first=window.since, last=window.until)
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        groups[row["status"], row["currency"]].append(row)
    order = list(Conversion.Status.values)
    for (status, code), days in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        yield _amount(status, code, days, rates, currency)


def _amount(status: str, code: str, days: list[Any], rates: Rates, currency: str) -> Amount:
    converted, without_rate = Decimal(0), 0
    for row in days:
        found = rates.convert(row["commission"] or Decimal(0), code, currency, row["day"])
        if found is None:
            without_rate += row["count"]
        else:
            converted += found
    purchases = sum(row["count"] for row in days)
    return Amount(
        status=status,
        label=str(Conversion.Status(status).label),
        currency=code,
        purchases=purchases,
        sales=sum((row["sales"] or Decimal(0) for row in days), Decimal(0)),
        commission=sum((row["commission"] or Decimal(0) for row in days), Decimal(0)),
        converted=None if without_rate == purchases else converted,
        without_rate=without_rate,
    )


def changes(purchases: QuerySet[Conversion]) -> list[Change]:
    """What was said otherwise after a purchase was first told of: the newest `MOST_CHANGES`, newest first."""
    told_again = purchases.annotate(times=Count("events")).filter(times__gt=1).order_by("-changed_at", "-pk")
    found = [
        change
        for conversion in told_again.prefetch_related("events")[:MOST_CHANGES]
        for change in _changes_of(conversion)
    ]
    return sorted(found, key=lambda one: one.received_at, reverse=True)[:MOST_CHANGES]


def _changes_of(conversion: Conversion) -> Iterator[Change]:
    events = sorted(conversion.events.all(), key=attrgetter("received_at", "pk"))
    said, before = [], None
    for received_at, group in groupby(events, key=attrgetter("received_at")):
        together = list(group)
        said += [as_statement(event, conversion.network_key) for event in together]
        after = sum_of(said)
        if before is not None and _figures(before) != _figures(after):
            reason = next((event.reason for event in reversed(together) if event.reason), "")
            yield Change(conversion=conversion, received_at=received_at, before=before, after=after, reason=reason)
        before = after


def _figures(earning: Earning) -> tuple[object, ...]:
    return earning.status, earning.commission_amount, earning.currency, earning.is_provisional
