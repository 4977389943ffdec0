"""What editors see of readers: who agreed to what, and where nothing is sent. Nothing here is typed in by hand."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from readers.models import Consent, Reader
from readers.services.suppression import lift_suppression


class ConsentInline(admin.TabularInline[Consent, Reader]):
    model = Consent
    fields = readonly_fields = (
        "topic", "wording_version", "how", "asked_on", "asked_at", "confirmed_at", "withdrawn_at",
    )  # fmt: skip
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Reader | None = None) -> bool:
        return False


@admin.register(Reader)
class ReaderAdmin(admin.ModelAdmin[Reader]):
    list_display = ("address", "confirmed_at", "suppressed_because", "created_at")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter), "suppressed_because", "rhythm")
    search_fields = ("address",)
    fields = readonly_fields = (
        "address", "confirmed_at", "rhythm", "suppressed_because", "suppressed_at", "created_at",
    )  # fmt: skip
    inlines = (ConsentInline,)
    actions = ("lift_suppressions",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Write there again", permissions=["delete"])
    def lift_suppressions(self, request: HttpRequest, queryset: QuerySet[Reader]) -> None:
        rows = list(queryset.exclude(suppressed_at=None))
        for reader in rows:
            lift_suppression(reader=reader)
        self.message_user(request, f"Letters go to {len(rows)} of them again where they agreed.", messages.SUCCESS)
