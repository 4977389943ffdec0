"""What did the workers do? Readings of prices and rounds of refreshing, as they were written."""

from __future__ import annotations

from datetime import timedelta
from operator import attrgetter
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.export import ExportAdmin
from catalog.admin.readonly import ReadOnlyAdmin
from catalog.models import Merchant, Price, RefreshRun
from catalog.services.merchant_health import resume_merchant
from catalog.services.merchant_overview import merchants_at_work
from catalog.services.work_overview import work_waiting


@admin.register(Price)
class PriceAdmin(ReadOnlyAdmin, ExportAdmin):
    list_display = ["seen_at", "offer", "amount", "currency", "availability", "verdict", "reason", "source"]
    list_filter = ["verdict", "source", "offer__merchant", "seen_at"]
    list_select_related = ["offer__merchant", "offer__product__brand"]
    search_fields = ["offer__product__model", "offer__product__brand__name", "offer__merchant_sku"]
    list_per_page = 50
    export_columns = {
        "seen_at": attrgetter("seen_at"),
        "merchant": attrgetter("offer.merchant.name"),
        "sku": attrgetter("offer.merchant_sku"),
        "product": attrgetter("offer.product.slug"),
        "condition": attrgetter("offer.condition"),
        "price": attrgetter("amount"),
        "currency": attrgetter("currency"),
        "availability": attrgetter("availability"),
        "verdict": attrgetter("verdict"),
        "reason": attrgetter("reason"),
        "source": attrgetter("source"),
    }

    def export_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("offer__merchant", "offer__product")


@admin.register(RefreshRun)
class RefreshRunAdmin(ReadOnlyAdmin):
    """The job page: above the list of rounds stands how each merchant is doing."""

    change_list_template = "admin/catalog/refreshrun/change_list.html"
    list_display = [
        "started_at",
        "merchant",
        "outcome",
        "took",
        "requests",
        "offers_claimed",
        "offers_read",
        "offers_changed",
        "offers_held",
        "offers_unreadable",
        "error",
    ]
    list_filter = ["outcome", "merchant", "started_at"]
    list_select_related = ["merchant"]
    list_per_page = 50

    @admin.display(description="took")
    def took(self, run: RefreshRun) -> str:
        if run.finished_at is None:
            return "–"
        seconds = (run.finished_at - run.started_at) / timedelta(seconds=1)
        return f"{max(seconds, 0):.1f} s"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "title": "Price jobs",
            "merchants": merchants_at_work(now=timezone.now()),
            "work": work_waiting(),
            "may_resume": request.user.has_perm("catalog.change_merchant"),
        }
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        resume = self.admin_site.admin_view(require_POST(self.resume))
        return [path("resume/<int:merchant_id>/", resume, name="catalog_refreshrun_resume"), *super().get_urls()]

    def resume(self, request: HttpRequest, merchant_id: int) -> HttpResponse:
        if not request.user.has_perm("catalog.change_merchant"):
            raise PermissionDenied
        merchant = get_object_or_404(Merchant, pk=merchant_id)
        resume_merchant(merchant=merchant, now=timezone.now())
        self.message_user(request, f"{merchant} is asked again within seconds.", messages.SUCCESS)
        return redirect("admin:catalog_refreshrun_changelist")
