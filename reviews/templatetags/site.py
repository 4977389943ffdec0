"""What may every template say about the site itself? Its name, its address, its scripts, data and paid links."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalog import offer_links, shopper_pages
from catalog.offer_links import OfferLink
from catalog.shown_offer import ShownOffer

register = template.Library()

# Inside <script> only these end the element or start a comment; as JSON escapes they mean the same.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`url` is the address readers see, without a slash at the end."""

    name: str
    url: str


@register.simple_tag
def site() -> Site:
    return Site(name=settings.SITE_NAME, url=settings.SITE_URL)


@register.simple_tag
def offer_link(offer: ShownOffer, place: str) -> OfferLink:
    """The paid link to the offer as it stands in this place. Every paid link of every page is made here."""
    return offer_links.offer_link(offer, place)


@register.simple_tag
def place_form() -> shopper_pages.PlaceForm | None:
    """The form for country and currency; None on pages that say nothing of where a reader is."""
    return shopper_pages.place_form()


@register.filter
def absolute(path: str) -> str:
    """The path of this site as a full address; full addresses stay as they are."""
    return path if path.startswith("http") else f"{settings.SITE_URL}{path}"


@register.filter
def json_ld(nodes: list[dict[str, Any]]) -> SafeString:
    """Schema.org nodes as one JSON-LD script element: a data block, which no browser runs."""
    if not nodes:
        return SafeString("")
    document = {"@context": "https://schema.org", "@graph": nodes}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


@lru_cache(maxsize=32)
def _integrity(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"There is no static file {path!r}.")
    with open(found, "rb") as file:
        return "sha384-" + base64.b64encode(hashlib.sha384(file.read()).digest()).decode()


@register.simple_tag
def script(path: str, *, is_first: bool = False) -> SafeString:
    """A script of our own, pinned to its content. It runs once the page is read; `is_first`: as soon as it has come.

    `blocking="render"` would promise that nothing is painted before, and cost every first visit 100 ms and more: what
    comes first has to be something that only matters once the browser keeps it.
    """
    if settings.DEBUG:
        _integrity.cache_clear()
    when = "async" if is_first else "defer"
    return format_html('<script src="{}" integrity="{}" {}></script>', static(path), _integrity(path), when)
