"""What was an amount worth in another currency on its day, and where do the rates come from?"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from catalog.http import Door, DoorError
from catalog.models import ExchangeRate
from catalog.money.conversion import ECB
from catalog.money.exchange import OLDEST
from catalog.money.published_rates import LARGEST_MOVE, RatesError, Row, csv_rates, ecb_rates, without_jumps
from catalog.stored_rates import rates_of

log = logging.getLogger(__name__)

# Both of the European Central Bank: the last day, and the last ninety.
DAILY = "/stats/eurofxref/eurofxref-daily.xml"
NINETY_DAYS = "/stats/eurofxref/eurofxref-hist-90d.xml"
_LARGEST = 4 * 1024 * 1024
# Brought in by an editor: the file may be the bank's or anybody's.
IMPORTED = "imported"
_EXACT = Decimal("0.00000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """An amount in another currency, unrounded, and the day its rate was published for."""

    amount: Decimal
    rate_day: date


def convert(*, amount: Decimal, currency: str, day: date, to: str) -> Converted | None:
    """The amount in `to` by the last rates on or before the day, at most ten days old; None without such rates.

    One query; for many amounts take `rates_of` once. Currencies are ISO 4217 codes.
    """
    rates = rates_of(first=day, last=day, currencies={currency, to})
    found = rates.convert(amount, currency, to, day)
    if found is None:
        return None
    used = [rates.per_euro(code, day) for code in (currency, to) if currency != to]
    return Converted(amount=found, rate_day=min((one[1] for one in used if one is not None), default=day))


def fetch_exchange_rates(*, now: datetime, door: Door) -> int:
    """Ask the bank for the rates that are missing; how many were stored. A bank that is away is asked next time.

    It publishes on working days. After more than one of them without rates (a new site, a long rest) the last ninety
    days are asked for.
    """
    newest = ExchangeRate.objects.aggregate(newest=Max("day"))["newest"]
    expected = _working_day(now.date())
    if newest is not None and newest >= expected:
        return 0
    is_near = newest is not None and newest >= _working_day(expected - timedelta(days=1))
    address = settings.EXCHANGE_RATES_URL.rstrip("/") + (DAILY if is_near else NINETY_DAYS)
    try:
        with door.get(address, max_bytes=_LARGEST) as reply:
            if reply.status != 200:
                log.warning("No exchange rates: the bank answered %s.", reply.status)
                return 0
            return store_rates(rows=_likely(ecb_rates(reply.read()), now), now=now)
    except (DoorError, RatesError) as error:
        log.warning("No exchange rates: %s", error)
        return 0


def _likely(rows: list[Row], now: datetime) -> list[Row]:
    """The bank's rates without those that jumped; each that did is said, and stored when an editor brings it in."""
    stored = ExchangeRate.objects.filter(day__gte=now.date() - OLDEST, day__lt=min(day for day, _, _ in rows))
    known = {row.currency: (row.day, row.per_euro) for row in stored.order_by("day")}
    taken, held = without_jumps(rows, known)
    for day, currency, rate in held:
        log.warning(
            "The rate of %s for %s (%s per euro) is held: it is more than %d %% off the one before. If it is right, "
            "import it as CSV under Exchange rates; nothing is converted by it until then.",
            *(currency, day, rate, LARGEST_MOVE * 100),
        )
    return taken


def lagging_currencies(*, now: datetime) -> list[tuple[str, date]]:
    """Currencies whose last rate is older than that of others, with its day: what came since was held, or ended."""
    newest = ExchangeRate.objects.filter(day__gte=now.date() - OLDEST).values("currency").annotate(last=Max("day"))
    days = {row["currency"]: row["last"] for row in newest.order_by("currency")}
    return [(currency, day) for currency, day in days.items() if day < max(days.values())]


def _working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


def import_csv(*, content: bytes, now: datetime) -> int:
    """Store the rates of a CSV file; how many. Raises `RatesError`: then none is stored."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RatesError(f"The file is not in UTF-8 (byte {error.start}). Save it as CSV in UTF-8.") from error
    return store_rates(rows=csv_rates(text), now=now, source=IMPORTED)


@transaction.atomic
def store_rates(*, rows: Iterable[Row], now: datetime, source: str = ECB) -> int:
    """Store published rates; a day's rate that is known is replaced, as the bank corrects one now and then.

    `source` is said to readers beside a price that was converted.

    Raises `RatesError` for a day to come.
    """
    by_day = {(day, currency): rate for day, currency, rate in rows}
    if late := [day for day, _ in by_day if day > (now + timedelta(days=1)).date()]:
        raise RatesError(f"{late[0]} is still to come.")
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(day=day, currency=currency, per_euro=rate.quantize(_EXACT), source=source)
            for (day, currency), rate in by_day.items()
        ],
        update_conflicts=True,
        unique_fields=["day", "currency"],
        update_fields=["per_euro", "source"],
        batch_size=2000,
    )
    return len(by_day)
