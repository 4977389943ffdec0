"""Which of the facts we state rest on whose word, and which have to be looked at again?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.export import ExportAdmin
from catalog.admin.pickers import PickerMixin
from catalog.models import Product, SpecEvidence
from catalog.services.evidence import check_again, store_evidence
from catalog.spec_sheet import SPECS, agrees

SOON = timedelta(days=30)
_LABELS = {spec.key: spec.label for spec in SPECS} | {"kind": "Kind", "type": "Type"}
_UNITS = {spec.key: spec.unit for spec in SPECS}
SPEC_CHOICES = [("kind", "Kind"), ("type", "Type"), *((spec.key, spec.label) for spec in SPECS)]


def sheet_value(row: SpecEvidence) -> str:
    """What the spec sheet says, in words; empty when it is not known. Needs `product__specs` selected."""
    holder: Any = row.product if row.spec in ("kind", "type") else getattr(row.product, "specs", None)
    value = getattr(holder, row.spec, None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, Decimal):
        value = f"{value.normalize():f}"
    words = getattr(holder, f"get_{row.spec}_display", lambda: value)()
    unit = _UNITS.get(row.spec, "")
    return f"{words} {unit}" if unit else str(words)


def differs(row: SpecEvidence) -> bool:
    """Whether this source says something else than the sheet. Needs `product__specs` selected."""
    printed = sheet_value(row)
    if not row.value or not printed:
        return False
    value: Any = getattr(getattr(row.product, "specs", None), row.spec, None)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return not agrees(row.value, printed=printed, number=Decimal(value) if is_number else None)


class EvidenceForm(forms.ModelForm[SpecEvidence]):
    """The spec is chosen by its name; what an older version of the sheet called otherwise stays choosable."""

    spec = forms.ChoiceField(choices=[("", "—"), *SPEC_CHOICES])

    class Meta:
        model = SpecEvidence
        fields: ClassVar = [
            "product",
            "spec",
            "value",
            "is_measured",
            "source",
            "source_url",
            "checked_on",
            "due_on",
            "tester",
            "sample",
            "firmware",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.spec
        if stored and stored not in _LABELS:
            field = self.fields["spec"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*SPEC_CHOICES, (stored, stored)]
        if "checked_on" in self.fields and not self.instance.pk:
            self.fields["checked_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        checked, due = cleaned.get("checked_on"), cleaned.get("due_on")
        if checked and checked > timezone.localdate():
            self.add_error("checked_on", "This day has not come yet.")
        if checked and due and due <= checked:
            self.add_error("due_on", "It is due again after the day it was checked on.")
        if cleaned.get("is_measured") and not cleaned.get("tester"):
            self.add_error("tester", "Who measured it?")
        return cleaned


class EvidenceInline(admin.StackedInline[SpecEvidence, Product]):
    model = SpecEvidence
    form = EvidenceForm
    extra = 0
    classes = ["collapse"]
    verbose_name_plural = "Who says so (claim ledger)"
    fields: ClassVar = [
        ("spec", "value", "is_measured"),
        ("source", "source_url"),
        ("checked_on", "due_on"),
        ("tester", "sample", "firmware"),
    ]


class DueFilter(admin.SimpleListFilter):
    title = "due"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("overdue", "Overdue"),
            ("soon", f"Within {SOON.days} days"),
            ("later", "Later"),
            ("never", "No date"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SpecEvidence]) -> QuerySet[SpecEvidence]:
        today = timezone.localdate()
        wanted = {
            "overdue": Q(due_on__lt=today),
            "soon": Q(due_on__gte=today, due_on__lte=today + SOON),
            "later": Q(due_on__gt=today + SOON),
            "never": Q(due_on=None),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


class SpecFilter(admin.SimpleListFilter):
    title = "spec"
    parameter_name = "spec"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return SPEC_CHOICES

    def queryset(self, request: HttpRequest, queryset: QuerySet[SpecEvidence]) -> QuerySet[SpecEvidence]:
        return queryset.filter(spec=self.value()) if self.value() else queryset


class TesterFilter(admin.SimpleListFilter):
    """One query for the names, whoever is chosen."""

    title = "tester"
    parameter_name = "tester"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = SpecEvidence.objects.exclude(tester="").order_by("tester").values_list("tester", flat=True).distinct()
        return [(name, name) for name in names[:50]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SpecEvidence]) -> QuerySet[SpecEvidence]:
        return queryset.filter(tester=self.value()) if self.value() else queryset


@admin.register(SpecEvidence)
class LedgerAdmin(PickerMixin, ExportAdmin):
    """Claims: what is due longest stands first."""

    form = EvidenceForm
    list_display = ["claim", "says", "source_link", "checked_on", "due", "tester", "firmware"]
    list_filter = [DueFilter, "is_measured", SpecFilter, TesterFilter]
    list_select_related = ["product__brand", "product__specs"]
    search_fields = ["product__model", "product__brand__name", "spec", "source", "tester", "sample", "firmware"]
    autocomplete_fields = ["product"]
    date_hierarchy = "checked_on"
    list_per_page = 50
    show_full_result_count = False
    actions: Any = ["checked_today"]
    export_columns = {
        "product": attrgetter("product.slug"),
        "spec": attrgetter("spec"),
        "sheet": sheet_value,
        "value": attrgetter("value"),
        "source": attrgetter("source"),
        "source_url": attrgetter("source_url"),
        "checked_on": attrgetter("checked_on"),
        "due_on": attrgetter("due_on"),
        "is_measured": attrgetter("is_measured"),
        "tester": attrgetter("tester"),
        "sample": attrgetter("sample"),
        "firmware": attrgetter("firmware"),
    }

    class Media:
        css = {"all": ["admin_editor/ledger.css"]}

    def export_rows(self, rows: QuerySet[SpecEvidence]) -> QuerySet[SpecEvidence]:
        return rows.select_related("product__brand", "product__specs")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["due_on", "checked_on", "pk"]  # PostgreSQL puts those without a date last

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Claim ledger"})

    def save_model(self, request: HttpRequest, obj: SpecEvidence, form: Any, change: bool) -> None:
        store_evidence(evidence=obj)

    @admin.display(description="claim", ordering="product__model")
    def claim(self, row: SpecEvidence) -> SafeString:
        return format_html("<strong>{}</strong><br>{}", row.product.name, _LABELS.get(row.spec, row.spec))

    @admin.display(description="value")
    def says(self, row: SpecEvidence) -> SafeString | str:
        printed = sheet_value(row) or "not on the sheet"
        if differs(row):
            return format_html(
                '{} <br><strong class="ledger-late">The sheet says otherwise: {}</strong>', row.value, printed
            )
        return row.value or printed

    @admin.display(description="source", ordering="source")
    def source_link(self, row: SpecEvidence) -> SafeString:
        how = "Measured" if row.is_measured else "Said"
        name = format_html('<a href="{}">{}</a>', row.source_url, row.source) if row.source_url else row.source
        sample = format_html('<br><span class="quiet">{}</span>', row.sample) if row.sample else ""
        return format_html("{}: {}{}", how, name, sample)

    @admin.display(description="due", ordering="due_on")
    def due(self, row: SpecEvidence) -> SafeString | str:
        if row.due_on is None:
            return "–"
        return _due_words(row.due_on, timezone.localdate())

    @admin.action(description="Checked today, due again in six months", permissions=["change"])
    def checked_today(self, request: HttpRequest, queryset: QuerySet[SpecEvidence]) -> None:
        by: Any = request.user
        ids = list(queryset.order_by().values_list("pk", flat=True))
        count = check_again(ids=ids, on=timezone.localdate(), by=by.get_full_name() or by.get_username())
        said = f"{count} claim{' was' if count == 1 else 's were'} checked today and will be due in six months."
        self.message_user(request, said, messages.SUCCESS)


def _due_words(due: date, today: date) -> SafeString | str:
    days = (due - today).days
    if days < 0:
        return format_html('<strong class="ledger-late">{}, {} days late</strong>', f"{due:%Y-%m-%d}", -days)
    return f"{due:%Y-%m-%d}, in {days} days"
