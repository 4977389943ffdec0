"""Which prices and links need an editor: held, no longer fresh, leading readers wrong?"""

from __future__ import annotations

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.urls import reverse

from catalog.freshness import OLDEST_SHOWN
from catalog.models import Destination, Offer
from catalog.services.destinations import by_loss
from reviews.today.base import MOST_OF_A_KIND, Asker, Found, Item, Kind, days_ago, found


def _heaviest(rows: QuerySet[Offer]) -> list[Offer]:
    ordered = rows.select_related("product__brand", "merchant").order_by("-click_weight", "pk")
    return list(ordered[:MOST_OF_A_KIND])


def _held(asker: Asker) -> Found:
    rows = Offer.objects.filter(state=Offer.State.HELD, withdrawn_at__isnull=True)
    url = reverse("admin:catalog_offer_held")
    return found(
        [
            Item(
                title=str(offer),
                detail=offer.state_reason or "A reading waits for a second look.",
                url=f"{url}#offer-{offer.pk}",
                act="Decide",
                readers=offer.click_weight,
                due=offer.checked_at,
            )
            for offer in _heaviest(rows)
        ],
        rows.count(),
    )


def _stale(asker: Asker) -> Found:
    """Prices that readers could see and no longer do, because nobody could read them for too long."""
    lasts = Least(
        Coalesce(F("merchant__max_price_age"), Value(OLDEST_SHOWN), output_field=DurationField()), Value(OLDEST_SHOWN)
    )
    ended = ExpressionWrapper(F("seen_at") + lasts, output_field=DateTimeField())
    rows = (
        Offer.objects.filter(withdrawn_at__isnull=True, amount__isnull=False)
        .annotate(ended_at=ended)
        .filter(ended_at__lt=asker.now)
    )
    return found(
        [
            Item(
                title=str(offer),
                detail=f"Its price was last read {days_ago(offer.seen_at, asker.today) if offer.seen_at else 'never'} "
                f"and is hidden. {offer.state_reason}".strip(),
                url=reverse("admin:catalog_offer_change", args=[offer.pk]),
                act="Look",
                readers=offer.click_weight,
                due=offer.seen_at,
            )
            for offer in _heaviest(rows)
        ],
        rows.count(),
    )


def _broken(asker: Asker) -> Found:
    failing = Destination.objects.failing().exclude(decision=Destination.Decision.MUTED)
    rows = by_loss(failing).select_related("offer__merchant", "offer__product__brand")[:MOST_OF_A_KIND]
    total = failing.aggregate(rows=Count("pk"))["rows"]
    return found(
        [
            Item(
                title=f"{row.offer}: {row.get_state_display().lower()}",
                detail=row.detail,
                url=reverse("admin:catalog_destination_change", args=[row.pk]),
                act="See why",
                readers=row.offer.click_weight,
                due=row.failing_since,
            )
            for row in rows
        ],
        total,
    )


HELD = Kind(key="held", label="Held prices", needs="catalog.change_offer", find=_held, none="No price is held.")
STALE = Kind(key="stale", label="Stale prices", needs="catalog.view_offer", find=_stale, none="Every price is fresh.")
BROKEN = Kind(
    key="broken", label="Broken links", needs="catalog.view_destination", find=_broken, none="Every link leads right."
)
