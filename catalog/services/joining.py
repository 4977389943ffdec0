"""Which click did a purchase come from, and what do we know of it through that click?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from catalog.clicks import ids as click_ids
from catalog.models import Click, Conversion, Link, Merchant, Offer
from catalog.reports.earnings import tracking_places

# Clicks come late when a web host kept them; a purchase is looked at again for so long.
LOOKED_AT_AGAIN = timedelta(days=90)
CHUNK = 500
# What a merchant's record calls the network's number of it, whichever network it is.
MERCHANT_NUMBERS = ("advertiser_id", "program_id", "campaign_id", "merchant_id", "mid")
JOINED_COLUMNS = (
    *("joining", "merchant", "click_id", "clicked_at", "code", "placement"),
    *("offer_id", "product_id", "route_id", "country", "form"),
)
Joining = Conversion.Joining


def join(*, conversions: Sequence[Conversion], now: datetime) -> None:
    """Set the columns that say where each purchase came from (`JOINED_COLUMNS`); nothing is saved.

    A purchase that is joined stays so when its click is dropped with its month.
    """
    merchants = _Merchants({conversion.account.network for conversion in conversions})
    wanted = [(conversion, click_ids.click_id(conversion.sub_id)) for conversion in conversions]
    clicks = _clicks({key for conversion, key in wanted if key is not None and key != conversion.click_id})
    offers = _offers(clicks.values())
    for conversion, key in wanted:
        if key is None or key != conversion.click_id:
            _forget_click(conversion)
            click = clicks.get(key) if key else None
            if click is not None:
                _take_over(conversion, click, offers)
            else:
                conversion.joining = _why_not(conversion, key, now)
        merchants.find(conversion, offers)


def rejoin_conversions(*, now: datetime) -> int:
    """Look again at purchases whose click, or merchant, was not known when they came in; how many are joined now."""
    waiting = Conversion.objects.filter(
        Q(joining=Joining.UNKNOWN) | Q(merchant=None), occurred_at__gte=now - LOOKED_AT_AGAIN
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    return sum(_rejoin(ids[start : start + CHUNK], now) for start in range(0, len(ids), CHUNK))


@transaction.atomic
def _rejoin(ids: Sequence[int], now: datetime) -> int:
    """Rows that somebody stores at this moment are left to the next round."""
    rows = Conversion.objects.select_for_update(of=("self",), skip_locked=True).select_related("account")
    conversions = list(rows.filter(pk__in=ids))
    before = {row.pk: _joined(row) for row in conversions}
    join(conversions=conversions, now=now)
    changed = [row for row in conversions if _joined(row) != before[row.pk]]
    if changed:
        Conversion.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=[*JOINED_COLUMNS]
        )
    return len(changed)


def _joined(conversion: Conversion) -> tuple[object, ...]:
    return conversion.joining, conversion.click_id, conversion.merchant_id, conversion.placement


def clicks_kept_from(now: datetime) -> datetime:
    """The first moment (UTC) whose clicks are still kept: `settings.CLICK_RETENTION_MONTHS` whole months back."""
    years, month = divmod(now.year * 12 + now.month - 1 - settings.CLICK_RETENTION_MONTHS, 12)
    return datetime(years, month + 1, 1, tzinfo=UTC)


def _clicks(keys: Iterable[UUID]) -> dict[UUID, Click]:
    """The clicks by id. Their time is in the id, so each is one row of one partition."""
    wanted = sorted(keys)
    found: dict[UUID, Click] = {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        rows = Click.objects.filter(clicked_at__in={click_ids.made_at(key) for key in some}, pk__in=some)
        found |= {click.pk: click for click in rows.order_by()}
    return found


def _offers(clicks: Iterable[Click]) -> dict[object, Offer]:
    """Offers by their id, and by the code of the link for clicks that were stored without one."""
    clicks = list(clicks)
    found: dict[object, Offer] = {}
    found |= Offer.objects.in_bulk([click.offer_id for click in clicks if click.offer_id is not None])
    codes = {click.code for click in clicks if click.offer_id is None}
    for link in Link.objects.filter(code__in=codes).select_related("offer") if codes else ():
        found[link.code] = found[link.offer_id] = link.offer
    return found


def _take_over(conversion: Conversion, click: Click, offers: dict[object, Offer]) -> None:
    offer = offers.get(click.offer_id if click.offer_id is not None else click.code)
    conversion.joining = Joining.CLICK
    conversion.click_id, conversion.clicked_at = click.pk, click.clicked_at
    conversion.code, conversion.placement = click.code, click.placement
    conversion.offer_id = click.offer_id if click.offer_id is not None else (offer.pk if offer else None)
    conversion.product_id = offer.product_id if offer else None
    conversion.route_id = click.route_id
    conversion.country, conversion.form = click.country, click.form


def _forget_click(conversion: Conversion) -> None:
    conversion.click_id = conversion.clicked_at = None
    conversion.offer_id = conversion.product_id = conversion.route_id = None
    conversion.code = conversion.placement = conversion.country = conversion.form = ""


def _why_not(conversion: Conversion, key: UUID | None, now: datetime) -> Joining:
    if key is None:
        return Joining.FOREIGN if conversion.sub_id else Joining.NO_SUB_ID
    return Joining.TOO_OLD if click_ids.made_at(key) < clicks_kept_from(now) else Joining.UNKNOWN


class _Merchants:
    """The merchants of some networks, by the network's number of them and by our tracking ids."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._by_number: dict[tuple[str, str], set[int]] = {}
        self._by_tracking_id: dict[tuple[str, str], set[tuple[int, str]]] = {}
        rows = Merchant.objects.filter(network__in=set(networks)).values_list("pk", "network", "network_settings")
        for pk, network, given in rows:
            for name, value in _texts(given):
                if name in MERCHANT_NUMBERS:
                    self._by_number.setdefault((network, value), set()).add(pk)
                for tracking_id, place in ({value: ""} | tracking_places(value)).items():
                    self._by_tracking_id.setdefault((network, tracking_id), set()).add((pk, place))

    def find(self, conversion: Conversion, offers: dict[object, Offer]) -> None:
        """Sets the merchant, and the place where only a tracking id tells one. What is ambiguous stays open."""
        network = conversion.account.network
        offer = offers.get(conversion.offer_id)
        by_number = self._by_number.get((network, conversion.merchant_reference), set())
        by_tracking_id = self._by_tracking_id.get((network, conversion.tracking_id), set())
        candidates = by_number or {pk for pk, _ in by_tracking_id}
        if offer is not None and (not candidates or offer.merchant_id in candidates):
            conversion.merchant_id = offer.merchant_id
        elif len(candidates) == 1:
            conversion.merchant_id = next(iter(candidates))
        places = {place for _, place in by_tracking_id if place}
        if conversion.joining in (Joining.NO_SUB_ID, Joining.FOREIGN, Joining.PLACE) and len(places) == 1:
            conversion.joining, conversion.placement = Joining.PLACE, next(iter(places))


def _texts(given: object) -> Iterator[tuple[str, str]]:
    for name, value in given.items() if isinstance(given, dict) else ():
        if isinstance(value, str) and value:
            yield str(name), value
