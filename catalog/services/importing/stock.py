"""What does the database already hold of the products that these rows name?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.text import slugify

from catalog.models import AudioSpecs, Brand, Product, ProductCode, SpecEvidence
from catalog.services.importing.row import ImportRow

# A GTIN or an ASIN names one thing in the world; two makers may use the same part number.
NAMES_ONE_PRODUCT = (ProductCode.Scheme.GTIN, ProductCode.Scheme.ASIN)
LONGEST_SLUG = 190  # room for a number


@dataclass(slots=True, eq=False)
class Holding:
    """A product with all that hangs on it, as it will be once the batch is saved."""

    product: Product
    specs: AudioSpecs
    codes: set[tuple[str, str]] = field(default_factory=set)
    evidence: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    is_new: bool = False
    # An earlier line of the same import spoke of it: a later one only fills in what is unknown.
    is_settled: bool = False

    def contradicts(self, row: ImportRow) -> bool:
        """True when one is known to be wireless and the other is known not to be: two models under one name."""
        mine, theirs = self.specs.wireless, row.specs.get("wireless")
        return mine is not None and theirs is not None and mine is not theirs


@dataclass(slots=True)
class Stock:
    brands: dict[str, Brand] = field(default_factory=dict)
    holdings: dict[tuple[str, str], list[Holding]] = field(default_factory=lambda: defaultdict(list))
    owners: dict[tuple[str, str], Holding | Product] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)

    def find(self, row: ImportRow) -> Holding | None:
        """The product the row is about: the one that agrees about wireless before one that merely does not deny."""
        candidates = self.holdings[identity(row.brand, row.model)]
        for holding in candidates:
            if holding.specs.wireless is row.specs.get("wireless"):
                return holding
        return next((holding for holding in candidates if not holding.contradicts(row)), None)

    def free_slug(self, base: str) -> str:
        base = base[:LONGEST_SLUG].strip("-")
        slug, number = base, 1
        while slug in self.slugs:
            number += 1
            slug = f"{base}-{number}"
        self.slugs.add(slug)
        return slug


def brand_slug(name: str) -> str:
    """The brand's address; a name without a Latin letter gets a number of its own that stays the same."""
    return slugify(name)[:80] or f"brand-{crc32(name.encode()):08x}"


def identity(brand: str, model: str) -> tuple[str, str]:
    return brand_slug(brand), model.lower()


def load_stock(rows: Sequence[ImportRow]) -> Stock:
    """Everything the rows need, in six queries."""
    stock = Stock()
    stock.brands = {brand.slug: brand for brand in Brand.objects.filter(slug__in={brand_slug(r.brand) for r in rows})}
    products = (
        Product.objects.annotate(lower_model=Lower("model"))
        .filter(brand__in=stock.brands.values(), lower_model__in={row.model.lower() for row in rows})
        .select_related("brand", "specs", "merged_into__brand", "merged_into__specs")
        .order_by("id")
    )
    by_id: dict[int, Holding] = {}
    for named in products:
        product = _kept(named)
        if product.pk not in by_id:
            specs = product.specs if hasattr(product, "specs") else AudioSpecs(product=product)
            by_id[product.pk] = Holding(product=product, specs=specs)
        # By the name it was found under: a merged record's name leads to the one that was kept.
        namesakes = stock.holdings[named.brand.slug, named.model.lower()]
        if by_id[product.pk] not in namesakes:
            namesakes.append(by_id[product.pk])
    for code in ProductCode.objects.filter(product__in=by_id):
        by_id[code.product_id].codes.add((code.scheme, code.value))
    for evidence in SpecEvidence.objects.filter(product__in=by_id):
        by_id[evidence.product_id].evidence[evidence.spec].add(evidence.source)
    for code in _owned(code for row in rows for code in row.codes):
        stock.owners[code.scheme, code.value] = by_id.get(code.product_id, code.product)
    stock.slugs = set(Product.objects.values_list("slug", flat=True))
    return stock


def _kept(product: Product) -> Product:
    """The record that a merged one ended in; a circle cannot be made, but would not hang us either."""
    for _ in range(20):
        if product.merged_into is None:
            break
        product = product.merged_into
    return product


def _owned(codes: Iterable[tuple[str, str]]) -> Iterable[ProductCode]:
    unique = {code for code in codes if code[0] in NAMES_ONE_PRODUCT}
    wanted = Q(pk__in=[])
    for scheme in NAMES_ONE_PRODUCT:
        wanted |= Q(scheme=scheme, value__in=[value for other, value in unique if other == scheme])
    return ProductCode.objects.filter(wanted).select_related("product__brand").order_by(F("id"))
