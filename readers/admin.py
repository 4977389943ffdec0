"""What editors see of readers: who agreed to what. Nothing here is typed in by hand."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from readers.models import Consent, Reader


class ConsentInline(admin.TabularInline[Consent, Reader]):
    model = Consent
    fields = readonly_fields = ("topic", "wording_version", "asked_on", "asked_at", "confirmed_at", "withdrawn_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Reader | None = None) -> bool:
        return False


@admin.register(Reader)
class ReaderAdmin(admin.ModelAdmin[Reader]):
    list_display = ("address", "confirmed_at", "created_at")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter),)
    search_fields = ("address",)
    fields = readonly_fields = ("address", "confirmed_at", "created_at")
    inlines = (ConsentInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
