"""Who followed which link, and which codes lead nowhere? The newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.clicks.ids import click_id, made_at
from catalog.models import Click, UnknownCode

# A list of a hundred million rows is never gone through: the days looked at are always bounded.
_DAYS = {"1": "Today and yesterday", "7": "The last 7 days", "31": "The last 31 days", "400": "All that are kept"}
_UNLESS_ASKED = "7"


class DaysFilter(admin.SimpleListFilter):
    """How far back the list goes: a week unless somebody asks for more."""

    title = "time"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(days, words) for days, words in _DAYS.items() if days != _UNLESS_ASKED]

    def choices(self, changelist: Any) -> Any:
        chosen = self.value() or _UNLESS_ASKED
        for days, words in _DAYS.items():
            yield {
                "selected": days == chosen,
                "query_string": changelist.get_query_string({self.parameter_name: days}),
                "display": words,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Click]) -> QuerySet[Click]:
        chosen = self.value() or _UNLESS_ASKED
        days = int(chosen) if chosen in _DAYS else int(_UNLESS_ASKED)
        return queryset.filter(clicked_at__gte=timezone.now() - timedelta(days=days))


class DeviceFilter(admin.AllValuesFieldListFilter):
    """A browser that says nothing of its device is told so in words: a link without any leads nobody."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "Not known"}


@admin.register(Click)
class ClickAdmin(ReadOnlyAdmin):
    list_display = ["at", "code", "who", "placement", "country", "device", "led_to", "referrer_path"]
    # The table is kept by time and code: a click has no page of its own that could be found quickly.
    list_display_links = None
    list_filter = [DaysFilter, "agent", "is_repeat", "is_known", "is_direct", ("form", DeviceFilter)]
    search_fields = ["code"]
    search_help_text = "A link's code, the beginning of a placement, a click's id, or the sub-id in a network's report"
    ordering = ["-clicked_at"]
    list_per_page = 50

    @admin.display(description="Clicked at", ordering="clicked_at")
    def at(self, click: Click) -> str:
        return f"{timezone.localtime(click.clicked_at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="Who", ordering="agent")
    def who(self, click: Click) -> str:
        """What the click counts as; only a person who is no repeat is a net click."""
        if click.agent == Click.Agent.PERSON:
            return "Person, again within the hour" if click.is_repeat else "Person"
        return f"{click.get_agent_display()}: {click.agent_reason}" if click.agent_reason else click.get_agent_display()

    @admin.display(description="Device")
    def device(self, click: Click) -> str:
        return " ".join(filter(None, (click.form, click.system, click.language))) or "–"

    @admin.display(description="Led to")
    def led_to(self, click: Click) -> str:
        if not click.is_known:
            return "nowhere"
        way = [f"offer {click.offer_id}"] if click.offer_id else []
        way += [f"route {click.route_id}"] if click.route_id else []
        return ", ".join([*way, *(["straight to the shop"] if click.is_direct else [])]) or "–"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Click], search_term: str
    ) -> tuple[QuerySet[Click], bool]:
        term = search_term.strip()
        found = _click_named(term)
        if found is not None:
            # The time is in the id, and with it the month whose table holds the click.
            return Click.objects.filter(clicked_at=made_at(found), pk=found), False
        if "." in term:
            return queryset.filter(placement__startswith=term), False
        return (queryset.filter(code=term) if term else queryset), False


def _click_named(term: str) -> UUID | None:
    """The click an id or a sub-id names; None for anything else."""
    try:
        return click_id(term) or UUID(term)
    except ValueError:
        return None


@admin.register(UnknownCode)
class UnknownCodeAdmin(ReadOnlyAdmin):
    list_display = ["code", "clicks", "people_clicks", "first_at", "last_at", "referrer_path"]
    list_display_links = None
    search_fields = ["code", "referrer_path"]
    search_help_text = "Part of a code, or of the path of the page that links to it"
    list_filter = ["last_at"]
    ordering = ["-people_clicks", "-last_at"]
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.view_click") or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
