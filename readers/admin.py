"""What editors see of readers: who agreed to what, and where nothing is sent. Nothing here is typed in by hand."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from readers.models import Consent, News, NewsLetter, Reader, masked
from readers.services.suppression import lift_suppression


class ConsentInline(admin.TabularInline[Consent, Reader]):
    model = Consent
    fields = readonly_fields = (
        "topic", "label", "wording_version", "how", "asked_on", "asked_at", "confirmed_at", "withdrawn_at",
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
        "address", "confirmed_at", "rhythm", "news_rhythm", "news_hour", "news_weekday", "suppressed_because",
        "suppressed_at", "created_at",
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


class NewsInline(admin.TabularInline[News, NewsLetter]):
    model = News
    fields = readonly_fields = ("consent_label", "kind", "ref", "noted_at")
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[News]:
        return super().get_queryset(request).select_related("consent")

    @admin.display(description="Of what")
    def consent_label(self, row: News) -> str:
        return row.consent.label

    def has_add_permission(self, request: HttpRequest, obj: NewsLetter | None = None) -> bool:
        return False


@admin.register(NewsLetter)
class NewsLetterAdmin(admin.ModelAdmin[NewsLetter]):
    """What became of each letter of news. To look at: no button sends one again."""

    list_display = ("made_at", "to", "state", "sent_at", "reply")
    list_filter = ("state", "made_at")
    list_select_related = ("reader",)
    fields = readonly_fields = ("to", "state", "made_at", "sent_at", "not_before", "tries", "reply")
    inlines = (NewsInline,)
    show_full_result_count = False

    @admin.display(description="To")
    def to(self, letter: NewsLetter) -> str:
        return masked(letter.reader.address)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: NewsLetter | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: NewsLetter | None = None) -> bool:
        return False
