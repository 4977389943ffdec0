"""To which reader does the API show offers: in which country, and counting in which currency?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from catalog import selectors
from catalog.links.countries import NAMES
from catalog.market import market
from catalog.shopper import COUNTRY, CURRENCY, DEFAULT_CURRENCY, Shopper, shopping_as
from catalog.shown_offer import ShownOffer
from catalog.terms import Use

SHOPPER = (COUNTRY, CURRENCY)
shopper_parameters = extend_schema(
    parameters=[
        OpenApiParameter(
            COUNTRY,
            {"type": "string", "format": "iso-3166"},
            description="ISO 3166, for example DE: who does not deliver there comes last.",
        ),
        OpenApiParameter(
            CURRENCY,
            {"type": "string", "format": "iso-4217"},
            description="ISO 4217, one that there are prices in: prices in others are also given converted to it.",
        ),
    ]
)


def shopper_asked(request: Request) -> Shopper:
    """The reader that `country` and `currency` describe. Raises `ValidationError` for what is neither."""
    country, currency = (request.query_params.get(name, "") for name in SHOPPER)
    known, problems = market(), {}
    if country and country not in NAMES:
        problems[COUNTRY] = [f"`{country[:20]}` is no country code of ISO 3166; write two capitals such as DE or GB."]
    if currency and currency not in known.currencies:
        problems[CURRENCY] = [f"There are no prices in `{currency[:20]}`; there are in {', '.join(known.currencies)}."]
    if problems:
        raise ValidationError(problems)
    return Shopper(country=country, currency=currency or DEFAULT_CURRENCY, conversion=known.conversion_if(currency))


class ShopperView(generics.GenericAPIView[Any]):
    """Its offers are shown to the reader whom the parameters describe."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.shopper = shopper_asked(request)

    def shown_offers(self, ids: Iterable[int]) -> Mapping[int, tuple[ShownOffer, ...]]:
        with shopping_as(self.shopper):
            return selectors.shown_offers(ids, now=timezone.now(), use=Use.API)
