"""Products and offers for machines: the same selectors and the same terms as the pages.

Prices appear only where the merchant's terms allow redistribution (`Use.API`); elsewhere `price` is null.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from catalog import selectors
from catalog.api.lists import ByNumber, KnownParameters, Pages
from catalog.api.product_filters import CatalogueFilters
from catalog.api.shopper import SHOPPER, ShopperView, shopper_parameters
from catalog.models import AudioSpecs, Offer, Product
from catalog.shopper import shopping_as
from catalog.shown_offer import ShownOffer, WithoutPrice
from catalog.terms import Use


class ConvertedOut(serializers.Serializer[Any]):
    """What the merchant's price is worth; nobody asks this amount."""

    amount = serializers.DecimalField(max_digits=13, decimal_places=None, help_text="Without shipping.")
    currency = serializers.CharField()
    rate_day = serializers.DateField(help_text="Of which day the exchange rate is.")
    rate_source = serializers.CharField(source="source", help_text="`ECB`: the European Central Bank.")


class PriceOut(serializers.Serializer[Any]):
    amount = serializers.DecimalField(max_digits=13, decimal_places=None, help_text="With its currency's decimals.")
    currency = serializers.CharField()
    seen_at = serializers.DateTimeField(help_text="When the merchant's price was read, UTC.")
    expires_at = serializers.DateTimeField(help_text="From then on the price may not be shown any more, UTC.")
    shipping_amount = serializers.DecimalField(max_digits=13, decimal_places=None, allow_null=True)
    converted = ConvertedOut(
        allow_null=True,
        help_text="Null without `currency`, in the same one, without a rate of this week, or where terms forbid it.",
    )


class OfferOut(serializers.Serializer[Any]):
    merchant = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166, where the merchant sells.")
    delivers = serializers.SerializerMethodField(
        help_text="To the `country` asked for; null where the merchant says nothing of it, or no country was asked for."
    )
    condition = serializers.CharField()
    availability = serializers.CharField(help_text="`unknown` when the last reading is too old to be shown.")
    price = PriceOut(
        allow_null=True, help_text="Null when the merchant's terms keep it from the API, or it is too old."
    )
    price_unavailable_because = serializers.ChoiceField(
        source="without_price",
        choices=[(why.value, why.value) for why in WithoutPrice],
        allow_null=True,
        help_text=(
            "`terms`: the merchant keeps its prices from the API; `too_old`: the last reading may no longer be shown; "
            "`not_read`: none was read; `not_sold`: the merchant does not sell it now. Null when there is a price."
        ),
    )
    url = serializers.SerializerMethodField(help_text="Follow this address; it earns the site a commission.")
    link_label = serializers.CharField()
    disclaimer = serializers.CharField()

    def get_delivers(self, offer: ShownOffer) -> bool | None:
        return offer.delivers

    def get_url(self, offer: ShownOffer) -> str:
        return offer.href if offer.href.startswith("http") else settings.SITE_URL + offer.href


class ProductOfferOut(OfferOut):
    product = serializers.SerializerMethodField(help_text="The product's slug.")

    def get_product(self, offer: ShownOffer) -> str:
        slugs: dict[int, str] = self.context["slugs"]
        return slugs[offer.product_id]


SPEC_FIELDS = [field.name for field in AudioSpecs._meta.fields if field.name not in ("id", "product")]


class SpecsOut(serializers.ModelSerializer[AudioSpecs]):
    """Every spec by its column name; null means that it is not known, never that it is absent."""

    class Meta:
        model = AudioSpecs
        fields = SPEC_FIELDS


class ProductOut(serializers.ModelSerializer[Product]):
    brand = serializers.CharField(source="brand.name")
    types = serializers.SerializerMethodField(help_text="Main type first.")
    url = serializers.SerializerMethodField()
    picture = serializers.SerializerMethodField()
    specs = SpecsOut(allow_null=True, default=None)
    offers = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = [
            "slug",
            "name",
            "brand",
            "model",
            "kind",
            "types",
            "status",
            "summary",
            "url",
            "picture",
            "specs",
            "offers",
        ]

    def get_types(self, product: Product) -> list[str]:
        return [name.value for name in product.type_names]

    def get_url(self, product: Product) -> str:
        return settings.SITE_URL + product.get_absolute_url()

    def get_picture(self, product: Product) -> str:
        return settings.SITE_URL + reverse("picture", kwargs={"slug": product.slug})

    @extend_schema_field(OfferOut(many=True))
    def get_offers(self, product: Product) -> list[dict[str, Any]]:
        offers: dict[int, tuple[ShownOffer, ...]] = self.context["offers"]
        return [dict(row) for row in OfferOut(offers.get(product.pk, ()), many=True).data]


class OfferFilter(django_filters.FilterSet):
    product = django_filters.CharFilter(field_name="product__slug")
    merchant = django_filters.CharFilter(field_name="merchant__slug")

    class Meta:
        model = Offer
        fields: list[str] = []


@shopper_parameters
class ProductList(ShopperView, KnownParameters, generics.ListAPIView[Product]):
    """Products with specs and the offers that may be shown here."""

    serializer_class = ProductOut
    filter_backends = (CatalogueFilters,)
    also_known = SHOPPER
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Product]:
        return selectors.products()

    def paginate_queryset(self, queryset: Any) -> Any:
        """The page's products; their offers are read at once and handed to the serializer."""
        rows = super().paginate_queryset(queryset)
        self.page_products = list(rows or ())
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        ids = [product.pk for product in getattr(self, "page_products", ())]
        return {
            **super().get_serializer_context(),
            "offers": self.shown_offers(ids),
        }


@shopper_parameters
class ProductDetail(ShopperView, generics.RetrieveAPIView[Product]):
    """One product by its slug."""

    serializer_class = ProductOut
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Product]:
        return selectors.products()

    def get_object(self) -> Product:
        product: Product = super().get_object()
        self.product = product
        return product

    def get_serializer_context(self) -> dict[str, Any]:
        ids = [self.product.pk] if hasattr(self, "product") else []
        return {
            **super().get_serializer_context(),
            "offers": self.shown_offers(ids),
        }


@shopper_parameters
class OfferList(ShopperView, KnownParameters, generics.ListAPIView[Offer]):
    """Offers, by product or merchant."""

    serializer_class = ProductOfferOut
    filterset_class = OfferFilter
    also_known = SHOPPER
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Offer]:
        return selectors.offers().select_related("product")

    def paginate_queryset(self, queryset: Any) -> Any:
        """Rows as they may be shown here; an offer that may not appear at all is left out of its page."""
        rows: list[Offer] = list(super().paginate_queryset(queryset) or ())
        self.slugs = {offer.product_id: offer.product.slug for offer in rows}
        now = timezone.now()
        facts = (selectors.facts_of(offer) for offer in rows)
        with shopping_as(self.shopper):
            shown = [selectors.shown_offer(fact, now=now, use=Use.API) for fact in facts if fact]
        return [one for one in shown if one]

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "slugs": getattr(self, "slugs", {})}
