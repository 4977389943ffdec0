"""How are an editor's corrections to a product stored, so that no import takes them back?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from catalog.models import Product, SpecEvidence
from catalog.models.specs import EDITOR
from catalog.services.page_changes import announce


@transaction.atomic
def store_product(*, product: Product, changed: Iterable[str], on: date) -> None:
    """Store the product; `changed` names the columns that the editor touched. Raises `ValidationError`."""
    product.full_clean()
    product.save()
    vouch(product=product, columns=[name for name in changed if name in ("kind", "type")], on=on)


@transaction.atomic
def vouch(*, product: Product, columns: Iterable[str], on: date) -> None:
    """An editor says what these columns hold: whoever said otherwise before is no longer quoted for them."""
    announce(f"product:{product.pk}")
    names = list(columns)
    SpecEvidence.objects.filter(product=product, spec__in=names).delete()
    SpecEvidence.objects.bulk_create(
        SpecEvidence(product=product, spec=name, source=EDITOR, checked_on=on) for name in names
    )
