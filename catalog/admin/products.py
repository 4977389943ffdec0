"""Where do editors keep what is known of a product, its codes and who says so?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from catalog.admin.as_opened import AsOpenedForm, AsOpenedMixin
from catalog.admin.export import ExportAdmin
from catalog.admin.ledger import EvidenceInline
from catalog.admin.merging import MergingAdmin
from catalog.admin.pickers import PickerMixin
from catalog.admin.readonly import CappedPaginator
from catalog.models import AudioSpecs, Brand, Offer, Product, ProductCode
from catalog.models.specs import Connector, Platform, Radio
from catalog.product_codes import asin, gtin
from catalog.services.products import store_product, vouch
from catalog.table_rows import products_for_export


def _several(choices: type[Connector] | type[Platform] | type[Radio]) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        choices=choices.choices, required=False, widget=forms.CheckboxSelectMultiple, help_text="None: not known."
    )


SPEC_COLUMNS = [column.name for column in AudioSpecs._meta.concrete_fields if column.name not in ("id", "product")]


class SpecsForm(AsOpenedForm):
    connectors = _several(Connector)
    platforms = _several(Platform)
    radios = _several(Radio)

    class Meta:
        model = AudioSpecs
        fields = SPEC_COLUMNS

    def clean_connectors(self) -> list[str] | None:
        return self._known("connectors")

    def clean_platforms(self) -> list[str] | None:
        return self._known("platforms")

    def clean_radios(self) -> list[str] | None:
        return self._known("radios")

    def clean_certifications(self) -> list[str] | None:
        return self._known("certifications")

    def _known(self, name: str) -> list[str] | None:
        """Nothing ticked means unknown, except where it was known that there is none."""
        ticked: list[str] = self.cleaned_data[name] or []
        return ticked if ticked or getattr(self.instance, name) == [] else None


class SpecsInline(AsOpenedMixin, admin.StackedInline[AudioSpecs, Product]):
    model = AudioSpecs
    form = SpecsForm
    can_delete = False


class CodeForm(forms.ModelForm[ProductCode]):
    class Meta:
        model = ProductCode
        fields = ("scheme", "value")

    def clean(self) -> dict[str, Any]:
        """Codes are stored in the one spelling by which feeds are matched."""
        cleaned = super().clean() or self.cleaned_data
        scheme, value = cleaned.get("scheme"), cleaned.get("value") or ""
        spelled = {"gtin": gtin, "asin": asin}.get(scheme or "", str.upper)(value.strip())
        if spelled is None:
            self.add_error("value", f"{value!r} is no {str(scheme).upper()}: check its length and its check digit.")
        else:
            cleaned["value"] = self.instance.value = spelled
        return cleaned


class CodeInline(admin.TabularInline[ProductCode, Product]):
    model = ProductCode
    form = CodeForm
    extra = 0


class OfferInline(admin.TabularInline[Offer, Product]):
    """A list with links to the offers' own pages, where they are changed."""

    model = Offer
    extra = 0
    can_delete = False
    show_change_link = True
    fields = ["merchant", "condition", "amount", "currency", "availability", "seen_at", "state"]
    readonly_fields = ["merchant", "condition", "amount", "currency", "availability", "seen_at", "state"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("merchant", "product__brand")


@admin.register(Product)
class ProductAdmin(AsOpenedMixin, PickerMixin, MergingAdmin, ExportAdmin):
    form = AsOpenedForm
    list_display = ["name", "kind", "type", "status", "merged_into"]
    list_filter = ["kind", "type", "status", ("merged_into", admin.EmptyFieldListFilter)]
    list_select_related = ["brand", "merged_into__brand"]
    actions = ["merge"]
    table = "products"
    search_fields = ["model", "brand__name", "slug", "codes__value"]
    autocomplete_fields = ["brand"]
    prepopulated_fields = {"slug": ["brand", "model"]}
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    inlines = [SpecsInline, CodeInline, EvidenceInline, OfferInline]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Where a product is chosen by its name, records that were merged into another are none."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into=None)
        return super().get_search_results(request, queryset, search_term)

    def export_rows(self, rows: Any) -> Any:
        return products_for_export(rows)

    @admin.display(description="name", ordering="model")
    def name(self, product: Product) -> str:
        return product.name

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        store_product(product=obj, changed=form.changed_data if change else [], on=timezone.now().date())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is AudioSpecs:
            for specs in formset.forms:
                if specs.has_changed():
                    columns = [name for name in specs.changed_data if name not in ("id", "product")]
                    vouch(product=form.instance, columns=columns, on=timezone.now().date())


@admin.register(Brand)
class BrandAdmin(AsOpenedMixin, admin.ModelAdmin[Brand]):
    form = AsOpenedForm
    list_display = ["name", "homepage"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
