"""How are an editor's corrections to a product stored, so that no import takes them back?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

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
    """An editor says what these columns hold: whoever vouched for the value before is no longer quoted for it.

    Who is quoted with a value of their own stays: that they say otherwise is worth knowing.
    """
    announce(f"product:{product.pk}")
    names = list(columns)
    rows = SpecEvidence.objects.filter(product=product, spec__in=names)
    rows.filter(Q(value="") | Q(source=EDITOR)).delete()
    SpecEvidence.objects.bulk_create(
        SpecEvidence(product=product, spec=name, source=EDITOR, checked_on=on) for name in names
    )
