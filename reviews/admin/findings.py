"""What do the nightly checks say about the articles that readers see?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.readonly import ReadOnlyAdmin
from reviews.desk.gate.checks import CHECKS
from reviews.desk.live_checks import BROKEN
from reviews.models import Finding

_SAYS = {check.key: check.says for check in CHECKS} | {BROKEN: "The page can be drawn."}


class OpenFilter(admin.SimpleListFilter):
    """Open ones first; the resolved are the history."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("resolved", "Resolved"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": "Open"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        if self.value() == "all":
            return queryset
        return queryset.filter(resolved_at__isnull=self.value() != "resolved")


class WeightFilter(admin.SimpleListFilter):
    title = "weight"
    parameter_name = "weight"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("refusal", "Would be refused"), ("warning", "Warning")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        return queryset.filter(is_refusal=self.value() == "refusal") if self.value() else queryset


class CheckFilter(admin.SimpleListFilter):
    """Only the checks that ever found something."""

    title = "check"
    parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        keys = Finding.objects.order_by("check_key").values_list("check_key", flat=True).distinct()
        return [(key, key.replace("-", " ").capitalize()) for key in keys]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        return queryset.filter(check_key=self.value()) if self.value() else queryset


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    """What would be refused today stands first."""

    list_display = ["what", "weight", "where", "since", "until"]
    list_display_links = None
    list_filter = [OpenFilter, WeightFilter, CheckFilter, "article__author"]
    list_select_related = ["article"]
    search_fields = ["message", "article__title", "article__slug"]

    class Media:
        css = {"all": ["admin_editor/findings.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = "What is wrong with articles that readers see"
        return super().changelist_view(request, {**(extra_context or {}), "title": title})

    @admin.display(description="Finding, and its rule", ordering="message")
    def what(self, row: Finding) -> SafeString:
        rule = _SAYS.get(row.check_key, "No longer checked.")
        return format_html('{}<br><span class="quiet">{}</span>', row.message, rule)

    @admin.display(description="Weight", ordering="is_refusal")
    def weight(self, row: Finding) -> str:
        return "Would be refused" if row.is_refusal else "Warning"

    @admin.display(description="Article", ordering="article__title")
    def where(self, row: Finding) -> SafeString:
        address = reverse("admin:reviews_article_change", args=[row.article_id])
        # The form's blocks carry their number as an anchor.
        anchor = f"#block-{row.block_number}" if row.block_number else ""
        return format_html('<a href="{}{}">{}</a>', address, anchor, row.article.title)

    @admin.display(description="Since", ordering="first_seen_at")
    def since(self, row: Finding) -> str:
        return _day(row.first_seen_at)

    @admin.display(description="Until", ordering="resolved_at")
    def until(self, row: Finding) -> str:
        return _day(row.resolved_at) if row.resolved_at else "open"


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j M Y")
