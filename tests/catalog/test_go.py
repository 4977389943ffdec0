"""What a browser, a crawler and an attacker get from `/go/<code>/`, and what is written down of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from wsgiref.util import setup_testing_defaults

import pytest

from catalog import go
from catalog.clicks import ids as click_ids
from catalog.clicks import rows as clicks
from catalog.clicks import spool_reading
from catalog.link_table import LinkTable
from catalog.link_table.entries import Conditions, LinkEntry, RouteEntry, Shop
from catalog.links.routing import Route
from catalog.placements import token

SHOP = Shop(
    id=1,
    name="Shop",
    hosts=("shop.example",),
    network="direct",
    settings={"parameter": "ref", "value": "earmark", "sub_id_parameter": "subid"},
    referrer_policy="strict-origin-when-cross-origin",
)
OTHER = Shop(
    id=2,
    name="Other",
    hosts=("other.example",),
    network="direct",
    settings={"parameter": "ref", "value": "earmark"},
    referrer_policy="no-referrer",
)
ENTRY = LinkEntry("one", 1, 302, 11, "https://shop.example/p/1?x=1", 1)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Site:
    """The redirect in front of an application that answers 404 to everything."""

    def __init__(self, folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.CLICK_SPOOL_DIR = self.folder = folder / "spool"
        settings.LINK_SNAPSHOT = folder / "links.snapshot"
        monkeypatch.setattr(LinkTable, "watch", self._keep_table)
        go.link_table.cache_clear()
        go._desk.cache_clear()
        self.application = go.in_front_of(self._django)
        self.table = go.link_table()
        self.table.shops = {1: SHOP, 2: OTHER}
        self.lead(ENTRY)

    def _keep_table(self) -> None:
        """(Without the thread that asks the database.)"""

    def lead(self, *links: LinkEntry, shop: Shop = SHOP) -> None:
        self.table._replace({1: shop, 2: OTHER}, {link.code: link for link in links})

    @staticmethod
    def _django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("404 Not Found", [])
        return [b"Django"]

    def ask(self, path: str = "/go/one/", query: str = "", method: str = "GET", **headers: str) -> Reply:
        environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
        environ |= {"HTTP_HOST": "earmark.example", "HTTP_USER_AGENT": FIREFOX, **headers}
        setup_testing_defaults(environ)
        reply = Reply()
        reply.body = b"".join(self.application(environ, reply.start))
        return reply

    @property
    def clicks(self) -> list[clicks.ClickRow]:
        lines = [
            line
            for segment in spool_reading.segments(self.folder)
            for line in segment.read_bytes().rstrip(b"\0").splitlines()
        ]
        return [clicks.parse(line) for line in lines]


class Reply:
    status = ""
    body = b""

    def start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)
        assert len(self.headers) == len(headers)  # no header twice
        headers.append(("X-Server", "a server may add to the list"))


@pytest.fixture
def site(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site(tmp_path, settings, monkeypatch)
    yield made
    go.desk()._spool.close()
    go.link_table.cache_clear()
    go._desk.cache_clear()


@pytest.mark.parametrize("path", ["/go/one/", "/go/one"])
def test_leads_to_the_tagged_address_and_counts(site: Site, path: str) -> None:
    reply = site.ask(path)
    assert reply.status == "302 Found"
    (click,) = site.clicks
    sub_id = click_ids.sub_id(UUID(click.id))
    assert reply.headers["Location"] == f"https://shop.example/p/1?x=1&ref=earmark&subid={sub_id}"
    assert reply.body == b""
    assert (click.code, click.is_known, click.placement, click.agent) == ("one", True, "", "person")
    assert (click.offer_id, click.route_id, click.is_direct) == (11, None, False)


def test_every_click_has_a_name_of_its_own(site: Site) -> None:
    assert len({site.ask().headers["Location"] for _ in range(20)}) == 20


def test_nobody_keeps_or_lists_the_redirect_and_no_cookie_is_set(site: Site) -> None:
    headers = site.ask().headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers


def test_a_server_that_adds_headers_does_not_change_the_next_answer(site: Site) -> None:
    site.ask()
    assert "X-Server" not in site.ask().headers


def test_amazon_may_see_where_the_reader_comes_from_and_gets_no_sub_id(site: Site) -> None:
    shop = replace(
        SHOP,
        hosts=("amazon.com",),
        network="amazon",
        settings={"tag_us": "earmark-20"},
        referrer_policy="no-referrer-when-downgrade",
    )
    site.lead(replace(ENTRY, address="https://www.amazon.com/dp/B01"), shop=shop)
    headers = site.ask().headers
    assert headers["Location"] == "https://www.amazon.com/dp/B01?tag=earmark-20"
    assert headers["Referrer-Policy"] == "no-referrer-when-downgrade"


@pytest.mark.parametrize(("status", "line"), [(301, "301 Moved Permanently"), (307, "307 Temporary Redirect")])
def test_the_link_says_which_redirect(site: Site, status: int, line: str) -> None:
    site.lead(replace(ENTRY, status=status))
    assert site.ask().status == line


def test_the_place_is_kept_and_the_merchant_hears_nothing_of_it(site: Site) -> None:
    location = site.ask(query=f"p={token('a12.3.1')}").headers["Location"]
    assert "a12" not in location
    assert site.clicks[0].placement == "a12.3.1"


SIGNED = token("a1.1")


@pytest.mark.parametrize(
    ("query", "placement"),
    [
        ("p={}", "a1.1"),
        ("p={}&x=2", "a1.1"),
        ("utm=1&p={}", "a1.1"),
        ("p={}&p=b", "a1.1"),
        ("p=a1.1", ""),
        ("p=a1.1-aaaaaaa", ""),
        ("p=", ""),
        ("p=a b", ""),
        ("p=%0d%0aSet-Cookie:x", ""),
        ("p=a\r\nSet-Cookie: x", ""),
        ("p=" + "x" * 100, ""),
        ("p=ü", ""),
        ("%", ""),
        ("&&&", ""),
    ],
)
def test_a_place_we_did_not_print_is_dropped_and_the_reader_still_arrives(
    site: Site, query: str, placement: str
) -> None:
    reply = site.ask(query=query.replace("{}", SIGNED))
    assert reply.status == "302 Found"
    assert site.clicks[0].placement == placement
    assert not any("\r" in text or "\n" in text for pair in reply.headers.items() for text in pair)


@pytest.mark.parametrize(
    "query", ["url=https://evil.example/", "next=//evil.example", "p=https://evil.example", "ued=https%3A%2F%2Fevil"]
)
def test_no_query_changes_where_a_link_leads(site: Site, query: str) -> None:
    assert site.ask(query=query).headers["Location"].startswith("https://shop.example/p/1?x=1&ref=earmark&subid=")


@pytest.mark.parametrize(
    "path",
    [
        "/go/",
        "/go",
        "/go//evil.example/",
        "/go/one//",
        "/go/one/x/",
        "/go/../one/",
        "/go/One/",
        "/go/one\r\n/",
        "/gone/",
    ],
)
def test_everything_else_is_left_to_django_uncounted(site: Site, path: str) -> None:
    assert site.ask(path).body == b"Django"
    assert site.clicks == []


@pytest.mark.parametrize("query", ["preview", "preview=1", "p=a&preview", "preview&p=a"])
def test_a_preview_is_left_to_django_uncounted(site: Site, query: str) -> None:
    assert site.ask(query=query).body == b"Django"
    assert site.clicks == []


def test_head_gets_the_same_answer_without_a_click_and_is_not_counted(site: Site) -> None:
    head = site.ask(method="HEAD")
    assert head.status == "302 Found"
    assert head.headers["Location"] == "https://shop.example/p/1?x=1&ref=earmark"
    assert site.clicks == []


def test_a_beacon_is_counted_as_a_direct_link_and_answered_with_nothing(site: Site) -> None:
    reply = site.ask(method="POST", query=f"p={SIGNED}", HTTP_SEC_FETCH_SITE="same-origin")
    assert (reply.status, reply.body) == ("204 No Content", b"")
    assert "Location" not in reply.headers
    (click,) = site.clicks
    assert (click.placement, click.agent, click.is_direct) == ("a1.1", "person", True)


@pytest.mark.parametrize(
    ("query", "headers", "agent"),
    [
        ("", {"HTTP_COOKIE": "x=1; sessionid=abc"}, "staff"),
        ("test", {}, "staff"),
        ("test=1&p=x", {}, "staff"),
        ("", {"HTTP_SEC_PURPOSE": "prefetch;prerender"}, "prefetch"),
    ],
)
def test_what_is_no_readers_click_arrives_without_a_sub_id(
    site: Site, query: str, headers: dict[str, str], agent: str
) -> None:
    assert site.ask(query=query, **headers).headers["Location"] == "https://shop.example/p/1?x=1&ref=earmark"
    assert [click.agent for click in site.clicks] == [agent]


def test_a_route_leads_its_visitors_and_nobody_else(site: Site) -> None:
    route = Route(id=5, position=1, weight=1, offer_id=22, forms=frozenset({"phone"}), languages=frozenset({"de"}))
    entry = RouteEntry(route, 22, "https://other.example/p/2", 2)
    site.lead(replace(ENTRY, conditions=Conditions(routes=(entry,))))
    led = site.ask(HTTP_USER_AGENT=IPHONE, HTTP_ACCEPT_LANGUAGE="de-AT,de;q=0.9").headers
    assert led["Location"] == "https://other.example/p/2?ref=earmark"
    assert led["Referrer-Policy"] == "no-referrer"
    assert site.ask(HTTP_ACCEPT_LANGUAGE="de").headers["Location"].startswith("https://shop.example/")
    assert [(click.offer_id, click.route_id) for click in site.clicks] == [(22, 5), (11, None)]


def test_a_route_that_leads_elsewhere_is_left_out(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    entry = RouteEntry(Route(id=5, position=1, weight=1, offer_id=22), 22, "https://evil.example/", 2)
    site.lead(replace(ENTRY, conditions=Conditions(routes=(entry,))))
    assert site.ask().headers["Location"].startswith("https://shop.example/")
    assert "/go/one/, route 5, is refused" in caplog.text


def test_a_link_that_has_ended_leads_to_a_page_of_ours(site: Site) -> None:
    site.lead(replace(ENTRY, status=301, conditions=Conditions(ends_at=1.0, ended_path="/guides/")))
    reply = site.ask()
    assert (reply.status, reply.headers["Location"]) == ("302 Found", "/guides/")
    site.lead(replace(ENTRY, conditions=Conditions(ends_at=9e12, ended_path="/guides/")))
    assert site.ask().headers["Location"].startswith("https://shop.example/")


def test_a_visit_is_the_same_for_a_day_and_another_for_another_reader(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BEHIND_PROXY = True
    site = Site(tmp_path, settings, monkeypatch)
    for forwarded in ("198.51.100.7", "203.0.113.9, 198.51.100.7", "198.51.100.7, 203.0.113.9"):
        site.ask(HTTP_X_FORWARDED_FOR=forwarded)
    first, same, other = (click.visit for click in site.clicks)
    assert first == same != other
    written = b"".join(segment.read_bytes().rstrip(b"\0") for segment in spool_reading.segments(site.folder))
    assert b"198.51" not in written


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused_uncounted(site: Site, method: str) -> None:
    reply = site.ask(method=method)
    assert reply.status == "405 Method Not Allowed"
    assert reply.headers["Allow"] == "GET, HEAD, POST"
    assert site.clicks == []


@pytest.mark.parametrize("header", ["HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_X_PURPOSE"])
def test_fetching_ahead_is_answered_but_is_nobodys_click(site: Site, header: str) -> None:
    assert site.ask(**{header: "prefetch"}).status == "302 Found"
    assert [click.agent for click in site.clicks] == ["prefetch"]


def test_the_page_of_ours_is_kept_without_its_query(site: Site) -> None:
    site.ask(HTTP_REFERER="https://earmark.example/best/headsets/?q=secret")
    site.ask(HTTP_REFERER="https://search.example/?q=secret")
    assert [click.referrer_path for click in site.clicks] == ["/best/headsets/", ""]


def test_the_country_comes_only_from_the_proxy_the_settings_name(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    believing = Site(tmp_path / "a", settings, monkeypatch)
    believing.ask(HTTP_CF_IPCOUNTRY="DE")
    settings.COUNTRY_HEADER = "CF-IPCountry"
    named = Site(tmp_path / "b", settings, monkeypatch)
    named.ask(HTTP_CF_IPCOUNTRY="DE")
    assert [site.clicks[0].country for site in (believing, named)] == ["", "DE"]


def test_an_http_site_made_https_leaves_plain_requests_to_django(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    site = Site(tmp_path, settings, monkeypatch)
    assert site.ask().body == b"Django"
    assert site.ask(HTTP_X_FORWARDED_PROTO="http", **{"wsgi.url_scheme": "https"}).body == b"Django"
    assert site.clicks == []
    headers = site.ask(HTTP_X_FORWARDED_PROTO="https").headers
    assert headers["Strict-Transport-Security"] == "max-age=600; includeSubDomains; preload"


def test_an_edited_link_is_answered_anew(site: Site) -> None:
    site.ask()
    site.lead(replace(ENTRY, address="https://shop.example/moved"), shop=replace(SHOP, settings={}))
    assert site.ask().headers["Location"] == "https://shop.example/moved"


def test_the_hot_path_asks_neither_database_nor_cache(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """(pytest-django forbids the database here; the cache is taken away.)"""
    from django.core.cache import cache

    monkeypatch.setattr(type(cache._connections[cache._alias]), "get", None)  # type: ignore[attr-defined]
    assert site.ask().status == "302 Found"
