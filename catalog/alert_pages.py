"""What do the form and the pages about alerts say? Each as an object, before it is HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse

from catalog.alerting import AlertKind
from catalog.form_problems import FormProblems
from catalog.links.countries import country_name
from catalog.models import Alert, Product
from catalog.money.currencies import decimals
from catalog.shopper import DEFAULT_CURRENCY, Shopper
from catalog.shown_offer import ShownOffer


@dataclass(frozen=True, slots=True)
class KindChoice:
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertForm(FormProblems):
    """`currencies`: in which the shops that allow alerts ask; `country_words` is empty where no country is known.

    `is_change`: the amount of an alert that is there, so neither kind nor address is asked.
    """

    action: str
    product: str
    kinds: tuple[KindChoice, ...]
    currencies: tuple[str, ...]
    currency: str
    amount: str = ""
    country: str = ""
    country_words: str = ""
    email: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    is_change: bool = False

    @property
    def amount_problem(self) -> str:
        return self.problem_of("amount")

    @property
    def kind_problem(self) -> str:
        return self.problem_of("kind")

    @property
    def country_problem(self) -> str:
        return self.problem_of("country")

    @property
    def asks_amount(self) -> bool:
        return not self.is_change or any(kind.key == AlertKind.BELOW for kind in self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """`form` is None where a sentence is all there is. `product_url` is empty where there is no product any more."""

    title: str
    text: str = ""
    form: AlertForm | None = None
    product: str = ""
    product_url: str = ""
    leave_url: str = ""
    description: str = "Be told when a price drops or something is back in stock."
    canonical: str = ""
    is_indexed: bool = False
    json_ld: tuple[object, ...] = field(default_factory=tuple)


def alert_form(
    product: Product,
    offers: Iterable[ShownOffer],
    shopper: Shopper,
    *,
    given: dict[str, str] | None = None,
    problems: Sequence[tuple[str, str]] = (),
) -> AlertForm | None:
    """None where no shop of this product allows alerts. `given`: what was typed, by the form's names."""
    watched = [one for one in offers if one.can_alert]
    if not watched:
        return None
    typed = given or {}
    currencies = tuple(dict.fromkeys(one.price.currency for one in watched if one.price)) or (DEFAULT_CURRENCY,)
    wanted = typed.get("currency", "") or shopper.currency
    kind = typed.get("kind", "") or AlertKind.BELOW
    country = typed.get("country", shopper.country if len(shopper.country) == 2 else "").upper()[:2]
    return AlertForm(
        action=reverse("alert-new", args=[product.slug]),
        product=str(product),
        kinds=tuple(KindChoice(one.value, one.label, one.value == kind) for one in AlertKind),
        currencies=currencies,
        currency=wanted if wanted in currencies else currencies[0],
        amount=typed.get("amount", "")[:20],
        country=country,
        country_words=country_name(country) if country.isalpha() and len(country) == 2 else "",
        email=typed.get("email", ""),
        problems=tuple(problems),
    )


def change_form(
    alert: Alert, *, given: dict[str, str] | None = None, problems: Sequence[tuple[str, str]] = ()
) -> AlertForm:
    typed = given or {}
    kind = AlertKind(alert.kind)
    country = typed.get("country", alert.country)[:2].upper()
    return AlertForm(
        action=reverse("alert-mine", args=[alert.consent.key]),
        product=alert.product_name,
        kinds=(KindChoice(kind.value, kind.label, True),),
        currencies=(alert.currency,) if alert.currency else (),
        currency=alert.currency,
        amount=typed.get("amount", _plain(alert.amount, alert.currency))[:20],
        country=country,
        problems=tuple(problems),
        is_change=True,
    )


def _plain(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{amount:.{decimals(currency)}f}"


def asking_page(product: Product, form: AlertForm | None) -> AlertPage:
    return AlertPage(
        title=f"Tell me about the {product}",
        text="" if form else "No shop that sells it allows us to watch its prices for readers, so there is no alert.",
        form=form,
        product=str(product),
        product_url=product.get_absolute_url(),
        canonical=reverse("alert-new", args=[product.slug]),
    )


def asked_page(product: Product) -> AlertPage:
    """The same whoever asked: it tells no stranger whose address is known."""
    return AlertPage(
        title="Look into your mailbox",
        text=(
            "If you have confirmed this address here before, the alert has begun. If not, a mail with a link is on its "
            "way: nothing comes before you press the button there. It works for 48 hours."
        ),
        product=str(product),
        product_url=product.get_absolute_url(),
    )


def change_page(alert: Alert, form: AlertForm | None, *, text: str = "") -> AlertPage:
    return AlertPage(
        title="Your alert",
        text=text or alert.consent.label,
        form=form,
        product=alert.product_name,
        product_url=alert.product.get_absolute_url() if alert.product else "",
        leave_url=reverse("newsletter-leave", args=[alert.consent.key]),
    )


def said_page(title: str, text: str, *, product: Product | None = None) -> AlertPage:
    return AlertPage(
        title=title,
        text=text,
        product=str(product) if product else "",
        product_url=product.get_absolute_url() if product else "",
    )
