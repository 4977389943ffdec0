"""Alerts for machines: the same door as the form's, with the same words."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.alerting import AlertKind
from catalog.models import Product
from catalog.services.alerts import AlertError, AlertInput, ask_for_alert, check_alert
from readers.address_answers import ANSWERS, refuse_busy_network, taken
from readers.exact_input import ExactInput
from readers.mail_address import LONGEST_ADDRESS


@extend_schema_field({"type": "string", "format": "iso-3166"})
class CountryField(serializers.CharField):
    """Two letters, or nothing."""


@extend_schema_field({"type": "string", "format": "iso-4217"})
class CurrencyField(serializers.CharField):
    """Three letters."""


class AlertIn(ExactInput):
    product = serializers.SlugField(max_length=200, help_text="The product's slug.")
    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in AlertKind],
        help_text="`below`: it costs at most `amount`; `drop`: any drop in `currency`; `stock`: it is back.",
    )
    amount = serializers.DecimalField(
        max_digits=13, decimal_places=3, required=False, help_text="Of `below`, with the currency's decimals."
    )
    currency = CurrencyField(max_length=3, required=False, help_text="ISO 4217; not asked for `stock`.")
    country = CountryField(
        max_length=2, required=False, allow_blank=True, help_text="ISO 3166: shops that deliver there; empty: all."
    )
    email = serializers.EmailField(max_length=LONGEST_ADDRESS, help_text="Confirmed once, for everything.")


class Alerts(generics.GenericAPIView[Product]):
    """Ask for an alert. It begins once its owner has confirmed the address, by the one mail that asks."""

    serializer_class = AlertIn
    queryset = Product.objects.none()

    @extend_schema(
        request=AlertIn,
        responses={
            **ANSWERS,
            404: OpenApiResponse(OpenApiTypes.OBJECT, description="There is no such product."),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = AlertIn(data=request.data)
        sent.is_valid(raise_exception=True)
        data, now = sent.validated_data, timezone.now()
        product = get_object_or_404(Product.objects.select_related("brand"), slug=data["product"], merged_into=None)
        amount = data.get("amount")
        given = AlertInput(
            kind=data["kind"],
            amount="" if amount is None else f"{amount.normalize():f}",
            currency=data.get("currency", ""),
            country=data.get("country", ""),
        )
        try:
            # What is refused has no mail sent, so it takes none of the network's share.
            check_alert(product=product, given=given, now=now)
            refuse_busy_network(request)
            ask_for_alert(product=product, given=given, address=data["email"], asked_on=request.path, now=now)
        except AlertError as error:
            raise ValidationError({name or "product": [words] for name, words in error.problems}) from None
        return taken("If the address was confirmed before, the alert has begun; if not, a mail asks its owner.")
