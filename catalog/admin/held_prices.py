"""Where do editors decide about the prices that were held? One page with the evidence, one click for each decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.held_page import held_page
from catalog.admin.written_down import write_down
from catalog.models import Offer
from catalog.services.price_decisions import DecisionError, accept_held_price, reject_held_price, undo_decision

_DONE = {"accept": "accepted", "reject": "rejected", "undo": "taken back"}
_WRITTEN = {
    "accept": "Held price accepted.",
    "reject": "Held price rejected.",
    "undo": "Decision about a price taken back.",
}
_ACTS: dict[str, Callable[..., object]] = {
    "accept": accept_held_price,
    "reject": reject_held_price,
    "undo": undo_decision,
}


def held_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("held/", site.admin_view(held), name="catalog_offer_held"),
        path("held/decide/", site.admin_view(require_POST(decide)), name="catalog_offer_decide"),
    ]


def held(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("catalog.view_offer"):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Held prices",
        "page": held_page(now=timezone.now()),
        "may_decide": request.user.has_perm("catalog.change_offer"),
    }
    return TemplateResponse(request, "admin/catalog/offer/held.html", context)


def decide(request: HttpRequest) -> HttpResponse:
    """`act` is `accept-12`, `reject-12` or `undo-12`; or `accept` or `reject` for all offers that are ticked."""
    if not request.user.has_perm("catalog.change_offer"):
        raise PermissionDenied
    act, _, one = request.POST.get("act", "").partition("-")
    ids = [one] if one else request.POST.getlist("offer")
    offers = list(Offer.objects.filter(pk__in=[pk for pk in ids if pk.isascii() and pk.isdigit()][:200]))
    if act not in _ACTS or not offers:
        messages.warning(request, "Nothing was decided: tick the offers first, then accept or reject.")
    else:
        _carry_out(request, act, offers)
    return redirect("admin:catalog_offer_held")


def _carry_out(request: HttpRequest, act: str, offers: list[Offer]) -> None:
    count = 0
    given: dict[str, Any] = {"by": request.user.get_username(), "now": timezone.now()}
    for offer in offers:
        try:
            _ACTS[act](offer=offer, **given)
        except DecisionError as error:
            messages.warning(request, str(error))
        else:
            count += 1
            write_down(request, [offer], _WRITTEN[act])
    if count:
        messages.success(request, f"{count} price{'s were' if count > 1 else ' was'} {_DONE[act]}.")
