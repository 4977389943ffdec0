"""Every page of the admin, found through its address table: nothing axe can find, light and dark, nothing too wide.

A page that is added tomorrow is looked at tomorrow. What a page needs to be opened (a row's number) is taken from
the row of the model it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.live_server_helper import LiveServer

from tests.browser.admin_desk import COLOURS_HAVE_CHANGED, logged_in, make_administrator
from tests.xss.world import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each is one test: a part of the desk that takes well under a minute.
PARTS: dict[str, str] = {
    "readers, accounts and the first page": r"/admin/(auth|readers|today|calendar|password_change|sign-in|$"
    r"|(?!recommender)\w+/$)",
    "articles": r"/admin/reviews/article/",
    "the rest of the writers' desk": r"/admin/reviews/(?!article/|$)",
    "products and offers": r"/admin/catalog/(product|offer|brand|price|specevidence|merchant|doubt)",
    "rules of the adviser": r"/admin/recommender/",
    "partners": r"/admin/partners/(?!$)",
    "links and clicks": r"/admin/catalog/(link|click|unknown|destination|failover|conversion|postback|network)",
    "imports and the rest": r"/admin/catalog/(?!$|product|offer|brand|price|specevidence|merchant|doubt"
    r"|link|click|unknown|destination|failover|conversion|postback|network)",
}
# What is also done on a phone: reading what waits, a comment, a held price, a step of an article.
ON_A_PHONE = re.compile(
    r"today|calendar|/held/|/step/|/comments/|/preview/$|article/$|article/\d+/change|doubt|picture"
)
# What the standard asks for; what axe calls good practice goes beyond it.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NOT_A_PAGE = re.compile(r"logout|login|jsi18n|autocomplete|export|\.csv|qr\.|/frame|/page/$|/paper/")


def _patterns(table: Any, before: str = "") -> Iterator[str]:
    for entry in table:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, before + str(entry.pattern))
        elif isinstance(entry, URLPattern) and entry.name:
            yield before + str(entry.pattern)


def addresses() -> list[str]:
    """Every address of the admin, its numbers filled in from the rows there are. Needs the database."""
    found = {f"/admin/{app}/" for app in ("auth", "catalog", "partners", "recommender", "reviews", "readers")}
    for pattern in _patterns(get_resolver().url_patterns):
        if pattern.startswith("admin/") and "(?P" not in pattern and not NOT_A_PAGE.search(pattern):
            found |= set(_filled(pattern))
    return sorted(found)


def _filled(pattern: str) -> Iterator[str]:
    parts = pattern.split("/")
    holes = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    if not holes:
        yield f"/{pattern}"
        return
    model = next(
        (one for one in admin.site._registry if parts[1:3] == [one._meta.app_label, one._meta.model_name]), None
    )
    row = model._default_manager.order_by("pk").first() if model else None
    if row is None:
        return
    for key in ("publish", "schedule", "review") if "<slug:key>" in pattern else ("x",):
        path = re.sub(r"<slug:key>", key, pattern)
        yield "/" + re.sub(r"<(?:\w+:)?\w+>", str(row.pk), path)


def pages(client: Client, part: str) -> list[str]:
    """Those of the part that are pages: not what only takes posts, answers scripts or leads on."""
    found = []
    for address in addresses():
        if re.match(PARTS[part], address):
            answer = client.get(address)
            is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
            found += [address] if is_page and b'id="container"' in answer.content else []
    return found


def violations(page: Page, address: str, *, rules: list[str] | None = None) -> list[str]:
    # Not the widgets for looking things up, for times and for choosing several, which are Django's own.
    where = {"include": [["#container"]], "exclude": [[".select2"], [".datetime"], [".selector"]]}
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    options |= {"runOnly": only}
    return [
        f"{address} {rule['id']}: {node['html'][:180]} ({node.get('failureSummary', '')[:240]})"
        for rule in Axe().run(page, context=where, options=options).response["violations"]
        for node in rule["nodes"]
    ]


def test_every_address_belongs_to_one_part(db: None) -> None:
    world()
    for address in addresses():
        assert len([part for part, rule in PARTS.items() if re.match(rule, address)]) == 1, address


@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing(part: str, browser: Browser, live_server: LiveServer) -> None:
    world(every_model=True)
    editor = make_administrator()
    client = Client()
    client.force_login(editor)
    ours = pages(client, part)
    assert len(ours) >= 6
    page = logged_in(browser, live_server, "/admin/password_change/")
    found: list[str] = []
    for address in ours:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server.url + address)
        found += violations(page, address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address} is wider than a desk's window")
        page.emulate_media(color_scheme="dark")
        page.evaluate(COLOURS_HAVE_CHANGED)
        found += violations(page, f"{address} in the dark", rules=["color-contrast"])
        if ON_A_PHONE.search(address):
            page.set_viewport_size({"width": 360, "height": 740})
            found += violations(page, f"{address} on a phone", rules=["color-contrast", "target-size"])
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{address} is wider than a phone")
    assert not found, "\n".join(found)
