"""What do these rows create or change? Compared in memory, written in a handful of statements for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import Q

from catalog.kinds import ProductType
from catalog.models import AudioSpecs, Brand, Product, ProductCode, SpecEvidence
from catalog.models.specs import EDITOR
from catalog.services.importing.row import Evidence, ImportRow
from catalog.services.importing.stock import NAMES_ONE_PRODUCT, Holding, Stock, brand_slug, identity, load_stock


class Outcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class RowResult:
    outcome: Outcome
    remarks: list[str] = field(default_factory=list)


def load(
    rows: Sequence[tuple[int, ImportRow]], *, source: str, checked_on: date, first_line: dict[str, int]
) -> list[RowResult]:
    """Write the rows; one result for each, in their order. Runs inside the caller's transaction.

    `first_line` says which line of this import spoke of a product first (by slug); it is added to.
    """
    stock = load_stock([row for _, row in rows])
    batch = _Batch(stock=stock, source=source, checked_on=checked_on, first_line=first_line)
    batch.make_brands(row for _, row in rows)
    results = [batch.take(line, row) for line, row in rows]
    batch.write()
    return results


@dataclass(slots=True)
class _Batch:
    stock: Stock
    source: str
    checked_on: date
    first_line: dict[str, int]
    made: list[Holding] = field(default_factory=list)
    changed_products: dict[int, Product] = field(default_factory=dict)
    changed_specs: dict[int, AudioSpecs] = field(default_factory=dict)
    codes: list[ProductCode] = field(default_factory=list)
    evidence: dict[tuple[int, str, str], SpecEvidence] = field(default_factory=dict)
    outdated: list[tuple[int, str]] = field(default_factory=list)

    def make_brands(self, rows: Iterator[ImportRow]) -> None:
        fresh: dict[str, Brand] = {}
        for row in rows:
            slug = brand_slug(row.brand)
            if slug not in self.stock.brands:  # of several spellings the first one stays
                fresh.setdefault(slug, Brand(name=row.brand, slug=slug))
        self.stock.brands |= {brand.slug: brand for brand in Brand.objects.bulk_create(fresh.values())}

    def take(self, line: int, row: ImportRow) -> RowResult:
        result = RowResult(Outcome.UNCHANGED)
        holding = self.stock.find(row)
        if holding is None:
            holding = self._make(row, result)
        earlier = self.first_line.setdefault(holding.product.slug, line)
        if earlier != line:
            result.remarks.append(f"is the same model as line {earlier}; the two were put together.")
            holding.is_settled = True
        changed = self._apply_product(holding, row, result)
        changed |= self._apply_specs(holding, row, result)
        changed |= self._apply_codes(holding, row, result)
        changed |= self._apply_evidence(holding, row)
        if result.outcome is not Outcome.CREATED and changed:
            result.outcome = Outcome.UPDATED
        return result

    def _make(self, row: ImportRow, result: RowResult) -> Holding:
        namesakes = self.stock.holdings[identity(row.brand, row.model)]
        variant = ("wireless" if row.specs["wireless"] else "wired") if namesakes else ""
        base = f"{row.base_slug}-{variant}" if variant else row.base_slug
        slug = self.stock.free_slug(base)
        if slug != base[: len(slug)]:
            result.remarks.append(f"another product already has the address {base!r}; this one got {slug!r}.")
        product = Product(brand=self.stock.brands[brand_slug(row.brand)], model=row.model, variant=variant, slug=slug)
        holding = Holding(product=product, specs=AudioSpecs(product=product), is_new=True)
        namesakes.append(holding)
        self.made.append(holding)
        result.outcome = Outcome.CREATED
        return holding

    def _apply_product(self, holding: Holding, row: ImportRow, result: RowResult) -> bool:
        product = holding.product
        wanted: dict[str, str] = dict(row.product)
        if row.kind is not None:
            wanted["kind"] = row.kind.value
        if row.type is not None:
            wanted["type"] = row.type.value
        changed = False
        for column, value in wanted.items():
            changed |= self._set(holding, product, column, value, result)
        # A product that changed its kind cannot keep a type of the other one; an editor's kind keeps its type.
        if product.type and (product.kind is None or ProductType(product.type).kind.value != product.kind):
            result.remarks.append(f"type {product.type!r} does not fit kind {product.kind!r}; the type is unknown now.")
            product.type, changed = None, True
        if changed and not holding.is_new:
            self.changed_products[product.pk] = product
        return changed

    def _apply_specs(self, holding: Holding, row: ImportRow, result: RowResult) -> bool:
        changed = False
        for column, value in row.specs.items():
            changed |= self._set(holding, holding.specs, column, value, result)
        if changed and not holding.is_new:
            self.changed_specs[id(holding.specs)] = holding.specs
        return changed

    def _set(self, holding: Holding, owner: Product | AudioSpecs, column: str, value: Any, result: RowResult) -> bool:
        """Set the column where it differs; an editor's value stays. True when something changed."""
        old = getattr(owner, column)
        if old == value:
            return False
        if EDITOR in holding.evidence.get(column, ()):
            result.remarks.append(f"`{column}` is {value!r} here, but an editor says {old!r}; the editor is believed.")
            return False
        if holding.is_settled and old not in (None, ""):
            result.remarks.append(f"`{column}` is {value!r} here and {old!r} in the earlier line, which is believed.")
            return False
        if holding.evidence.get(column):
            holding.evidence[column].clear()
            self.outdated.append((id(holding), column))
        setattr(owner, column, value)
        return True

    def _apply_codes(self, holding: Holding, row: ImportRow, result: RowResult) -> bool:
        added = False
        for scheme, value in row.codes:
            if (scheme, value) in holding.codes:
                continue
            owner = self.stock.owners.get((scheme, value))
            if owner is not None and owner is not holding:
                other = owner.product if isinstance(owner, Holding) else owner
                label = ProductCode.Scheme(scheme).label
                result.remarks.append(f"{label} {value} already names {other}; it was not given to a second product.")
                continue
            if scheme in NAMES_ONE_PRODUCT:
                self.stock.owners[scheme, value] = holding
            holding.codes.add((scheme, value))
            self.codes.append(ProductCode(product=holding.product, scheme=scheme, value=value))
            added = True
        return added

    def _apply_evidence(self, holding: Holding, row: ImportRow) -> bool:
        added = False
        for column, said in row.evidence.items():
            source = said.source or self.source
            sources = holding.evidence[column]
            if source in sources or EDITOR in sources or (holding.is_settled and sources):
                continue
            sources.add(source)
            self.evidence[id(holding), column, source] = self._evidence(holding, column, said, source)
            added = True
        return added

    def _evidence(self, holding: Holding, column: str, said: Evidence, source: str) -> SpecEvidence:
        return SpecEvidence(
            product=holding.product, spec=column, source=source, source_url=said.source_url, checked_on=self.checked_on
        )

    def write(self) -> None:
        Product.objects.bulk_create([holding.product for holding in self.made])
        AudioSpecs.objects.bulk_create([holding.specs for holding in self.made])
        Product.objects.bulk_update(
            self.changed_products.values(), ["kind", "type", "status", "summary", "colour"], batch_size=200
        )
        self._write_specs()
        self._forget_outdated()
        ProductCode.objects.bulk_create(self.codes)
        SpecEvidence.objects.bulk_create(self.evidence.values())

    def _write_specs(self) -> None:
        fields = [f.name for f in AudioSpecs._meta.concrete_fields if f.name not in ("id", "product")]
        stored = [specs for specs in self.changed_specs.values() if specs.pk is not None]
        AudioSpecs.objects.bulk_update(stored, fields, batch_size=100)
        AudioSpecs.objects.bulk_create([specs for specs in self.changed_specs.values() if specs.pk is None])

    def _forget_outdated(self) -> None:
        """The old value's witnesses said something else: they are no evidence for the new one."""
        products = {id(h): h.product for group in self.stock.holdings.values() for h in group if not h.is_new}
        wanted = Q(pk__in=[])
        for holding_id, column in self.outdated:
            if holding_id in products:
                wanted |= Q(product=products[holding_id], spec=column)
        if self.outdated:
            SpecEvidence.objects.filter(wanted).delete()
