"""What does the site let strangers say? Read off its table of addresses, off its views and off the forms of its pages.

Nothing here knows a form: an address, a parameter or a form that is added tomorrow is found tomorrow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from catalog.shopper import COUNTRY, CURRENCY
from partners.key_doors import ANYBODY, ScopedView
from tests.xss.forms import page_forms

# What other sites' addresses are full of: read by none of our views, tried at all of them.
TRIED_EVERYWHERE = (
    "next", "url", "redirect", "callback", "page", "q", "format", "lang", "cursor", "page_size", "preview", "test", "p",
    "sort", "utm_source",
)  # fmt: skip
_OF_PAGING = ("cursor", "page_size")


@dataclass(frozen=True, slots=True)
class Door:
    """An address of the table. `keys`: the query parameters that its view reads, as far as anything says so.

    `is_keyed`: it is not read without a partner's key.
    """

    pattern: str
    keys: tuple[str, ...]
    is_keyed: bool = False

    @property
    def has_holes(self) -> bool:
        return "<" in self.pattern


@dataclass(frozen=True, slots=True)
class Form:
    """A form that stands on a page: where it is sent, and what is typed into it."""

    page: str
    action: str
    method: str
    fields: tuple[str, ...]


# What answers for every address that nothing else does is asked at one of them.
_THE_REST, NOT_THERE = "^(?:", "api/v1/no-such-thing/"


def doors() -> list[Door]:
    """Every address that is not the desk's."""
    return [
        Door(NOT_THERE if _THE_REST in pattern else pattern, _keys(view), _is_keyed(view))
        for pattern, view in _entries(get_resolver().url_patterns)
        if not pattern.startswith("admin/")
    ]


def _entries(table: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for entry in table:
        if isinstance(entry, URLResolver):
            yield from _entries(entry.url_patterns, before + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield before + str(entry.pattern), entry.callback


def _keys(callback: Any) -> tuple[str, ...]:
    kept, filters = getattr(callback, "kept", None), getattr(_class_of(callback), "filterset_class", None)
    backends = getattr(_class_of(callback), "filter_backends", ())
    read = {*(kept.reads if kept else ()), *(filters.base_filters if filters else ())}
    read |= {name for backend in backends for name in getattr(backend, "names", ())}
    read |= {COUNTRY, CURRENCY} if kept and kept.for_shoppers else set()
    return tuple(sorted(read | set(_OF_PAGING if filters else ())))


def _is_keyed(callback: Any) -> bool:
    view = _class_of(callback)
    return isinstance(view, type) and issubclass(view, ScopedView) and view.scope_of("GET") != ANYBODY


def _class_of(callback: Any) -> Any:
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None)


def forms_on(address: str, html: str) -> Iterator[Form]:
    for form in page_forms(html):
        target = urlsplit(form.get("action") or address).path or address
        named = {one.get("name") for one in form.inputs if one.get("name")}
        yield Form(address, target, form.method, tuple(sorted(named)))


def pages_of(client: Client, addresses: Iterable[str]) -> dict[str, str]:
    """The HTML behind those of the addresses that are pages."""
    found = {}
    for address in addresses:
        answer = client.get(address)
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
            found[address] = answer.content.decode()
    return found


def asked_by_pages(pages: Mapping[str, str]) -> dict[str, set[str]]:
    """By pattern, the parameters that forms and links of these pages ask for."""
    found: dict[str, set[str]] = defaultdict(set)
    for address, html in pages.items():
        for form in forms_on(address, html):
            if form.method == "GET":
                found[pattern_of(form.action)].update(form.fields)
        for link in page_links(html):
            parts = urlsplit(link)
            if parts.query and not parts.netloc:
                found[pattern_of(parts.path or address)].update(key for key, _ in parse_qsl(parts.query))
    return found


def page_links(html: str) -> Iterator[str]:
    from lxml import html as lxml_html

    for link in lxml_html.document_fromstring(html).iter("a"):
        yield link.get("href") or ""


def pattern_of(path: str) -> str:
    """Empty for the start page and for what leads nowhere."""
    try:
        return str(resolve(path).route)
    except Resolver404:
        return ""
