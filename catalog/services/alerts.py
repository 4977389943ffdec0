"""How does a reader ask for an alert, change it, and lose it when its product is gone?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from catalog import selectors
from catalog.alerting import AlertKind, Seen, seen_offer
from catalog.links.countries import NAMES, country_name
from catalog.models import Alert, Offer, Product
from catalog.money import money_text
from catalog.money.currencies import decimals
from readers.consent import Topic
from readers.models import Consent
from readers.services.follows import ask_to_follow
from readers.services.subscriptions import leave_topics
from readers.services.telling import tell_each
from readers.tasks import send_confirmation

# What is gone is said in the reader's next letter; after this time its alert ends for good.
GONE_LIFE = timedelta(days=30)
_MOST = Decimal(1_000_000)


class AlertError(Exception):
    """It was not taken. `problems`: the form's field (or "") and a sentence that says what would do."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(words for _, words in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertInput:
    """As it came from a form: texts. `country` is empty for anywhere."""

    kind: str
    amount: str = ""
    currency: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What is known now of a product for a reader in a country: the least asked in a currency, and whether it sells."""

    lowest: Decimal | None
    is_stocked: bool | None


def seen_offers(product_ids: Iterable[int], *, now: datetime) -> dict[int, list[Seen]]:
    """The offers that alerts may speak of, by product. Two queries."""
    return {
        product_id: [seen for one in facts if (seen := seen_offer(one, now=now))]
        for product_id, facts in selectors.offer_facts(product_ids).items()
    }


def reached(offers: Iterable[Seen], *, currency: str, country: str) -> Reached:
    near = [one for one in offers if not country or not one.reach or country in one.reach]
    amounts = [one.amount for one in near if one.amount is not None and one.currency == currency]
    stocks = [one.is_stocked for one in near if one.is_stocked is not None]
    return Reached(lowest=min(amounts, default=None), is_stocked=any(stocks) if stocks else None)


@transaction.atomic
def ask_for_alert(*, product: Product, given: AlertInput, address: str, asked_on: str, now: datetime) -> None:
    """Begins at once at an address confirmed before, else one mail asks. Raises `AlertError`.

    What the same address asked for before of this product and kind is replaced by it.
    """
    kind, amount, currency, country, there = _weighed(product.pk, given, now=now)
    label = label_of(product, kind, amount, currency, country)
    topic = Topic(key=f"alert:{product.pk}:{kind}", label=label, wording=_wording(label), version=1)
    asked = ask_to_follow(address=address, topic=topic, asked_on=asked_on, now=now)
    if asked.consent is None:
        return
    values = {
        "product": product,
        "product_name": str(product)[:240],
        "kind": kind,
        "amount": amount,
        "currency": currency,
        "country": country,
        "base": there.lowest if kind is AlertKind.DROP else None,
        "is_armed": True,
        "ended_at": None,
    }
    Alert.objects.update_or_create(consent=asked.consent, defaults=values)
    if not asked.is_new:
        Consent.objects.filter(pk=asked.consent.pk).update(label=label)
    if asked.wants_mail:
        transaction.on_commit(partial(send_confirmation.delay, asked.consent.pk))


def check_alert(*, product: Product, given: AlertInput, now: datetime) -> None:
    """Whether `ask_for_alert` would take it; nothing is stored. Raises `AlertError`."""
    _weighed(product.pk, given, now=now)


@transaction.atomic
def change_alert(*, alert: Alert, given: AlertInput, now: datetime) -> Alert:
    """Another amount or country for the same wish. Raises `AlertError`."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.product_id is None or alert.ended_at:
        raise AlertError([("", "The product is no longer here, so there is nothing left to wait for.")])
    kind, amount, currency, country, there = _weighed(alert.product_id, given, now=now, kind=alert.kind)
    product = Product.objects.select_related("brand").get(pk=alert.product_id)
    alert.amount, alert.currency, alert.country, alert.is_armed = amount, currency, country, True
    alert.base = there.lowest if kind is AlertKind.DROP else None
    alert.save(update_fields=["amount", "currency", "country", "is_armed", "base"])
    Consent.objects.filter(pk=alert.consent_id).update(label=label_of(product, kind, amount, currency, country))
    return alert


@transaction.atomic
def end_dead_alerts(*, now: datetime) -> int:
    """Says once that a product is gone, and takes away alerts that ended; how many were touched."""
    sold = Offer.objects.buyable().filter(product=OuterRef("product"))
    gone = Q(product=None) | (Q(product__status=Product.Status.DISCONTINUED) & ~Q(Exists(sold)))
    force = Q(consent__confirmed_at__isnull=False, consent__withdrawn_at__isnull=True)
    ending = list(Alert.objects.filter(gone, force, ended_at=None).select_for_update(of=("self",)))
    tell_each([(one.consent_id, f"{one.pk}.gone") for one in ending], kind="alert", now=now)
    Alert.objects.filter(pk__in=[one.pk for one in ending]).update(ended_at=now)
    over = Alert.objects.filter(force, ended_at__lt=now - GONE_LIFE).select_related("consent")
    for one in over:
        leave_topics(reader_id=one.consent.reader_id, topics=[one.consent.topic], now=now)
    dead, _ = Alert.objects.filter(consent__withdrawn_at__lte=now - GONE_LIFE).delete()
    return len(ending) + dead


def label_of(product: Product, kind: AlertKind, amount: Decimal | None, currency: str, country: str) -> str:
    """`Acme One at $80.00 or less, delivered to Germany`: what is followed, in words."""
    what = {
        AlertKind.BELOW: f"at {money_text(amount, currency)} or less" if amount is not None else "",
        AlertKind.DROP: f"when its price in {currency} drops",
        AlertKind.STOCK: "when it can be ordered again",
    }[kind]
    where = f", delivered to {country_name(country)}" if country else ""
    return f"{str(product)[:90]} {what}{where}"[:160]


def _wording(label: str) -> str:
    return (
        f"Write to me once it happens: {label}. Only shops that allow alerts are watched. Each letter ends it with one "
        "press, and my address is used for nothing else."
    )


def _weighed(
    product_id: int, given: AlertInput, *, now: datetime, kind: str = ""
) -> tuple[AlertKind, Decimal | None, str, str, Reached]:
    """What was asked for, and what the shops say today. Raises `AlertError`."""
    wanted, amount, currency, country = _checked(given, kind=kind)
    offers = seen_offers([product_id], now=now).get(product_id, [])
    there = reached(offers, currency=currency, country=country)
    _refuse_what_is_true(wanted, amount, currency, there)
    return wanted, amount, currency, country, there


def _checked(given: AlertInput, *, kind: str = "") -> tuple[AlertKind, Decimal | None, str, str]:
    problems = []
    try:
        wanted = AlertKind(kind or given.kind)
    except ValueError:
        raise AlertError(
            [("kind", "Choose what we shall tell you: an amount, any drop, or that it is back.")]
        ) from None
    country = given.country.strip().upper()
    if country and country not in NAMES:
        problems.append(("country", f"“{country[:20]}” is no country code; write two letters such as DE or GB."))
    if wanted is AlertKind.STOCK:
        amount, currency = None, ""
    else:
        amount, currency = None, given.currency.strip().upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            problems.append(("currency", "Say in which currency, by its three letters: USD, EUR, GBP."))
        elif wanted is AlertKind.BELOW:
            amount = _amount(given.amount, currency)
            if amount is None:
                problems.append(
                    ("amount", "Write the most it may cost as a number above zero, for example 79.90 or 1299.")
                )
    if problems:
        raise AlertError(problems)
    return wanted, amount, currency, country


def _amount(text: str, currency: str) -> Decimal | None:
    """`79.90`, `79,90`, `1299`; one mark at most, so that nobody is told of a thousandth or a thousandfold."""
    cleaned = text.strip().lstrip("$€£").strip().replace(",", ".")
    whole, _, part = cleaned.partition(".")
    if not (whole.isascii() and whole.isdecimal() and (part == "" or (part.isascii() and part.isdecimal()))):
        return None
    if len(part) > decimals(currency) or len(whole) > 9:
        return None
    try:
        amount = Decimal(cleaned.rstrip("."))
    except InvalidOperation:
        return None
    return amount if 0 < amount <= _MOST else None


def _refuse_what_is_true(kind: AlertKind, amount: Decimal | None, currency: str, there: Reached) -> None:
    """Nobody waits for what is so already: said at once, as the page shows these prices too."""
    if kind is AlertKind.BELOW and amount is not None and there.lowest is not None and there.lowest <= amount:
        now_at = money_text(there.lowest, currency)
        raise AlertError([("amount", f"It costs {now_at} already. Name less than that, or ask to hear of any drop.")])
    if kind is AlertKind.STOCK and there.is_stocked:
        raise AlertError([("kind", "It can be ordered at the moment: see the shops on its page.")])
