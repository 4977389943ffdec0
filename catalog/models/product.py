"""What is the thing that is reviewed and sold? A brand's model, with the codes merchants know it by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from catalog.kinds import Kind, ProductType, type_names
from catalog.page_addresses import page_address

if TYPE_CHECKING:
    from catalog.models.specs import AudioSpecs


class Brand(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    homepage = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_address("brand", self.slug)


class ProductQuerySet(models.QuerySet["Product"]):
    def of_kind(self, kind: Kind) -> Self:
        return self.filter(kind=kind.value)

    def of_type(self, product_type: ProductType) -> Self:
        """Products that earn this type name, whether by their main type or by a spec (`kinds.type_names`)."""
        if product_type is ProductType.WIRELESS:
            by_spec = models.Q(kind=Kind.HEADPHONES.value, specs__wireless=True)
        elif product_type is ProductType.NOISE_CANCELLING:
            by_spec = models.Q(kind=Kind.HEADPHONES.value, specs__anc=True)
        else:
            by_spec = models.Q()
            return self.filter(type=product_type.value)
        return self.filter(models.Q(type=product_type.value) | by_spec)


class Product(models.Model):
    class Status(models.TextChoices):
        CURRENT = "current", "Current"
        DISCONTINUED = "discontinued", "Discontinued"

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="products")
    model = models.CharField(max_length=160)
    variant = models.CharField(
        max_length=40,
        blank=True,
        help_text="Only where a maker sells two different things under one name, e.g. wireless.",
    )
    slug = models.SlugField(max_length=200, unique=True)
    kind = models.CharField(
        max_length=12,
        null=True,
        blank=True,
        choices=[(kind.value, kind.label) for kind in Kind],
        help_text="Empty means not known, which is better than a guess.",
    )
    type = models.CharField(
        max_length=20,
        null=True,
        blank=True,
        choices=[(item.value, item.label) for item in ProductType],
        help_text="The main type; wireless and noise-cancelling follow from the specs.",
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.CURRENT)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_products",
        help_text="Another record of the same thing, which took over its offers and codes (catalog.ProductMerge).",
    )
    summary = models.CharField(max_length=300, blank=True, help_text="One sentence: what it is and for whom.")
    colour = models.CharField(
        max_length=7,
        default="#3b4252",
        help_text="The drawing's main colour as #rrggbb; pictures are drawn, not copied.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["brand__name", "model", "variant"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "model", "variant"], name="product_brand_model"),
            models.CheckConstraint(
                name="product_colour_is_hex", condition=models.Q(colour__regex=r"^#[0-9a-fA-F]{6}$")
            ),
            models.CheckConstraint(
                name="product_type_fits_kind",
                condition=models.Q(type__isnull=True)
                | models.Q(
                    kind=Kind.HEADPHONES.value,
                    type__in=[item.value for item in ProductType if item.kind is Kind.HEADPHONES],
                )
                | models.Q(
                    kind=Kind.HEADSET.value,
                    type__in=[item.value for item in ProductType if item.kind is Kind.HEADSET],
                ),
                violation_error_message="This type belongs to the other kind.",
            ),
        ]
        indexes = [models.Index(fields=["kind", "type"], name="product_kind_type")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_address("product", self.slug)

    @property
    def name(self) -> str:
        """Brand and model, as people say it, with what tells it from its namesake. Needs `brand` selected."""
        return f"{self.brand.name} {self.model}" + (f" ({self.variant})" if self.variant else "")

    @property
    def type_names(self) -> tuple[ProductType, ...]:
        """All type names the product earns, main type first. Needs `specs` selected."""
        specs: AudioSpecs | None = getattr(self, "specs", None)
        return type_names(
            ProductType(self.type) if self.type else None,
            wireless=specs.wireless if specs else None,
            anc=specs.anc if specs else None,
        )


class ProductCode(models.Model):
    """A name that machines know a product by. A product has several: colours and regions have their own."""

    class Scheme(models.TextChoices):
        GTIN = "gtin", "GTIN"
        MPN = "mpn", "Manufacturer part number"
        ASIN = "asin", "ASIN"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=4, choices=Scheme)
    value = models.CharField(max_length=64)

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            # A GTIN or an ASIN names one thing in the world; two makers may well use the same part number.
            models.UniqueConstraint(
                fields=["scheme", "value"],
                condition=models.Q(scheme__in=["gtin", "asin"]),
                name="product_code_names_one_product",
            ),
            models.UniqueConstraint(fields=["product", "scheme", "value"], name="product_code_once"),
            models.CheckConstraint(
                name="product_code_gtin_is_digits",
                condition=~models.Q(scheme="gtin") | models.Q(value__regex=r"^[0-9]{8,14}$"),
                violation_error_message="A GTIN is 8 to 14 digits.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"
