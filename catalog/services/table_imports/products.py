"""How does a row of a file of products become a product, its codes, its specs and who says each of them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.text import slugify

from catalog.models import AudioSpecs, Brand, Product, ProductCode, SpecEvidence
from catalog.models.specs import EDITOR
from catalog.services.importing.stock import LONGEST_SLUG, brand_slug
from catalog.services.page_changes import announce
from catalog.services.table_imports.outcome import (
    Around,
    Did,
    Outcome,
    RowProblemError,
    change,
    changes_of,
    problems_of,
    wrong,
)
from catalog.table_rows import product_values, products_for_export, same
from catalog.tables import PRODUCTS, ReadRow
from catalog.tables.products import ADDRESS, DAY, SOURCE, SPEC_NAMES, VOUCHED

_OWN = ("brand", "model", "variant", "kind", "type", "status", "summary", "colour")
_CODES = ("gtin", "asin", "mpn")
# source → (address, day), where the cells say them
Said = dict[str, tuple[str | None, date | None]]


class ProductRows:
    """A stroke of rows: `load` reads all they need in a fixed number of queries, `take` deals with one."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self._by_slug: dict[str, Product] = {}
        self._by_name: dict[tuple[str, str, str], Product] = {}

    def load(self, rows: Sequence[ReadRow]) -> None:
        slugs = {row.values["slug"] for row in rows if "slug" in row.values}
        models = {row.values["model"].casefold() for row in rows if "model" in row.values}
        found = products_for_export(Product.objects.filter(slug__in=slugs))
        named = products_for_export(
            Product.objects.annotate(lower_model=Lower("model"))
            .filter(lower_model__in=models)
            .exclude(slug__in=slugs)
            .order_by("-merged_into", "pk")
        )
        products = [*found, *named]
        self._by_slug = {product.slug: product for product in products}
        self._by_name = {_name(product.brand.name, product.model, product.variant): product for product in products}

    def take(self, row: ReadRow) -> Outcome:
        """Raises `RowProblemError`, `ValidationError` and what the database refuses; the caller has a savepoint."""
        product = self._product(row)
        stored = product_values(product) if product.pk else {}
        outcome = Outcome(number=row.number, did=Did.CHANGED if product.pk else Did.NEW, row=product)
        own = self._differing(row, stored, (*_OWN, *_CODES))
        specs = self._differing(row, stored, SPEC_NAMES)
        fresh = _fresh_evidence(row, product)
        outcome.said = changes_of(stored, row.values, [*own, *specs]) + _evidence_said(fresh, product)
        if product.pk and not outcome.said:
            outcome.did, outcome.name = Did.SAME, product.name
            return outcome
        self._refuse(product)
        self._store(product, row.values, [name for name in own if name in _OWN])
        self._store_codes(product, row.values, [name for name in own if name in _CODES])
        self._store_specs(product, row.values, specs)
        changed = [name for name in (*own, *specs) if name in VOUCHED]
        self._store_evidence(product, fresh, changed)
        announce(f"product:{product.pk}")
        outcome.name = product.name
        return outcome

    def _differing(self, row: ReadRow, stored: Mapping[str, Any], names: Sequence[str]) -> list[str]:
        return [
            name
            for name in names
            if name in row.values and not same(stored.get(name, _NOTHING.get(name)), row.values[name])
        ]

    def _product(self, row: ReadRow) -> Product:
        """The product that the row is about, or a new one that is not stored."""
        values = row.values
        if product := self._by_slug.get(values.get("slug", "")):
            return product
        for needed in ("brand", "model"):
            if not values.get(needed):
                what = f"There is no product “{values.get('slug', '')}” here, and a new one needs its {needed}."
                raise wrong(needed, what if values.get("slug") else "It is needed to find the product, or its slug.")
        known = self._by_name.get(_name(values["brand"], values["model"], values.get("variant") or ""))
        if known is not None and values.get("slug"):
            raise wrong(
                "slug", f"{known.name} is here already, as “{known.slug}”. Write that, or leave the cell empty."
            )
        return known or Product(slug=values.get("slug") or _free_slug(values))

    def _refuse(self, product: Product) -> None:
        rights = self.around.rights
        if product.pk is None and not rights.may_add:
            raise wrong("", "It is not here yet, and your role may not add products. Ask somebody who may.")
        if product.pk is not None and not rights.may_change:
            raise wrong("", "Your role may not change products.")
        if product.merged_into is not None:
            raise wrong("slug", f"It was merged into {product.merged_into.slug}. Change that one.")

    def _store(self, product: Product, values: Mapping[str, Any], names: Sequence[str]) -> None:
        for name in names:
            setattr(product, name, self._brand(values["brand"]) if name == "brand" else values[name])
        if product.pk is not None and not names:
            return
        try:
            product.full_clean()
        except ValidationError as error:
            raise _refused(error) from error
        product.save()

    def _brand(self, name: str) -> Brand:
        known = Brand.objects.filter(Q(name__iexact=name) | Q(slug=brand_slug(name))).order_by("pk").first()
        if known is not None:
            return known
        if not self.around.rights.may_add_brands:
            raise wrong(
                "brand", f"There is no brand “{name}” here, and your role may not add one. Ask somebody who may."
            )
        return Brand.objects.create(name=name, slug=brand_slug(name))

    def _store_codes(self, product: Product, values: Mapping[str, Any], names: Sequence[str]) -> None:
        for scheme in names:
            rows = ProductCode.objects.filter(product=product, scheme=scheme)
            gone = rows.exclude(value__in=values[scheme])
            if not self.around.rights.may_delete_codes and gone.exists():
                lost = ", ".join(gone.values_list("value", flat=True))
                raise wrong(scheme, f"Your role may not take codes away: keep {lost} in the cell.")
            gone.delete()
            known = set(rows.values_list("value", flat=True))
            for value in values[scheme]:
                if value not in known:
                    _add_code(product, scheme, value)

    def _store_specs(self, product: Product, values: Mapping[str, Any], names: Sequence[str]) -> None:
        specs: AudioSpecs = getattr(product, "specs", None) or AudioSpecs(product=product)
        if specs.pk is not None and not names:
            return
        for name in names:
            value = values[name]
            setattr(specs, name, list(value) if isinstance(value, tuple) else value)
        try:
            specs.full_clean(exclude=["product"])
        except ValidationError as error:
            raise _refused(error) from error
        specs.save()

    def _store_evidence(self, product: Product, fresh: Mapping[str, Said], changed: Sequence[str]) -> None:
        """Who vouched for the old value is no longer quoted for it; without a source of its own the editor says it."""
        today = self.around.now.date()
        for name in changed:
            rows = SpecEvidence.objects.filter(product=product, spec=name)
            rows.filter(Q(value="") | Q(source=EDITOR)).exclude(source__in=fresh.get(name, ())).delete()
            if not fresh.get(name):
                SpecEvidence.objects.create(product=product, spec=name, source=EDITOR, checked_on=today)
        for name, said in fresh.items():
            for source, (address, day) in said.items():
                _store_one(product, name, source, address, day, today)


_NOTHING: dict[str, Any] = {"variant": "", "summary": "", **dict.fromkeys(_CODES, ())}


def _refused(error: ValidationError) -> Exception:
    return RowProblemError(*problems_of(error, known=PRODUCTS.names))


def _name(brand: str, model: str, variant: str) -> tuple[str, str, str]:
    return brand.casefold(), model.casefold(), variant.casefold()


def _free_slug(values: Mapping[str, Any]) -> str:
    base = slugify(f"{values['brand']} {values['model']} {values.get('variant') or ''}")[:LONGEST_SLUG].strip("-")
    if not base:
        raise wrong("slug", "Brand and model have no letter or digit that an address could be made of: write one here.")
    slug, number = base, 1
    while Product.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _add_code(product: Product, scheme: str, value: str) -> None:
    owners: QuerySet[ProductCode] = ProductCode.objects.filter(scheme=scheme, value=value)
    owner = owners.exclude(product=product).select_related("product__brand").first() if scheme != "mpn" else None
    if owner is not None:
        raise wrong(
            scheme, f"{value} names {owner.product.name} ({owner.product.slug}) already. Take it away there, or here."
        )
    ProductCode.objects.create(product=product, scheme=scheme, value=value)


def _said(row: ReadRow, name: str) -> Said:
    sources = row.values.get(name + SOURCE, ())
    found: Said = {}
    beside: dict[str, tuple[Any, ...]] = {}
    for ending in (ADDRESS, DAY):
        cells = row.values.get(name + ending, ())
        if len(cells) > len(sources):
            raise wrong(name + ending, f"It has more parts than {name}{SOURCE} names sources ({len(sources)}).")
        beside[ending] = (*cells, *[None] * (len(sources) - len(cells)))
    for source, address, day in zip(sources, beside[ADDRESS], beside[DAY], strict=True):
        found[source] = (address, day)
    return found


def _fresh_evidence(row: ReadRow, product: Product) -> dict[str, Said]:
    """What the row says of sources and the ledger does not say yet; cells that were only carried along are none."""
    known: dict[tuple[str, str], SpecEvidence] = {}
    if product.pk is not None:
        known = {(entry.spec, entry.source): entry for entry in product.evidence.all()}
    found: dict[str, Said] = {}
    for name in VOUCHED:
        fresh = {
            source: (address, day)
            for source, (address, day) in _said(row, name).items()
            if (entry := known.get((name, source))) is None
            or (address is not None and address != entry.source_url)
            or (day is not None and day != entry.checked_on)
        }
        if fresh:
            found[name] = fresh
    return found


def _evidence_said(fresh: Mapping[str, Said], product: Product) -> list[dict[str, str]]:
    known: dict[str, list[str]] = {}
    if product.pk is not None:
        for entry in product.evidence.all():
            known.setdefault(entry.spec, []).append(_quoted(entry.source, entry.source_url, entry.checked_on))
    return [
        change(
            name + SOURCE,
            tuple(known.get(name, ())),
            tuple(_quoted(source, address, day) for source, (address, day) in said.items()),
        )
        for name, said in fresh.items()
    ]


def _quoted(source: str, address: str | None, day: date | None) -> str:
    return ", ".join(str(part) for part in (source, address, day) if part)


def _store_one(product: Product, name: str, source: str, address: str | None, day: date | None, today: date) -> None:
    entry = SpecEvidence.objects.filter(product=product, spec=name, source=source).first()
    if entry is None:
        entry = SpecEvidence(product=product, spec=name, source=source, checked_on=day or today)
    entry.source_url = address if address is not None else entry.source_url
    entry.checked_on = day or entry.checked_on
    entry.save()
