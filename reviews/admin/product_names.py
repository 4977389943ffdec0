"""Which product does an editor mean by what was typed? By name or slug, with or without a script's help."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import slugify

from catalog.models import Product
from catalog.models.product import ProductQuerySet

SUGGESTIONS = 12


def typed_name(product: Product) -> str:
    """What stands in the form for a product: its name, or its slug where the name alone would not find it."""
    return product.name if slugify(product.name) == product.slug else product.slug


def search(typed: str) -> ProductQuerySet:
    """Products whose brand and model hold every typed word, shortest names first. One query."""
    wanted = Q()
    for word in typed.split()[:8]:
        wanted &= Q(brand__name__icontains=word) | Q(model__icontains=word) | Q(slug__icontains=word)
    return Product.objects.filter(wanted, merged_into=None).select_related("brand").order_by("brand__name", "model")


def resolve(lines: Iterable[str]) -> tuple[list[Product], list[str]]:
    """The products meant, in order, and a sentence for every line that names none or several, or one again."""
    wanted = list(dict.fromkeys(stripped for line in lines if (stripped := line.strip())))
    slugs = {slugify(line) for line in wanted}
    by_slug = {row.slug: row for row in Product.objects.filter(slug__in=slugs).select_related("brand")}
    found: dict[int, Product] = {}
    problems: list[str] = []
    for line in wanted:
        product = by_slug.get(slugify(line))
        if product is None:
            product, problem = _only_match(line)
            problems += [problem] if problem else []
        if product is not None and product.pk in found:
            problems.append(f"“{line}” is named twice.")
        elif product is not None:
            found[product.pk] = product
    return list(found.values()), problems


def _only_match(line: str) -> tuple[Product | None, str]:
    rows = list(search(line)[:5])
    if len(rows) == 1:
        return rows[0], ""
    if rows:
        names = "; ".join(typed_name(row) for row in rows)
        return None, f"“{line}” fits several products. Which one: {names}?"
    return None, f"“{line}” is no product of the catalogue. Write its brand and model, or its slug."


class ProductsField(forms.Field):
    """Products by name, one on each line; the order is kept."""

    def __init__(self, *, search_url: str, single: bool = False, **kwargs: Any) -> None:
        attrs = {"data-products": "one" if single else "many", "data-search": search_url, "autocomplete": "off"}
        widget = (
            forms.TextInput(attrs={**attrs, "class": "vTextField"}) if single else forms.Textarea({**attrs, "rows": 3})
        )
        super().__init__(widget=widget, **kwargs)
        self.single = single

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):  # a model form's initial value of a foreign key
            value = list(Product.objects.filter(pk=value).select_related("brand"))
        if isinstance(value, list | tuple):
            return "\n".join(typed_name(product) for product in value)
        return value

    def clean(self, value: Any) -> Any:
        products, problems = resolve(str(value or "").splitlines())
        if problems:
            raise forms.ValidationError(problems)
        if self.required and not products:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if self.single:
            return products[0] if products else None
        return products

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "").strip() != str(data or "").strip()
