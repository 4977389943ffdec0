"""How does an offer come to be, and how is it looked at or withdrawn when somebody says so?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog.models import Merchant, Offer, Product
from catalog.reading import Availability, Condition
from catalog.services.links import LinkError, link_for_offer
from catalog.services.page_changes import announce
from catalog.targets import TargetError, refuse_foreign


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
    key = {"merchant": merchant, "merchant_sku": merchant_sku, "condition": condition.value}
    offer = Offer.objects.filter(**key).first() or Offer(**key)
    offer.product, offer.url, offer.withdrawn_at = product, url, None
    store_offer(offer=offer, now=now or timezone.now())
    return offer


@transaction.atomic
def store_offer(*, offer: Offer, now: datetime) -> None:
    """Store who sells what where, as it stands in `offer`; its price columns are left as they are in the database.

    Raises `OfferError`; nothing is stored then.
    """
    stored = Offer.objects.select_for_update().filter(pk=offer.pk).first() if offer.pk else None
    try:
        refuse_foreign(offer.url, offer.merchant.hosts, merchant=offer.merchant.name)
        offer.full_clean()
    except TargetError as error:
        raise OfferError(str(error)) from error
    except ValidationError as error:
        raise OfferError(f"{offer.merchant}, item {offer.merchant_sku!r}: {' '.join(error.messages)}") from error
    offer.next_check_at = now
    if stored is None:
        offer.save()
    else:
        # Only these: a worker may be writing the price at this moment.
        columns = ["product", "merchant", "merchant_sku", "url", "condition", "withdrawn_at", "next_check_at"]
        if any(getattr(stored, name) != getattr(offer, name) for name in _WHAT_IS_SOLD):
            columns += _forget_price(offer)
        offer.save(update_fields=columns)
    try:
        link_for_offer(offer=offer)
    except LinkError as error:
        raise OfferError(str(error)) from error
    announce(f"offer:{offer.pk}")


_WHAT_IS_SOLD = ("product_id", "merchant_id", "merchant_sku", "condition")


def _forget_price(offer: Offer) -> list[str]:
    """The readings were about something else. Returns the columns that were emptied."""
    offer.prices.all().delete()
    offer.amount, offer.currency, offer.shipping_amount, offer.seen_at = None, "", None, None
    offer.availability, offer.days_seen = Availability.UNKNOWN.value, 0
    offer.state, offer.state_reason = Offer.State.NEW, "The offer is about something else now."
    offer.claimed_at = None  # the answer a worker is waiting for is about the old item too
    emptied = ["amount", "currency", "shipping_amount", "seen_at", "days_seen", "availability"]
    return [*emptied, "state", "state_reason", "claimed_at"]


def check_now(*, offers: Iterable[Offer], now: datetime) -> int:
    """Put the offers first in line; how many. Those of a paused merchant wait until it is resumed."""
    return Offer.objects.filter(pk__in=[offer.pk for offer in offers]).update(next_check_at=now)


@transaction.atomic
def withdraw_offers(*, offers: Iterable[Offer], now: datetime) -> int:
    """Take the offers off the site, readings and clicks kept; how many. `restore_offers` takes it back."""
    ids = [offer.pk for offer in offers]
    announce(*(f"offer:{pk}" for pk in ids))
    return Offer.objects.filter(pk__in=ids, withdrawn_at__isnull=True).update(withdrawn_at=now)


@transaction.atomic
def restore_offers(*, offers: Iterable[Offer], now: datetime) -> int:
    """Put withdrawn offers back; each is read anew, whatever its feed says of changes. How many."""
    ids = [offer.pk for offer in offers]
    announce(*(f"offer:{pk}" for pk in ids))
    return Offer.objects.filter(pk__in=ids, withdrawn_at__isnull=False).update(
        withdrawn_at=None, next_check_at=now, state=Offer.State.NEW, times_missing=0
    )
