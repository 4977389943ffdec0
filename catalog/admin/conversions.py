"""What did clicks earn, and what did the network say of each purchase, one thing after the other?"""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from catalog.admin.export import ExportAdmin
from catalog.admin.postbacks import PostbackAdmin
from catalog.admin.readonly import ReadOnlyAdmin
from catalog.admin.reconciliation import reconcile_csv_view, reconcile_view
from catalog.admin.report_files import ReportFileAdmin
from catalog.models import Conversion
from catalog.money import money_text
from catalog.stored_rates import rates_of

__all__ = ["ConversionAdmin", "PostbackAdmin", "ReportFileAdmin"]


@admin.register(Conversion)
class ConversionAdmin(ReadOnlyAdmin, ExportAdmin):
    """Purchases. What is shown above the list is of all rows of the filter."""

    change_list_template = "admin/catalog/conversion/change_list.html"
    change_form_template = "admin/catalog/conversion/change_form.html"
    list_display = ["bought", "network_key", "state", "commission", "joined_to", "came_from"]
    list_filter = ["status", "is_provisional", "joining", "account", "currency", "merchant", "occurred_at"]
    list_select_related = ["account", "merchant"]
    search_fields = ["network_key", "sub_id", "code", "placement__startswith"]
    search_help_text = "The network's key, a sub-id, a link's code or the beginning of a place"
    list_per_page = 50
    export_columns = {
        **{
            name: attrgetter(name)
            for name in (
                *("account.name", "account.network", "network_key", "status", "is_provisional", "sale_amount"),
                *("commission_amount", "currency", "occurred_at", "changed_at", "joining", "sub_id", "tracking_id"),
                *("merchant_reference", "click_id", "clicked_at", "code", "placement", "offer_id", "product_id"),
                *("route_id", "country", "form"),
            )
        },
        "merchant": lambda row: row.merchant.name if row.merchant else "",
    }

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("account", "merchant")

    @admin.display(description="status", ordering="status")
    def state(self, conversion: Conversion) -> str:
        return f"{conversion.get_status_display()}{', provisional' if conversion.is_provisional else ''}"

    @admin.display(description="bought", ordering="occurred_at")
    def bought(self, conversion: Conversion) -> str:
        return f"{timezone.localtime(conversion.occurred_at):%Y-%m-%d %H:%M}"

    @admin.display(description="commission of sale", ordering="commission_amount")
    def commission(self, conversion: Conversion) -> str:
        earned = _money(conversion.commission_amount, conversion.currency)
        sale = conversion.sale_amount
        return earned if sale is None else f"{earned} of {_money(sale, conversion.currency)}"

    @admin.display(description="joined to", ordering="joining")
    def joined_to(self, conversion: Conversion) -> str:
        return _JOINED[conversion.joining]

    @admin.display(description="link and place", ordering="code")
    def came_from(self, conversion: Conversion) -> str:
        return " ".join(filter(None, (conversion.code, conversion.placement))) or "–"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("reconcile/", wrap(self.reconcile), name="catalog_conversion_reconcile"),
            path("reconcile.csv", wrap(self.reconcile_csv), name="catalog_conversion_reconcile_csv"),
            *super().get_urls(),
        ]

    def reconcile(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return reconcile_view(request)

    def reconcile_csv(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return reconcile_csv_view(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        answer = super().changelist_view(request, {**(extra_context or {}), "title": "Conversions"})
        found = getattr(answer, "context_data", None)
        if found and "cl" in found:
            found["sums"] = _sums(found["cl"].queryset)
            found["currency"] = settings.REPORT_CURRENCY
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        conversion = self.get_object(request, object_id)
        events = conversion.events.order_by("received_at", "pk") if conversion else ()
        said = [
            {
                "event": event,
                "commission": _money(event.commission_amount, event.currency, sign=event.is_correction),
                "sale": _money(event.sale_amount, event.currency, sign=event.is_correction),
            }
            for event in events
        ]
        context = {**(extra_context or {}), "said": said, "facts": _facts(conversion) if conversion else ()}
        return super().change_view(request, object_id, form_url, context)


# Short, for a column; the filter and the conversion's own page have the sentence.
_JOINED: dict[str, str] = {
    Conversion.Joining.CLICK.value: "click",
    Conversion.Joining.PLACE.value: "place",
    Conversion.Joining.NO_SUB_ID.value: "no sub-id",
    Conversion.Joining.FOREIGN.value: "foreign sub-id",
    Conversion.Joining.UNKNOWN.value: "unknown click",
    Conversion.Joining.TOO_OLD.value: "older click",
}


def _money(amount: Decimal | None, currency: str, *, sign: bool = False) -> str:
    if amount is None:
        return "–"
    text = money_text(abs(amount), currency)
    return f"{'−' if amount < 0 else '+' if sign else ''}{text}"


def _sums(rows: QuerySet[Conversion]) -> list[dict[str, str]]:
    """Per status and currency: how many, what they earn, and that in the report's currency at each day's rate."""
    found = list(
        rows.order_by()
        .annotate(day=TruncDate("occurred_at"))
        .values("status", "currency", "day")
        .annotate(count=Count("pk"), commission=Sum("commission_amount"))
    )
    if not found:
        return []
    rates = rates_of(first=min(row["day"] for row in found), last=max(row["day"] for row in found))
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in found:
        groups.setdefault((row["status"], row["currency"]), []).append(row)
    to = settings.REPORT_CURRENCY
    sums = []
    order = list(Conversion.Status.values)
    for (status, currency), days in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        worth = [(rates.convert(row["commission"] or Decimal(0), currency, to, row["day"]), row) for row in days]
        known = sum((amount for amount, _ in worth if amount is not None), Decimal(0))
        missing = sum(row["count"] for amount, row in worth if amount is None)
        sums.append(
            {
                "status": str(Conversion.Status(status).label),
                "count": f"{sum(row['count'] for row in days):,}",
                "commission": _money(sum((row["commission"] or Decimal(0) for row in days), Decimal(0)), currency),
                "converted": _money(known, to) + (f", {missing:,} without a rate" if missing else ""),
            }
        )
    return sums


def _facts(conversion: Conversion) -> list[tuple[str, object, str]]:
    """What is known of the purchase: a name, a value, and where that leads."""

    def to(model: str, pk: int | None) -> str:
        return reverse(f"admin:catalog_{model}_change", args=[pk]) if pk else ""

    return [
        ("Account", conversion.account, to("networkaccount", conversion.account_id)),
        ("Network's key", conversion.network_key, ""),
        ("Bought", conversion.occurred_at, ""),
        ("Last changed", conversion.changed_at, ""),
        ("Commission", _money(conversion.commission_amount, conversion.currency), ""),
        ("Sale", _money(conversion.sale_amount, conversion.currency), ""),
        (
            "Merchant",
            conversion.merchant or "–",
            to("merchant", conversion.merchant_id),
        ),
        ("Network's number of it", conversion.merchant_reference or "–", ""),
        ("Joined to", conversion.get_joining_display(), ""),
        ("Sub-id", conversion.sub_id or conversion.tracking_id or "–", ""),
        ("Clicked", conversion.clicked_at or "–", ""),
        ("Link", conversion.code or "–", ""),
        ("Place", conversion.placement or "–", ""),
        ("Offer", conversion.offer_id or "–", to("offer", conversion.offer_id)),
        ("Product", conversion.product_id or "–", to("product", conversion.product_id)),
        ("Country and device", f"{conversion.country} {conversion.form}".strip() or "–", ""),
    ]
