"""What would the clicks of the last weeks have earned?

A site that begins today has sold nothing. So its three shops get clicks of the past four weeks, and what came of some:
approved, pending, declined, taken back, told by an unsigned message, reported without a sub-id. All of it goes through
the services that store real clicks and real statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from uuid import UUID
from zlib import crc32

from django.db import transaction

from catalog.clicks import ids as click_ids
from catalog.clicks.rows import ClickRow, parse
from catalog.models import ConversionEvent, ExchangeRate, Link, NetworkAccount
from catalog.reports.earnings import Statement, Status
from catalog.services.click_partitions import make_click_partitions
from catalog.services.click_storing import store_clicks
from catalog.services.conversions import store_statements
from catalog.services.exchange_rates import store_rates
from catalog.services.network_accounts import store_account

ACCOUNT = "Agreements with the demo's shops"
DAYS = 28
# So many hours after a click somebody bought, and after a purchase the shop decided.
_BOUGHT, _DECIDED = timedelta(hours=2), timedelta(days=3)
_AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
)
_COUNTRIES = ("US", "DE", "GB", "US", "CA")
# Which click in how many was followed by a purchase.
_ONE_IN = 6


def fill_earnings(*, now: datetime) -> int:
    """How many clicks and statements are new. Nothing where the demo's account is there already. `now` is aware."""
    if NetworkAccount.objects.filter(name=ACCOUNT).exists():
        return 0
    links = list(Link.objects.filter(is_active=True, expires_at=None).select_related("offer").order_by("pk")[:12])
    if not links:
        return 0
    _fill_rates(now)
    for month in {(now - timedelta(days=days)).replace(day=1, hour=0, minute=0) for days in range(DAYS + 1)}:
        make_click_partitions(now=month)
    clicks = list(_clicks(links, now))
    with transaction.atomic():
        stored = store_clicks(clicks)
        account = NetworkAccount(
            name=ACCOUNT, network="direct", report_settings={"postback_secret": "DEMO_SHOPS_SECRET"}
        )
        store_account(account=account, now=now)
        said = sorted(_statements(clicks, {link.code: link for link in links}, now), key=attrgetter("happened_at"))
        # Day by day, as they would have come in.
        for day, told in groupby(said, key=lambda one: one.happened_at.date()):
            at = min(datetime.combine(day, time(23, 30), UTC), now)
            result = store_statements(
                account=account, statements=list(told), origin=ConversionEvent.Origin.POSTBACK, now=at
            )
            stored += result.new
    return stored


def _fill_rates(now: datetime) -> None:
    """Rates near those of 2026, made up: the bank's own come in by themselves and replace them."""
    known = set(ExchangeRate.objects.values_list("day", flat=True))
    rows: list[tuple[date, str, Decimal]] = []
    for days in range(DAYS + 4):
        day = (now - timedelta(days=days)).date()
        if day.weekday() < 5 and day not in known:
            swing = Decimal(crc32(day.isoformat().encode()) % 100) / 10_000
            rows += [(day, "USD", Decimal("1.15") + swing), (day, "GBP", Decimal("0.87") + swing)]
    store_rates(rows=rows, now=now, source="made up for the demo")


def _clicks(links: list[Link], now: datetime) -> Iterator[ClickRow]:
    """Some clicks for each day, more at weekends; each names the place of a product's page."""
    for days in range(DAYS, 0, -1):
        day = now - timedelta(days=days)
        for number in range(9 + crc32(f"{day:%j}".encode()) % 6 + 5 * (day.weekday() > 4)):
            chance = crc32(f"{days} {number}".encode())
            link = links[chance % len(links)]
            at = day.replace(hour=7, minute=0) + timedelta(minutes=chance % 900, milliseconds=number)
            key = UUID(int=round(at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | chance)
            agent = "curl/8.15.0" if chance % 11 == 0 else _AGENTS[chance % len(_AGENTS)]
            place = f"p{link.offer.product_id}.offers.{1 + chance % 3}"
            fields = ("2", key, 1, link.code, place, "", _COUNTRIES[chance % 5], "", "", f"{chance:016x}")
            yield parse("\t".join(map(str, (*fields, link.offer_id, "", "r", "", agent))).encode())


def _statements(clicks: list[ClickRow], links: dict[str, Link], now: datetime) -> Iterator[Statement]:
    for number, click in enumerate(click for click in clicks if click.agent == "person"):
        if number % _ONE_IN == 0:
            yield from _said(number // _ONE_IN, click, links[click.code], now)


def _said(number: int, click: ClickRow, link: Link, now: datetime) -> Iterator[Statement]:
    """The story of one purchase: every tenth taken back, every seventh declined, some without what joins them."""
    occurred = min(click.clicked_at + _BOUGHT, now)
    sale = link.offer.amount or Decimal(99)
    base = Statement(
        network_key=f"ORDER-{10_400 + number}",
        event_key="pending",
        status=Status.PENDING,
        sale_amount=sale,
        commission_amount=sale * Decimal("0.05"),
        currency=link.offer.currency or "USD",
        occurred_at=occurred,
        happened_at=occurred,
        sub_id="" if number % 9 == 4 else click_ids.sub_id(UUID(click.id)),
        is_provisional=number % 8 == 5,
    )
    yield base
    decided = occurred + _DECIDED
    if base.is_provisional or decided > now:
        return
    is_declined = number % 7 == 3
    yield _next(base, Status.DECLINED if is_declined else Status.APPROVED, decided, reason="cancelled" * is_declined)
    if number % 10 == 6 and not is_declined and decided + _DECIDED < now:
        yield _next(base, Status.REVERSED, decided + _DECIDED, reason="returned", nothing=True)


def _next(before: Statement, status: Status, at: datetime, *, reason: str = "", nothing: bool = False) -> Statement:
    return Statement(
        network_key=before.network_key,
        event_key=status.value,
        status=status,
        sale_amount=Decimal(0) if nothing else before.sale_amount,
        commission_amount=Decimal(0) if nothing else before.commission_amount,
        currency=before.currency,
        occurred_at=before.occurred_at,
        happened_at=at,
        sub_id=before.sub_id,
        reason=reason,
    )
