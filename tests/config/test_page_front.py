"""Pages from a process' own memory: the same as through Django, for everybody alike, and never after they changed."""

from __future__ import annotations

import gzip
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from redis import Redis

from catalog.models import Offer
from catalog.page_store import PageStore, page_store
from catalog.page_views import WAITING, field, view_counter
from catalog.services.page_changes import carry_page_changes
from config.page_front import pages_in_front_of
from config.page_memory import PageMemory, ReadyPage
from recommender.step_counts import WAITING as STEPS_WAITING
from recommender.step_counts import step_counter
from recommender.steps import HEADER
from reviews.services.articles import BlockInput
from tests.config.pages_served import BROWSER, Said, Site, ask
from tests.factories import make_merchant, make_product, make_published_article, make_review, make_seen_offer
from tests.redis_lines import cut_listening_lines
from tests.reviews.kept_world import read_index

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    *("/", "/guides/", "/guides/about-one/", "/guides/about-one.md", "/reviews/acme-talk-review/"),
    *("/products/acme-one/", "/pictures/acme-one.svg", "/headphones/over-ear/", "/headphones/"),
    *("/products/", "/authors/ada-field/", "/disclosure/", "/how-we-work/", "/how-we-rank/", "/privacy/"),
    *("/feed/", "/sitemap.xml", "/sitemap-articles.xml", "/robots.txt", "/llms.txt", "/.well-known/security.txt"),
    *("/choose/", "/choose/all/", "/choose/result/?do=music"),
]
VIDEO = {"address": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "title": "How it sounds", "text": "<p>Well.</p>"}


def page_of(site: Site, path: str) -> ReadyPage:
    path = path.partition("?")[0]
    return next(page for page in site.memory._pages.values() if page.path == path)


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    stop = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        stop.wait(0.01)
    raise AssertionError("It never came true.")


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    settings.PAGE_CACHE_SECONDS = 300
    page_store.cache_clear()
    memory = PageMemory(50_000_000)
    memory.watch()
    wait_for(lambda: memory.mark() > 0)
    found = Site(memory)
    yield found
    found.leave()
    memory.close()
    page_store.cache_clear()


def make_pages() -> Offer:
    one = make_product("One", kind="headphones", type="over-ear")
    offer = make_seen_offer(one, make_merchant("Shop", max_price_age=timedelta(hours=24)), amount="99.00")
    make_published_article(
        "about-one", blocks=[BlockInput("product_card", {"text": "Light."}, products=[one]), BlockInput("video", VIDEO)]
    )
    make_review(make_product("Talk", kind="headset", type="gaming"))
    carry_page_changes()
    read_index()
    return offer


def from_another_process() -> PageStore:
    return page_store.__wrapped__()


# --- the same as through the stack -------------------------------------------------------------------------------


def compared(said: Said) -> dict[str, str]:
    """All that is said, but for how it came about and the size of what was packed at another level."""
    unlike = {"Cache-Status"} | ({"Content-Length"} if "Content-Encoding" in said.headers else set())
    return {name: value for name, value in said.headers.items() if name not in unlike}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_header_of_every_page_is_the_same_as_through_django(site: Site, settings: Settings, scheme: str) -> None:
    settings.SECURE_HSTS_SECONDS = 1000
    settings.SURROGATE_KEYS = True
    site.behind.load_middleware()
    make_pages()
    for path in PAGES:
        for encoding in ("gzip", "identity"):
            mine = site.ready(path, scheme=scheme, ACCEPT_ENCODING=encoding)
            theirs = ask(site.behind, path, scheme=scheme, ACCEPT_ENCODING=encoding)
            assert (mine.status, theirs.status) == (200, 200), path
            assert compared(mine) == compared(theirs), path
            unpack = gzip.decompress if "Content-Encoding" in mine.headers else bytes
            assert unpack(mine.body) == unpack(theirs.body), path
            assert int(mine.headers["Content-Length"]) == len(mine.body)
            assert ("Strict-Transport-Security" in mine.headers) == (scheme == "https")
            assert mine.headers.get("Vary") == ("Accept-Encoding" if "gzip" in page_of(site, path).answers else None)
            assert "Surrogate-Key" in mine.headers
    assert "frame-src" in ask(site, "/guides/about-one/", scheme=scheme).headers["Content-Security-Policy"]
    assert "frame-src" not in ask(site, "/guides/", scheme=scheme).headers["Content-Security-Policy"]


def test_brotli_is_given_to_whoever_takes_it_and_is_the_same_page(site: Site) -> None:
    plain = site.ready("/")
    packed = ask(site, "/", ACCEPT_ENCODING="gzip, deflate, br, zstd")
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("*", "br"), ("*;q=0", None), ("gzip;q=0", None),
        ("", None), ("identity", None), ("GZIP", "gzip"), ("br;q=nonsense", None), ("deflate, zstd", None),
    ],
)  # fmt: skip
def test_what_a_reader_does_not_take_is_not_given(site: Site, accepted: str, encoding: str | None) -> None:
    site.ready("/")
    assert ask(site, "/", ACCEPT_ENCODING=accepted).headers.get("Content-Encoding") == encoding


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_who_has_the_page_is_told_so(site: Site, encoding: str) -> None:
    has = site.ready("/", ACCEPT_ENCODING=encoding)
    for known in (has.headers["ETag"], f'"other", {has.headers["ETag"]}', "*"):
        said = ask(site, "/", ACCEPT_ENCODING=encoding, IF_NONE_MATCH=known)
        assert (said.status, said.body, said.is_from_memory) == (304, b"", True)
        assert said.headers["ETag"] == has.headers["ETag"]
        for name in ("Cache-Control", "Vary", "Content-Security-Policy"):
            assert said.headers[name] == has.headers[name]
        assert not {"Content-Length", "Content-Type", "Content-Encoding"} & said.headers.keys()
    assert ask(site, "/", ACCEPT_ENCODING=encoding, IF_NONE_MATCH='"other"').status == 200


def test_a_head_says_what_a_get_would(site: Site) -> None:
    whole = site.ready("/")
    head = ask(site, "/", method="HEAD")
    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")


def test_two_readers_with_different_headers_get_the_same_bytes(site: Site) -> None:
    first = site.ready("/", USER_AGENT=BROWSER, ACCEPT_LANGUAGE="de", COOKIE="theme=dark", CF_IPCOUNTRY="DE")
    second = ask(site, "/?utm_source=x", USER_AGENT="curl/8", ACCEPT_LANGUAGE="fr", COOKIE="a=b", DNT="1")
    assert second.is_from_memory
    assert (second.body, second.headers) == (first.body, first.headers)


# --- who is not answered here ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"COOKIE": "theme=dark; sessionid=abc"},
        {"AUTHORIZATION": "Bearer x"},
        {"IF_MATCH": '"x"'},
        {"HOST": "evil.example"},
        {"HOST": ""},
        {"method": "POST"},
    ],
    ids=lambda value: next(iter(value)) + " " + next(iter(value.values())),
)
def test_everybody_else_is_answered_by_django(site: Site, headers: dict[str, str]) -> None:
    site.ready("/")
    assert not ask(site, "/", **headers).is_from_memory


def test_a_host_that_is_not_ours_is_refused(site: Site) -> None:
    site.ready("/")
    assert ask(site, "/", HOST="evil.example").status == 400
    assert ask(site, "/", HOST="LOCALHOST:8080").is_from_memory


def test_a_proxy_says_whether_the_reader_came_over_https(site: Site, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    proxied = Site(site.memory)
    secure = proxied.ready("/", X_FORWARDED_PROTO="https")
    assert not ask(proxied, "/", X_FORWARDED_PROTO="http").is_from_memory
    assert ask(proxied, "/", X_FORWARDED_PROTO="https, http").body == secure.body


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/no-such-page/", "/admin/login/", "/api/v1/products/"])
def test_what_is_not_a_kept_page_is_djangos(site: Site, path: str) -> None:
    for _ in range(2):
        assert ask(site, path).cache == ""
        site.settle()


@pytest.mark.parametrize("name", ["PAGE_MEMORY_MB", "PAGE_CACHE_SECONDS"])
def test_nothing_stands_in_front_where_the_settings_say_so(settings: Settings, name: str) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    setattr(settings, name, 0)
    behind = WSGIHandler()
    assert pages_in_front_of(behind) is behind


# --- while things change -----------------------------------------------------------------------------------------


def test_exactly_the_pages_that_show_a_change_go(site: Site) -> None:
    offer = make_pages()
    shows_it, others = ["/products/acme-one/", "/guides/about-one/", "/choose/result/?do=music"], ["/", "/disclosure/"]
    for path in (*shows_it, *others):
        site.ready(path)
    Offer.objects.update(amount="89.00")
    from_another_process().changed([f"offers:{offer.product_id}", "prices"])
    wait_for(lambda: not ask(site, shows_it[0]).is_from_memory)
    for path in shows_it:
        said = ask(site, path)
        assert not said.is_from_memory
        assert b"89.00" in said.body
        site.settle()
        assert b"89.00" in site.ready(path).body
    assert all(ask(site, path).is_from_memory for path in others)


def test_who_changes_something_sees_it_at_once_in_the_same_process(site: Site) -> None:
    make_pages()
    for number in range(10, 25):
        site.ready("/products/acme-one/")
        Offer.objects.update(amount=number)
        carry_page_changes()
        assert f"{number}.00".encode() in ask(site, "/products/acme-one/").body


def test_a_page_on_its_way_into_the_memory_does_not_arrive_when_it_changed_meanwhile(site: Site) -> None:
    make_pages()
    mark = site.memory.mark()
    page = site.memory.find(keys_after(site, "/disclosure/"))
    assert page is not None
    page.tags = frozenset({"articles"})
    assert site.memory.keep("x", page, mark)
    from_another_process().changed(["articles"])
    wait_for(lambda: site.memory.find("x") is None)
    assert not site.memory.keep("x", page, mark)
    assert site.memory.keep("x", page, site.memory.mark())
    assert not site.memory.keep("x", page, 0), "nobody knew what changed then"


def keys_after(site: Site, path: str) -> str:
    site.ready(path)
    return next(key for key, page in site.memory._pages.items() if page.path == path)


def test_a_price_leaves_with_its_licence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    make_pages()
    Offer.objects.update(seen_at=timezone.now() - timedelta(hours=24) + timedelta(seconds=40))
    carry_page_changes()
    said = site.ready("/products/acme-one/")
    ages = [int(word.rpartition("=")[2]) for word in said.headers["Cache-Control"].split(", ")[1:]]
    assert 20 < max(ages) <= 40
    assert b"99.00" in said.body
    real, ahead = time.time, 0.0
    monkeypatch.setattr(time, "time", lambda: real() + ahead)
    ahead = 30.0
    later = ask(site, "/products/acme-one/")
    assert later.is_from_memory
    assert max(int(word.rpartition("=")[2]) for word in later.headers["Cache-Control"].split(", ")[1:]) <= 10
    ahead = 41.0
    assert not ask(site, "/products/acme-one/").is_from_memory
    ahead = -3600.0  # the clock is set back: the other one goes on
    mono = time.monotonic
    assert ask(site, "/products/acme-one/").is_from_memory
    monkeypatch.setattr(time, "monotonic", lambda: mono() + 41)
    (page,) = site.memory._pages.values()
    assert page.is_over()


def order_moved_elsewhere(site: Site) -> None:
    """Prices changed in another process, so that what is made here may lag."""
    page_store()._strict_until = 0.0
    from_another_process().changed(["prices"])
    wait_for(lambda: "/choose/result/" not in {page.path for page in site.memory._pages.values()})


def test_only_an_order_lags_for_a_moment_and_somebody_makes_the_next(site: Site) -> None:
    make_pages()
    before = site.ready("/choose/result/?do=music")
    order_moved_elsewhere(site)
    lagging = ask(site, "/choose/result/?do=music")
    assert (lagging.cache, lagging.body) == ("earmark; hit; detail=lags", before.body)
    site.settle()
    assert ask(site, "/choose/result/?do=music").is_from_memory, "it was made anew without a reader"


def test_a_withdrawn_article_does_not_lag(site: Site) -> None:
    from reviews.desk.publishing import retire_article
    from reviews.models import Article

    make_pages()
    site.ready("/guides/about-one/")
    retire_article(article=Article.objects.get(slug="about-one"))
    assert ask(site, "/guides/about-one/").status in (404, 410)


def test_nothing_lags_in_the_process_that_made_the_change(site: Site) -> None:
    make_pages()
    site.ready("/choose/result/?do=music")
    page_store().changed(["prices"])
    said = ask(site, "/choose/result/?do=music")
    assert said.cache == "earmark; fwd=miss; stored"


def test_a_page_that_was_made_without_a_reader_is_nobodys_view(site: Site) -> None:
    make_pages()
    site.ready("/choose/result/?do=music")
    counted = views_of("/choose/result/")
    order_moved_elsewhere(site)
    assert ask(site, "/choose/result/?do=music").cache == "earmark; hit; detail=lags"
    site.settle()
    assert views_of("/choose/result/") == counted + 1


# --- when Redis cannot be heard ----------------------------------------------------------------------------------


def test_without_the_line_to_redis_the_memory_is_not_believed_and_then_it_is_again(
    site: Site, settings: Settings
) -> None:
    site.ready("/")
    cut_listening_lines(settings.REDIS_URL)
    wait_for(lambda: not site.memory._pages)
    wait_for(lambda: site.memory.mark() > 0)
    site.ready("/")


def test_a_forked_child_begins_with_nothing_and_the_parent_keeps_what_it_has(site: Site) -> None:
    key = keys_after(site, "/")
    child = os.fork()
    if child == 0:
        os._exit(0 if site.memory.find(key) is None and not site.memory._pages else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert site.memory.find(key) is not None


# --- views -------------------------------------------------------------------------------------------------------


def views_of(path: str, *, is_net: bool | None = None) -> int:
    view_counter().flush()
    redis = Redis.from_url(connection_url())
    day = timezone.localdate().isoformat()
    kinds = (True, False) if is_net is None else (is_net,)
    return sum(int(redis.hget(WAITING, field((day, path, kind))) or 0) for kind in kinds)


def connection_url() -> str:
    from django.conf import settings

    return str(settings.REDIS_URL)


def test_views_of_ready_pages_are_counted_by_the_same_rules(site: Site) -> None:
    etag = site.ready("/", USER_AGENT=BROWSER).headers["ETag"]
    people, all_ = views_of("/", is_net=True), views_of("/")
    for headers, is_view, is_persons in [
        ({"USER_AGENT": BROWSER}, True, True),
        ({"USER_AGENT": "curl/8"}, True, False),
        ({"USER_AGENT": BROWSER, "SEC_PURPOSE": "prefetch"}, True, False),
        ({"USER_AGENT": BROWSER, "IF_NONE_MATCH": etag, "ACCEPT": "text/html,*/*"}, True, True),
        ({"USER_AGENT": BROWSER, "IF_NONE_MATCH": etag, "ACCEPT": "*/*"}, False, False),
        ({"USER_AGENT": BROWSER, "method": "HEAD"}, False, False),
    ]:
        assert ask(site, "/", **headers).is_from_memory
        people, all_ = people + is_persons, all_ + is_view
        assert (views_of("/", is_net=True), views_of("/")) == (people, all_), headers


def test_a_ready_page_asks_neither_the_database_nor_redis(site: Site, django_assert_num_queries: Any) -> None:
    make_pages()
    site.ready("/products/acme-one/")
    connection.close()
    with django_assert_num_queries(0):
        assert ask(site, "/products/acme-one/").is_from_memory


def test_steps_through_the_questions_are_counted_of_ready_pages_and_stay_on_the_site(site: Site) -> None:
    first = site.ready("/choose/?do=music", USER_AGENT=BROWSER)
    assert HEADER.lower() not in {name.lower() for name in first.headers}
    before = steps_counted()
    for headers in ({"USER_AGENT": BROWSER}, {"USER_AGENT": "curl/8"}, {"USER_AGENT": BROWSER}):
        answer = ask(site, "/choose/?do=music", **headers)
        assert answer.is_from_memory
        assert HEADER.lower() not in {name.lower() for name in answer.headers}
    assert steps_counted() == before + 2


def steps_counted() -> int:
    step_counter().flush()
    return sum(int(times) for times in Redis.from_url(connection_url()).hvals(STEPS_WAITING))
