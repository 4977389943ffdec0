"""Who waits for which price, and how does that stand? To look at: readers ask for alerts and end them themselves."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.models import Alert
from catalog.money import money_text
from readers.models import masked


class ConfirmedFilter(admin.SimpleListFilter):
    title = "how it stands"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("waits", "Waits for it"), ("open", "Not confirmed yet"), ("over", "Ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        return {
            "waits": queryset.filter(
                consent__confirmed_at__isnull=False, consent__withdrawn_at__isnull=True, ended_at=None
            ),
            "open": queryset.filter(consent__confirmed_at__isnull=True, consent__withdrawn_at__isnull=True),
            "over": queryset.exclude(consent__withdrawn_at__isnull=True, ended_at=None),
        }.get(self.value() or "", queryset)


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ["product_name", "wish", "country", "reader", "stands", "times_told", "told_at", "created_at"]
    list_filter = [ConfirmedFilter, "kind", "currency", "country"]
    search_fields = ["product_name"]
    list_select_related = ["consent__reader"]
    fields = readonly_fields = (
        "product", "product_name", "wish", "country", "reader", "stands",
        "is_armed", "base", "was", "told_at", "times_told", "ended_at", "created_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        return super().get_queryset(request).select_related("consent__reader", "product__brand")

    @admin.display(description="Wish", ordering="kind")
    def wish(self, alert: Alert) -> str:
        if alert.amount is not None:
            return f"At most {money_text(alert.amount, alert.currency)}"
        return alert.get_kind_display() + (f" ({alert.currency})" if alert.currency else "")

    @admin.display(description="Reader")
    def reader(self, alert: Alert) -> str:
        """Never the whole address: nobody has to know it to see what is waited for."""
        return masked(alert.consent.reader.address)

    @admin.display(description="Stands")
    def stands(self, alert: Alert) -> str:
        if alert.consent.withdrawn_at:
            return "Left"
        if alert.ended_at:
            return "Its product is gone"
        if alert.consent.confirmed_at is None:
            return "Not confirmed yet"
        return "Waits" if alert.is_armed else "Told; waits for it to rise or sell out"
