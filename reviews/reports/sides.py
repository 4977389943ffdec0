"""From which sides can clicks be looked at, and what are the things called that are seen from there?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from catalog.click_reports import Dimension
from catalog.links.countries import country_name
from catalog.models import Link, LinkRoute, Merchant, Offer, Product
from reviews.places import place_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a row is called. `path` is the page's whose views its clicks are a share of; `href` shows the thing."""

    text: str
    href: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """`begins` keeps those keys of the dimension that begin with it; `inner` is the side that looks into one key."""

    key: str
    label: str
    dimension: str
    names: Callable[[Iterable[str]], Mapping[str, Name]]
    begins: str = ""
    inner: str = ""
    has_views: bool = False
    # Its rows are articles: beside their clicks stands how fresh they are, and those without a click stand there too.
    has_upkeep: bool = False


NOWHERE = "Not known"


def _numbers(keys: Iterable[str]) -> list[int]:
    return [int(key) for key in keys if key.isascii() and key.isdigit()]


def _places(keys: Iterable[str]) -> dict[str, Name]:
    wanted = [key for key in keys if key]
    return {
        place: Name(text=f"{words.text}{' (gone)' if words.is_gone else ''}", href=words.path, path=words.path)
        for place, words in place_words(wanted).items()
    }


def _products(keys: Iterable[str]) -> dict[str, Name]:
    rows = Product.objects.filter(pk__in=_numbers(keys)).select_related("brand")
    return {str(row.pk): Name(text=row.name, href=row.get_absolute_url()) for row in rows}


def _merchants(keys: Iterable[str]) -> dict[str, Name]:
    rows = Merchant.objects.filter(pk__in=_numbers(keys)).values_list("pk", "name")
    return {str(pk): Name(text=name, href=reverse("admin:catalog_merchant_change", args=[pk])) for pk, name in rows}


def _offers(keys: Iterable[str]) -> dict[str, Name]:
    rows = Offer.objects.filter(pk__in=_numbers(keys)).select_related("product__brand", "merchant")
    return {str(row.pk): Name(text=str(row), href=reverse("admin:catalog_offer_change", args=[row.pk])) for row in rows}


def _links(keys: Iterable[str]) -> dict[str, Name]:
    rows = Link.objects.filter(code__in=list(keys)).values_list("pk", "code")
    return {code: Name(text=f"/go/{code}/", href=reverse("admin:catalog_link_change", args=[pk])) for pk, code in rows}


def _routes(keys: Iterable[str]) -> dict[str, Name]:
    rows = LinkRoute.objects.filter(pk__in=_numbers(keys)).select_related("link")
    return {
        str(row.pk): Name(
            text=f"{row.link}: {row.name or f'route {row.position}'}",
            href=reverse("admin:catalog_link_change", args=[row.link_id]),
        )
        for row in rows
    }


def _countries(keys: Iterable[str]) -> dict[str, Name]:
    return {key: Name(text=country_name(key)) for key in keys if key}


def _devices(keys: Iterable[str]) -> dict[str, Name]:
    return {key: Name(text=key.capitalize()) for key in keys if key}


SIDES: dict[str, Side] = {
    side.key: side
    for side in (
        Side(
            key="article",
            label="Article",
            dimension=Dimension.PAGE,
            names=_places,
            begins="a",
            inner="block",
            has_views=True,
            has_upkeep=True,
        ),
        Side(key="page", label="Page", dimension=Dimension.PAGE, names=_places, inner="block", has_views=True),
        Side(key="block", label="Block", dimension=Dimension.BLOCK, names=_places, inner="position", has_views=True),
        Side(key="position", label="Position", dimension=Dimension.PLACE, names=_places, has_views=True),
        Side(key="product", label="Product", dimension=Dimension.PRODUCT, names=_products),
        Side(key="merchant", label="Merchant", dimension=Dimension.MERCHANT, names=_merchants),
        Side(key="offer", label="Offer", dimension=Dimension.OFFER, names=_offers),
        Side(key="link", label="Link", dimension=Dimension.LINK, names=_links),
        Side(key="route", label="Route", dimension=Dimension.ROUTE, names=_routes),
        Side(
            key="quiz",
            label="Quiz version",
            dimension=Dimension.PAGE,
            names=_places,
            begins="q",
            inner="block",
            has_views=True,
        ),
        Side(key="country", label="Country", dimension=Dimension.COUNTRY, names=_countries),
        Side(key="device", label="Device", dimension=Dimension.FORM, names=_devices),
    )
}
