"""What did networks send us by themselves, and what of it was not understood?"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.models import Postback
from catalog.services.postbacks import process_again


class State(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("problem", "With a problem"), ("waiting", "Waits"), ("done", "Understood")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "problem":
                return queryset.exclude(problem="")
            case "waiting":
                return queryset.filter(processed_at=None)
            case "done":
                return queryset.exclude(processed_at=None).filter(problem="")
        return queryset


@admin.register(Postback)
class PostbackAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "account", "method", "state", "problem"]
    list_filter = [State, "account", "received_at"]
    list_select_related = ["account"]
    search_fields = ["body", "query"]
    search_help_text = "A piece of what was sent"
    list_per_page = 50
    actions = ["process"]  # type: ignore[assignment]
    fields = [
        "account",
        "received_at",
        "method",
        "content_type",
        "query",
        "body",
        "signature",
        "processed_at",
        "problem",
    ]

    @admin.display(description="state")
    def state(self, postback: Postback) -> str:
        if postback.processed_at is None:
            return "waits"
        return "with a problem" if postback.problem else "understood"

    @admin.action(description="Process again: the cause is gone")
    def process(self, request: HttpRequest, queryset: QuerySet[Postback]) -> None:
        if not request.user.has_perm("catalog.change_postback"):
            raise PermissionDenied
        done = [process_again(postback=postback, now=timezone.now()) for postback in queryset.order_by("received_at")]
        good = sum(one is not None and not one.problem for one in done)
        if good:
            self.message_user(request, f"{good} understood now.", messages.SUCCESS)
        if good < len(done):
            self.message_user(
                request, f"{len(done) - good} still with a problem; it stands beside each.", messages.WARNING
            )
