"""For which reader is a page made, how does he choose another country, and how do its links keep what he chose?

A choice stands in the address (`?country=DE&currency=EUR`) and nowhere else on our side. Where one was made, each link
and form of the page that leads to another such page says it too; canonical addresses and what machines read never do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from catalog.links.countries import NAMES
from catalog.market import market_of, shopper_seen
from catalog.page_tags import Kept
from catalog.shopper import COUNTRY, CURRENCY, ELSEWHERE, Market, Shopper, shopping_as

Pairs = tuple[tuple[str, str], ...]
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForm:
    """The form by which a reader says where he is. It asks for the same page again; `kept` is what that asks besides.

    `country` in words (`Germany`, `your country`), empty where it is not known, and `currency` (ISO 4217) are those the
    page is made for; `said` is how they stand in an address.
    """

    country: str
    currency: str
    action: str
    kept: Pairs
    countries: tuple[Option, ...]
    currencies: tuple[Option, ...]
    said: str


_form: ContextVar[Callable[[], PlaceForm] | None] = ContextVar("place_form", default=None)


def place_form() -> PlaceForm | None:
    """The form of the page that is being built; None where pages say nothing of where a reader is."""
    make = _form.get()
    return make() if make else None


def for_shoppers(view: View) -> View:
    """A view whose offers are shown for the reader's country and currency. Stands under `kept(for_shoppers=True)`."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        market = market_of(request.META)
        said = request.GET
        shopper, chosen = market.chosen(
            shopper_seen(request.META), country=said.get(COUNTRY, ""), currency=said.get(CURRENCY, "")
        )
        kept = tuple((name, value) for name in said for value in said.getlist(name) if name not in (COUNTRY, CURRENCY))
        token = _form.set(lambda: _made(request.path, kept, shopper, market))
        try:
            with shopping_as(shopper):
                answer = view(request, *args, **kwargs)
        finally:
            _form.reset(token)
        if settings.COUNTRY_HEADER:
            patch_vary_headers(answer, [settings.COUNTRY_HEADER])
        return carried(answer, chosen) if chosen else answer

    return shown


def _made(path: str, kept: Pairs, shopper: Shopper, market: Market) -> PlaceForm:
    countries = [(code, _as_item(NAMES.get(code, code))) for code in market.countries]
    countries.sort(key=lambda pair: pair[1])
    if countries:
        countries = [("", "Not known"), *countries, (ELSEWHERE, "Another country")]
    return PlaceForm(
        country=shopper.country_words,
        currency=shopper.currency,
        action=path,
        kept=kept,
        countries=tuple(Option(code, name, code == shopper.country) for code, name in countries),
        currencies=tuple(Option(code, code, code == shopper.currency) for code in market.currencies),
        said=urlencode([(COUNTRY, shopper.country), (CURRENCY, shopper.currency)]),
    )


def _as_item(name: str) -> str:
    """`the Netherlands`, as it stands in a sentence, as it stands in a list."""
    return name.removeprefix("the ")


# --- links that keep it --------------------------------------------------------------------------------------------

_ADDRESS = re.compile(r'(<a\b[^>]*?\bhref="|\bdata-address=")(/[^"]*)(")')
_FORM = re.compile(r'<form\b[^>]*?\baction="(/[^"]*)"[^>]*>')


def carried(answer: HttpResponse, chosen: Pairs) -> HttpResponse:
    """The answer with the choice in its links, its forms or the address it leads to."""
    if answer.has_header("Location"):
        answer["Location"] = with_choice(answer["Location"], chosen)
    elif not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
        answer.content = carry(answer.content.decode(answer.charset), chosen).encode(answer.charset)
    return answer


def carry(html: str, chosen: Pairs) -> str:
    """The page with the choice in each link and form that leads to a page made for shoppers."""
    fields = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in chosen)

    def link(found: re.Match[str]) -> str:
        address = with_choice(unescape(found[2]), chosen)
        return f"{found[1]}{escape(address)}{found[3]}"

    def form(found: re.Match[str]) -> str:
        is_ours = "data-place" not in found[0] and 'method="post"' not in found[0].lower()
        return found[0] + fields if is_ours and _is_for_shoppers(urlsplit(unescape(found[1])).path) else found[0]

    return _FORM.sub(form, _ADDRESS.sub(link, html))


def with_choice(address: str, chosen: Pairs) -> str:
    """The address with the choice; as it is where it leads to another site or a page that asks for none."""
    parts = urlsplit(address)
    if parts.netloc or not _is_for_shoppers(parts.path):
        return address
    others = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in (COUNTRY, CURRENCY)]
    return parts._replace(query=urlencode([*others, *chosen], safe=",:")).geturl()


@lru_cache(maxsize=4096)
def _is_for_shoppers(path: str) -> bool:
    try:
        found = getattr(resolve(path).func, "kept", None)
    except Resolver404:
        return False
    return isinstance(found, Kept) and found.for_shoppers
