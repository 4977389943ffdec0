"""How does an offer come to be, and how is it looked at or withdrawn when somebody says so?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog.models import Merchant, Offer, Product
from catalog.reading import Condition
from catalog.services.links import LinkRefused, link_for_offer
from catalog.targets import TargetRefused, refuse_foreign


class OfferError(Exception):
    """The offer cannot be stored as it is; nothing was. The message says why and what to do."""


@transaction.atomic
def save_offer(
    *,
    product: Product,
    merchant: Merchant,
    merchant_sku: str,
    url: str,
    condition: Condition = Condition.NEW,
    now: datetime | None = None,
) -> Offer:
    """Make or change the merchant's offer of this item in this condition, with its link; it is looked at next.

    An existing offer keeps its price, unless it is given another product: then its readings were about something
    else and its price is cleared. Raises `OfferError`, for example for an address off the merchant's hosts.
    """
    moment = now or timezone.now()
    try:
        refuse_foreign(url, merchant.hosts, merchant=merchant.name)
    except TargetRefused as error:
        raise OfferError(str(error)) from error
    key = {"merchant": merchant, "merchant_sku": merchant_sku, "condition": condition.value}
    offer = Offer.objects.select_for_update().filter(**key).first() or Offer(**key)
    if offer.pk and offer.product_id != product.pk:
        _forget_price(offer)
    offer.product, offer.url, offer.next_check_at, offer.withdrawn_at = product, url, moment, None
    try:
        offer.full_clean()
    except ValidationError as error:
        raise OfferError(f"{merchant}, item {merchant_sku!r}: {' '.join(error.messages)}") from error
    offer.save()
    try:
        link_for_offer(offer=offer)
    except LinkRefused as error:
        raise OfferError(str(error)) from error
    return offer


def _forget_price(offer: Offer) -> None:
    offer.prices.all().delete()
    offer.amount, offer.currency, offer.shipping_amount, offer.seen_at = None, "", None, None
    offer.state, offer.state_reason = Offer.State.NEW, "The offer was given another product."


def check_now(*, offers: Iterable[Offer], now: datetime) -> int:
    """Put the offers first in line; how many. Those of a paused merchant wait until it is resumed."""
    return Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(next_check_at=now)


def withdraw_offers(*, offers: Iterable[Offer], now: datetime) -> int:
    """Take the offers off the site, readings and clicks kept; how many. `restore_offers` takes it back."""
    ids = [offer.pk for offer in offers]
    return Offer.objects.filter(pk__in=ids, withdrawn_at__isnull=True).update(withdrawn_at=now)


def restore_offers(*, offers: Iterable[Offer], now: datetime) -> int:
    """Put withdrawn offers back; each is read anew, whatever its feed says of changes. How many."""
    ids = [offer.pk for offer in offers]
    return Offer.objects.filter(pk__in=ids, withdrawn_at__isnull=False).update(
        withdrawn_at=None, next_check_at=now, state=Offer.State.NEW, times_missing=0
    )
