"""What does a reader see of a link: where it leads, or that it leads nowhere?"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalog.clicks import safe_code
from catalog.go import desk
from catalog.link_table import LinkEntry, stored_links
from catalog.models import Link
from catalog.targets import TargetError


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """What the template shows: a link that leads somewhere (`host`), or one that does not (no `host`)."""

    title: str
    description: str
    canonical: str
    code: str
    is_indexed: bool = False
    json_ld: tuple[str, ...] = ()
    host: str = ""
    merchant: str = ""
    country: str = ""
    disclaimer: str = ""
    product: str = ""
    product_url: str = ""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def go(request: HttpRequest, code: str) -> HttpResponse:
    """What `catalog.go` passed on: a preview, a link younger than its table, or a code that leads nowhere."""
    entry = stored_entry(code)
    if entry is not None:
        answer = desk().answer(entry, request.META)
        if answer is not None:
            number = int(answer.status.partition(" ")[0])
            return HttpResponse(status=number, headers=dict(answer.headers))
    is_counted = entry is None and request.method != "HEAD" and "preview" not in request.GET
    if is_counted:
        desk().count(code, request.META, is_known=False)
    page = preview_page(entry) if entry is not None else unknown_page(code)
    status = HTTPStatus.OK if entry is not None else HTTPStatus.NOT_FOUND
    response = render(request, "catalog/go.html", {"page": page}, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def stored_entry(code: str) -> LinkEntry | None:
    """The link in the database, when it leads to its merchant; None also when the database is away: who could know?"""
    if safe_code(code) != code:
        return None
    try:
        entry = next(iter(stored_links(code)), None)
        if entry is not None:
            entry.destination()
    except (OperationalError, TargetError):
        return None
    return entry


def preview_page(entry: LinkEntry) -> LinkPage:
    """Where the link leads, and who pays for it (L19). One query."""
    link = Link.objects.select_related("offer__merchant", "offer__product__brand").get(code=entry.code)
    merchant, product = link.offer.merchant, link.offer.product
    return LinkPage(
        title=f"This link leads to {merchant.name}",
        description=f"Where our link to {product.name} at {merchant.name} leads, and who pays for it.",
        canonical=link.get_absolute_url(),
        code=entry.code,
        host=urlsplit(entry.destination()).hostname or "",
        merchant=merchant.name,
        country=merchant.country,
        disclaimer=merchant.disclaimer,
        product=product.name,
        product_url=product.get_absolute_url(),
    )


def unknown_page(code: str) -> LinkPage:
    """A code we never had, or one whose link was switched off or whose offer is gone."""
    return LinkPage(
        title="This link leads nowhere",
        description="The offer behind this link is gone, or the address was mistyped.",
        canonical="",
        code=code[:40],
    )
