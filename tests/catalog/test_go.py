"""What a browser, a crawler and an attacker get from `/go/<code>/`, and what is written down of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from catalog import clicks, go, spool
from catalog.link_table import LinkEntry, LinkTable
from catalog.targets import sub_id

ENTRY = LinkEntry(
    code="one",
    status=302,
    address="https://shop.example/p/1?x=1",
    merchant="Shop",
    hosts=("shop.example",),
    network="direct",
    settings={"parameter": "ref", "value": "earmark", "sub_id_parameter": "subid"},
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Site:
    """The redirect in front of an application that answers 404 to everything."""

    def __init__(self, folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.CLICK_SPOOL_DIR = self.folder = folder / "spool"
        settings.LINK_SNAPSHOT = folder / "links.snapshot"
        monkeypatch.setattr(LinkTable, "watch", self._keep_table)
        self.application = go.in_front_of(self._django)
        self.table.links = {"one": ENTRY}

    def _keep_table(self) -> None:
        """(Without the thread that asks the database.)"""

    @property
    def table(self) -> LinkTable:
        closure = self.application.__closure__  # type: ignore[attr-defined]
        return next(cell.cell_contents for cell in closure if isinstance(cell.cell_contents, LinkTable))

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
        lines = [line for segment in spool.segments(self.folder) for line in segment.read_bytes().splitlines()]
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


@pytest.mark.parametrize("path", ["/go/one/", "/go/one"])
def test_leads_to_the_tagged_address_and_counts(site: Site, path: str) -> None:
    reply = site.ask(path)
    assert reply.status == "302 Found"
    assert reply.headers["Location"] == "https://shop.example/p/1?x=1&ref=earmark"
    assert reply.body == b""
    (click,) = site.clicks
    assert (click.code, click.is_known, click.placement, click.agent) == ("one", True, "", "person")


def test_nobody_keeps_or_lists_the_redirect_and_no_cookie_is_set(site: Site) -> None:
    headers = site.ask().headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers


def test_a_server_that_adds_headers_does_not_change_the_next_answer(site: Site) -> None:
    site.ask()
    assert "X-Server" not in site.ask().headers


def test_amazon_may_see_where_the_reader_comes_from(site: Site) -> None:
    amazon = replace(
        ENTRY,
        address="https://www.amazon.com/dp/B01",
        hosts=("amazon.com",),
        network="amazon",
        settings={"tag_us": "earmark-20"},
    )
    site.table.links = {"one": amazon}
    headers = site.ask().headers
    assert headers["Location"] == "https://www.amazon.com/dp/B01?tag=earmark-20"
    assert headers["Referrer-Policy"] == "no-referrer-when-downgrade"


@pytest.mark.parametrize(("status", "line"), [(301, "301 Moved Permanently"), (307, "307 Temporary Redirect")])
def test_the_link_says_which_redirect(site: Site, status: int, line: str) -> None:
    site.table.links = {"one": replace(ENTRY, status=status)}
    assert site.ask().status == line


def test_the_placement_is_kept_and_the_merchant_sees_only_a_code_of_it(site: Site) -> None:
    location = site.ask(query="p=best-headsets.3.1").headers["Location"]
    assert location.endswith(f"&subid={sub_id('best-headsets.3.1')}")
    assert "best" not in location
    assert site.clicks[0].placement == "best-headsets.3.1"


@pytest.mark.parametrize(
    ("query", "placement"),
    [
        ("p=a.1", "a.1"),
        ("p=a.1&x=2", "a.1"),
        ("utm=1&p=a.1", "a.1"),
        ("p=a%2E1", "a.1"),
        ("p=", ""),
        ("p=a b", ""),
        ("p=%0d%0aSet-Cookie:x", ""),
        ("p=a\r\nSet-Cookie: x", ""),
        ("p=" + "x" * 61, ""),
        ("p=ü", ""),
        ("p=a&p=b", "a"),
        ("%", ""),
        ("&&&", ""),
    ],
)
def test_a_placement_that_is_none_is_dropped_and_the_reader_still_arrives(
    site: Site, query: str, placement: str
) -> None:
    reply = site.ask(query=query)
    assert reply.status == "302 Found"
    assert site.clicks[0].placement == placement
    assert not any("\r" in text or "\n" in text for pair in reply.headers.items() for text in pair)


@pytest.mark.parametrize(
    "query", ["url=https://evil.example/", "next=//evil.example", "p=https://evil.example", "ued=https%3A%2F%2Fevil"]
)
def test_no_query_changes_where_a_link_leads(site: Site, query: str) -> None:
    assert site.ask(query=query).headers["Location"] == "https://shop.example/p/1?x=1&ref=earmark"


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


def test_head_gets_the_same_answer_and_is_not_counted(site: Site) -> None:
    get, head = site.ask(), site.ask(method="HEAD")
    assert (head.status, head.headers) == (get.status, get.headers)
    assert len(site.clicks) == 1


def test_a_beacon_is_counted_and_answered_with_nothing(site: Site) -> None:
    reply = site.ask(method="POST", query="p=a.1", HTTP_SEC_FETCH_SITE="same-origin")
    assert (reply.status, reply.body) == ("204 No Content", b"")
    assert "Location" not in reply.headers
    assert (site.clicks[0].placement, site.clicks[0].agent) == ("a.1", "person")


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
    site.table.links = {"one": replace(ENTRY, address="https://shop.example/moved", settings={})}
    assert site.ask().headers["Location"] == "https://shop.example/moved"


def test_invented_placements_do_not_fill_the_memory(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(go, "MOST_ANSWERS", 10)
    for number in range(50):
        assert site.ask(query=f"p=x{number}").status == "302 Found"
    assert len(go.desk()._answers) <= 10


def test_the_hot_path_asks_neither_database_nor_cache(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """(pytest-django forbids the database here; the cache is taken away.)"""
    from django.core.cache import cache

    monkeypatch.setattr(type(cache._connections[cache._alias]), "get", None)  # type: ignore[attr-defined]
    assert site.ask().status == "302 Found"
