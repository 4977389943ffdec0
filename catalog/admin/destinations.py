"""Which links lead nowhere, which of them cost most clicks, and what leads readers elsewhere meanwhile?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.admin.written_down import write_down
from catalog.models import Destination, Failover
from catalog.services import destinations as work
from catalog.services.failover import FailoverError, revert_failover

_SHOWN_OF_AN_ADDRESS = 60


def _check_now(rows: QuerySet[Destination], by: str) -> str:
    count = work.check_now(rows=rows, now=timezone.now())
    return f"{count} destination{'' if count == 1 else 's'} will be looked at within a minute or two."


def _decision(decision: str, done: str) -> Callable[[QuerySet[Destination], str], str]:
    def decide(rows: QuerySet[Destination], by: str) -> str:
        count = work.decide(rows=rows, decision=decision, by=by, now=timezone.now())
        return f"{count} failure{' was' if count == 1 else 's were'} {done}."

    return decide


_WRITTEN = {
    "check": "Looked at again.",
    "accept": "Failure accepted.",
    "mute": "Failure muted.",
    "undo": "Decision about a failure taken back.",
}
_ACTS: dict[str, Callable[[QuerySet[Destination], str], str]] = {
    "check": _check_now,
    "accept": _decision(Destination.Decision.ACCEPTED, "accepted: links and pages lead there again"),
    "mute": _decision(Destination.Decision.MUTED, "muted: no letter names it any more"),
    "undo": _decision("", "opened again"),
}


def _shortened(address: str) -> str:
    short = address[:_SHOWN_OF_AN_ADDRESS]
    return short if short == address else f"{short}…"


@admin.register(Destination)
class DestinationAdmin(ReadOnlyAdmin):
    """Link health: what loses most clicks a day stands first."""

    change_form_template = "admin/catalog/destination/change_form.html"
    list_display = ["where", "finding", "clicks_lost", "since", "instead"]
    list_filter = ["state", "decision", "offer__merchant", "checked_at"]
    search_fields = ["offer__product__model", "offer__product__brand__name", "offer__merchant_sku", "final_address"]
    list_per_page = 50
    actions: Any = ["check_now", "accept", "mute", "open_again"]
    fields = [
        "offer",
        "state",
        "suspected",
        "strikes",
        "failing_since",
        "confirmed_at",
        "clicks_lost",
        "detail",
        "page_said",
        "chain",
        "final_address",
        "status_code",
        "checked_at",
        "next_check_at",
        "instead",
        "said",
        "told_at",
    ]

    class Media:
        css = {"all": ["admin_editor/link_health.css"]}

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_destination")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destination]:
        led_away = Failover.objects.filter(from_offer=OuterRef("pk"), ended_at__isnull=True)
        rows = work.by_loss(Destination.objects.all()).select_related("offer__product__brand", "offer__merchant")
        return rows.annotate(led_to=Subquery(led_away.values("to_offer__merchant__name")[:1]))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["-lost", "-strikes", "-failing_since", "pk"]

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        return [path("<int:offer_id>/decide/", decide, name="catalog_destination_decide"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Link health"})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {**(extra_context or {}), "may_decide": self.has_decide_permission(request)}
        return super().change_view(request, object_id, form_url, more)

    @admin.display(description="offer", ordering="offer__product__model")
    def where(self, row: Destination) -> str:
        return str(row.offer)

    @admin.display(description="what was found", ordering="state")
    def finding(self, row: Destination) -> SafeString:
        status = f"{row.status_code} at " if row.status_code else ""
        seen = f"{status}{_shortened(row.final_address)}" if row.final_address else ""
        parts = [row.detail, seen, self.said(row) if row.decision else ""]
        rest = format_html_join("", '<br><span class="quiet">{}</span>', ((part,) for part in parts if part))
        return format_html("<strong>{}</strong>{}", row.get_state_display(), rest)

    @admin.display(description="since", ordering="failing_since")
    def since(self, row: Destination) -> str:
        return f"{row.failing_since:%Y-%m-%d %H:%M} UTC" if row.failing_since else "–"

    @admin.display(description="clicks lost a day", ordering="lost")
    def clicks_lost(self, row: Destination) -> str:
        lost: float = getattr(row, "lost", 0.0)
        return f"{lost:.2f}" if lost else "–"

    @admin.display(description="readers go instead to")
    def instead(self, row: Destination) -> str:
        return getattr(row, "led_to", None) or "–"

    @admin.display(description="decision", ordering="decision")
    def said(self, row: Destination) -> str:
        return f"{row.get_decision_display()} ({row.decided_by})" if row.decision else "–"

    @admin.display(description="chain of the last look")
    def chain(self, row: Destination) -> SafeString | str:
        if not row.hops:
            return "Nothing was asked."
        hops = ((method, address, status or "no answer") for method, address, status in row.hops)
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{} <code>{}</code> → {}</li>", hops))

    @admin.action(description="Check now", permissions=["decide"])
    def check_now(self, request: HttpRequest, queryset: QuerySet[Destination]) -> None:
        self._act(request, "check", queryset)

    @admin.action(description="Accept: it is right as it is", permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Destination]) -> None:
        self._act(request, "accept", queryset)

    @admin.action(description="Mute: known, name it in no letter", permissions=["decide"])
    def mute(self, request: HttpRequest, queryset: QuerySet[Destination]) -> None:
        self._act(request, "mute", queryset)

    @admin.action(description="Open again: neither accepted nor muted", permissions=["decide"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[Destination]) -> None:
        self._act(request, "undo", queryset)

    def decide(self, request: HttpRequest, offer_id: int) -> HttpResponse:
        """`act` is `check`, `accept`, `mute` or `undo`."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Destination, pk=offer_id)
        act = request.POST.get("act", "")
        if act in _ACTS:
            self._act(request, act, Destination.objects.filter(pk=row.pk))
        else:
            self.message_user(request, "Nothing was done: there is no such button.", messages.WARNING)
        return redirect("admin:catalog_destination_change", row.pk)

    def _act(self, request: HttpRequest, act: str, rows: QuerySet[Destination]) -> None:
        # The list's own query is annotated and sorted; what is changed is named by its keys.
        plain = Destination.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
        write_down(request, plain.select_related("offer__merchant", "offer__product__brand"), _WRITTEN[act])
        self.message_user(request, _ACTS[act](plain, request.user.get_username()), messages.SUCCESS)


@admin.register(Failover)
class FailoverAdmin(ReadOnlyAdmin):
    """What leads where instead, and what did: the rows that ended are the audit."""

    list_display = ["leads", "reason", "lasts"]
    list_display_links = None
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "is_reverted", "from_offer__merchant", "started_at"]
    list_select_related = ["link"]
    search_fields = ["link__code", "from_offer__product__model"]
    ordering = ["-ended_at", "-started_at"]
    list_per_page = 50

    class Media:
        css = {"all": ["admin_editor/link_health.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Failover]:
        # Not joined: ten tables at once, and a planner that does not know them yet, took minutes for twenty rows.
        sides = ("from_offer", "to_offer")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(*(f"{side}__{one}" for side in sides for one in ("product__brand", "merchant")))
        )

    def has_revert_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_failover")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        first, *rest = self.list_display
        return [first, *(["revert_button"] if self.has_revert_permission(request) else []), *rest]

    def get_urls(self) -> list[URLPattern]:
        revert = self.admin_site.admin_view(require_POST(self.revert))
        return [path("<int:failover_id>/revert/", revert, name="catalog_failover_revert"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": "Failovers"})

    @admin.display(description="link", ordering="link__code")
    def leads(self, row: Failover) -> SafeString:
        return format_html(
            '<strong>{}</strong><br>{} <span class="quiet">instead of {}</span>',
            str(row.link),
            str(row.to_offer),
            row.from_offer.merchant.name,
        )

    @admin.display(description="from, until", ordering="started_at")
    def lasts(self, row: Failover) -> SafeString:
        began = f"{row.started_at:%Y-%m-%d %H:%M} UTC"
        if row.ended_at is None:
            return format_html("{}<br>until it is mended", began)
        ended = f"{row.ended_at:%Y-%m-%d %H:%M} UTC"
        return format_html('{}<br>{}<br><span class="quiet">{}</span>', began, ended, row.ended_because)

    @admin.display(description="revert")
    def revert_button(self, row: Failover) -> SafeString | str:
        if row.ended_at is not None:
            return f"by {row.reverted_by}" if row.is_reverted else "–"
        # The list stands in a form with its token already: one click, one POST.
        where = reverse("admin:catalog_failover_revert", args=[row.pk])
        name = f"Take the failover of {row.link} back"
        return format_html(
            '<button type="submit" class="button" formmethod="post" formaction="{}" aria-label="{}">Take back</button>',
            where,
            name,
        )

    def revert(self, request: HttpRequest, failover_id: int) -> HttpResponse:
        if not self.has_revert_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Failover, pk=failover_id)
        try:
            revert_failover(failover=row, by=request.user.get_username(), now=timezone.now())
        except FailoverError as error:
            self.message_user(request, str(error), messages.WARNING)
        else:
            self.message_user(
                request, f"{row.link} leads to {row.from_offer} again, until its failure ends.", messages.SUCCESS
            )
        return redirect("admin:catalog_failover_changelist")
