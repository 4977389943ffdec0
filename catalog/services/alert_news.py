"""What does a letter say of a price that came down, or of something that is back? Looked at anew when it is made.

What is not true any more is not told, and waits to become true again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from catalog import selectors
from catalog.alerting import AlertKind, Wish, is_still_true, seen_offer
from catalog.links.countries import country_name
from catalog.models import Alert
from catalog.money import money_text
from catalog.offer_links import offer_link
from catalog.services.alerts import reached
from catalog.shown_offer import OfferFacts, ShownOffer, show
from catalog.terms import Use
from readers import news

# `m…` is a mail (`reviews/places.py`).
PLACE = "malert.offers.1"
DISCLOSURE = (
    "When you buy after following a link to a shop, the shop may pay us a commission. You pay the same, and it decides "
    "nothing of what we write or recommend."
)


@dataclass(frozen=True, slots=True)
class _Offer:
    facts: OfferFacts
    shown: ShownOffer


class AlertNews:
    """Registered with `readers.news` by the app."""

    kind = "alert"

    def tell(self, items: Sequence[news.Item], *, now: datetime) -> Mapping[int, news.Told]:
        """Four queries at most. An alert whose news is not true any more is armed again."""
        by_item = {item.id: item.ref.partition(".") for item in items}
        numbers = {int(number) for number, _, _ in by_item.values()}
        alerts = {
            one.pk: one for one in Alert.objects.filter(pk__in=numbers).select_related("product__brand", "consent")
        }
        offers = _offers({one.product_id for one in alerts.values() if one.product_id}, now=now)
        told: dict[int, news.Told] = {}
        untrue = []
        for item_id, (number, _, times) in by_item.items():
            alert = alerts.get(int(number))
            if alert is None:
                continue
            if times == "gone":
                told[item_id] = _gone(alert)
            elif said := _said(alert, offers.get(alert.product_id or 0, []), now=now):
                told[item_id] = said
            else:
                untrue.append(alert.pk)
        if untrue:
            Alert.objects.filter(pk__in=untrue, kind__in=[AlertKind.BELOW, AlertKind.STOCK]).update(is_armed=True)
        return told

    def change_url(self, key: str) -> str:
        return reverse("alert-mine", args=[key])


def _offers(product_ids: set[int], *, now: datetime) -> dict[int, list[_Offer]]:
    """What may be said of them in a mail. Two queries, none where nothing is asked for."""
    if not product_ids:
        return {}
    return {
        product_id: [_Offer(one, shown) for one in facts if (shown := show(one, now=now, use=Use.MAIL))]
        for product_id, facts in selectors.offer_facts(product_ids).items()
    }


def _said(alert: Alert, offers: Sequence[_Offer], *, now: datetime) -> news.Told | None:
    """None where it is not so (any more)."""
    if alert.product is None:
        return None
    near = [(seen, one) for one in offers if (seen := seen_offer(one.facts, now=now))]
    near = [(seen, one) for seen, one in near if not alert.country or not seen.reach or alert.country in seen.reach]
    there = reached([seen for seen, _ in near], currency=alert.currency, country=alert.country)
    wish = Wish(kind=AlertKind(alert.kind), amount=alert.amount)
    if not is_still_true(wish, was=alert.was, lowest=there.lowest, is_stocked=there.is_stocked):
        return None
    if wish.kind is AlertKind.STOCK:
        fitting = [one for seen, one in near if seen.is_stocked]
        fitting.sort(key=lambda one: (one.shown.price is None, one.shown.price.amount if one.shown.price else 0))
    else:
        fitting = [one for seen, one in near if seen.amount == there.lowest and seen.currency == alert.currency]
    return _told(alert, fitting[0])


def _told(alert: Alert, offer: _Offer) -> news.Told:
    assert alert.product is not None
    shown, name = offer.shown, str(alert.product)
    price = shown.price
    said = f"{price.text} at {shown.merchant}" if price else f"At {shown.merchant}"
    if price and price.total_text:
        said += f", {price.total_text} with shipping"
    if price and shown.delivers is None and alert.country and not offer.facts.delivers_to:
        said += f". The shop does not say whether it delivers to {country_name(alert.country)}"
    seen_at = price.seen_at if price else offer.facts.seen_at
    moment = f"Seen {_moment(seen_at)}; it may have changed since, and the shop’s own page decides." if seen_at else ""
    headline = {
        AlertKind.BELOW: f"{name} costs {price.text if price else ''}",
        AlertKind.DROP: f"{name} is down to {price.text if price else ''}",
        AlertKind.STOCK: f"{name} can be ordered again",
    }[AlertKind(alert.kind)]
    before = f" Before, it had stood at {money_text(alert.was, alert.currency)}." if alert.was else ""
    links: tuple[tuple[str, str], ...] = ()
    if not shown.is_direct:
        link = offer_link(shown, PLACE)
        links = ((f"See it at {shown.merchant} ({shown.link_label})", settings.SITE_URL + link.href),)
    return news.Told(
        title=headline,
        subject=headline,
        kicker="Back in stock" if alert.kind == AlertKind.STOCK else "Price alert",
        text=f"{said}.{before}",
        note=" ".join(part for part in (moment, shown.disclaimer) if part),
        url=settings.SITE_URL + alert.product.get_absolute_url(),
        url_words="All shops and specs",
        links=links,
        disclosure=DISCLOSURE,
    )


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"at {date_format(local, 'H:i')} ({settings.TIME_ZONE}) on {date_format(local, 'j F Y')}"


def _gone(alert: Alert) -> news.Told:
    """Said once, of a product that no shop we know sells any more."""
    url = alert.product.get_absolute_url() if alert.product else "/products/"
    return news.Told(
        title=f"{alert.product_name} is no longer sold",
        subject=f"{alert.product_name}: nothing left to wait for",
        kicker="Price alert",
        text="No shop that we know sells it any more, so your alert ends here. There is nothing you have to do.",
        url=settings.SITE_URL + url,
        url_words="What we know of it" if alert.product else "Look at others",
    )
