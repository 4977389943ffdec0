"""Which product does an editor mean by what was typed? By name or slug, with or without a script's help."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import slugify

from catalog.models import Offer, Product
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


def suggestions(typed: str) -> list[dict[str, str]]:
    """What the picker shows for what was typed: the name to put in, a drawing, kind, how it stands with prices."""
    shown = Q(offers__withdrawn_at__isnull=True)
    rows: Any = search(typed).annotate(
        offer_count=Count("offers", filter=shown),
        priced_count=Count("offers", filter=shown & Q(offers__state=Offer.State.OK, offers__amount__isnull=False)),
    )[:SUGGESTIONS]
    return [
        {
            "name": typed_name(row),
            "title": row.name,
            "kind": row.get_kind_display() or "",
            "picture": reverse("picture", kwargs={"slug": row.slug}),
            "prices": _price_words(row.offer_count, row.priced_count),
            "state": "discontinued" if row.status == Product.Status.DISCONTINUED else "",
        }
        for row in rows
    ]


def _price_words(offers: int, priced: int) -> str:
    if not offers:
        return "no offers"
    return f"{priced} of {offers} {'offer' if offers == 1 else 'offers'} with a price"


class Names:
    """The products of one form, asked for together: a form of sixty blocks asks once, not sixty times."""

    def __init__(self) -> None:
        self._by_slug: dict[str, Product | None] = {}
        self._by_id: dict[int, str] = {}

    def learn(self, lines: Iterable[str]) -> None:
        """Looks up what was typed, by slug."""
        wanted = {slugify(line) for line in lines} - self._by_slug.keys() - {""}
        if wanted:
            rows = Product.objects.filter(slug__in=wanted).select_related("brand")
            self._by_slug |= dict.fromkeys(wanted) | {row.slug: row for row in rows}

    def learn_ids(self, ids: Iterable[int]) -> None:
        """Looks up products that a block's data refers to."""
        wanted = set(ids) - self._by_id.keys()
        if wanted:
            rows = Product.objects.filter(pk__in=wanted).select_related("brand")
            self._by_id |= {row.pk: typed_name(row) for row in rows}

    def of(self, product_id: int) -> str:
        """What stands in the form for the product with this id; the id itself when it is gone."""
        self.learn_ids([product_id])
        return self._by_id.get(product_id, str(product_id))

    def resolve(self, lines: Iterable[str]) -> tuple[list[Product], list[str]]:
        """The products meant, in order, and a sentence for every line that names none or several, or one again."""
        wanted = list(dict.fromkeys(stripped for line in lines if (stripped := line.strip())))
        self.learn(wanted)
        found: dict[int, Product] = {}
        problems: list[str] = []
        for line in wanted:
            product = self._by_slug.get(slugify(line))
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


def picker_attrs(*, search_url: str, single: bool) -> dict[str, Any]:
    """What makes the editor's script turn an input into a picker of products."""
    return {"data-products": "one" if single else "many", "data-search": search_url, "autocomplete": "off"}


class ProductsField(forms.Field):
    """Products by name, one on each line; the order is kept."""

    def __init__(self, *, search_url: str, single: bool = False, names: Names | None = None, **kwargs: Any) -> None:
        attrs = picker_attrs(search_url=search_url, single=single)
        widget = (
            forms.TextInput(attrs={**attrs, "class": "vTextField"}) if single else forms.Textarea({**attrs, "rows": 3})
        )
        super().__init__(widget=widget, **kwargs)
        self.single = single
        self.names = names or Names()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):  # a model form's initial value of a foreign key
            return self.names.of(value)
        if isinstance(value, list | tuple):
            return "\n".join(typed_name(product) for product in value)
        return value

    def clean(self, value: Any) -> Any:
        products, problems = self.names.resolve(str(value or "").splitlines())
        if problems:
            raise forms.ValidationError(problems)
        if self.required and not products:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if self.single:
            return products[0] if products else None
        return products

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "").strip() != str(data or "").strip()
