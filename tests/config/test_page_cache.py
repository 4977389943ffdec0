"""Who is given a page that was made for somebody else, and who never is."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from redis import Redis

from catalog import page_store
from catalog.page_tags import note, note_until
from config.page_cache import PageCache
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db

HIT, STORED, MADE = "earmark; hit", "earmark; fwd=miss; stored", "earmark; fwd=miss"


@pytest.fixture(autouse=True)
def _kept(settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300


def status(client: Client, path: str, **headers: Any) -> str:
    """What the answer says of the cache; empty where the cache had no say."""
    answer: Any = client.get(path, **headers)
    said: str = answer.get("Cache-Status", "")
    return said


def test_the_second_reader_is_given_the_page_of_the_first(client: Client) -> None:
    first = client.get("/")
    second = Client().get("/")
    assert (first["Cache-Status"], second["Cache-Status"]) == (STORED, HIT)
    assert second.content == first.content
    same = {name: value for name, value in second.items() if name != "Cache-Status"}
    assert same == {name: value for name, value in first.items() if name != "Cache-Status"}


def test_a_kept_page_asks_the_database_nothing_and_opens_no_session(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_seen_offer(make_product(kind="headphones", type="over-ear"), make_merchant())
    client.get("/products/acme-one/")
    with django_assert_num_queries(0):
        answer = client.get("/products/acme-one/")
    assert answer["Cache-Status"] == HIT
    assert not answer.cookies


def test_nothing_is_kept_when_the_setting_says_so(client: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 0
    assert [status(client, "/"), status(client, "/")] == [MADE, MADE]


@pytest.mark.parametrize(
    "path",
    ["/admin/login/", "/api/v1/products/", "/newsletter/", "/go/nowhere/", "/readyz", "/no-such-page/", "/products"],
)
def test_what_is_not_marked_is_never_kept(client: Client, path: str) -> None:
    assert [status(client, path), status(client, path)] == ["", ""]


def test_a_redirect_of_a_marked_view_is_not_kept(client: Client) -> None:
    path = "/choose/?asked=do&do=music"
    assert client.get(path).status_code == 302
    assert status(client, path) == ""


def test_posts_go_through(client: Client) -> None:
    client.get("/")
    assert "Cache-Status" not in client.post("/")


def test_a_head_is_answered_from_what_a_get_left_and_leaves_nothing_itself(client: Client) -> None:
    assert client.head("/")["Cache-Status"] == MADE
    client.get("/")
    answer = client.head("/")
    assert answer["Cache-Status"] == HIT
    assert int(answer["Content-Length"]) > 1000


def test_whoever_is_signed_in_gets_a_page_of_their_own(client: Client) -> None:
    make_staff("editor")
    client.get("/")
    client.login(username="editor", password="listen-closely")
    assert status(client, "/") == ""


def test_a_request_with_credentials_gets_a_page_of_its_own(client: Client) -> None:
    client.get("/")
    assert status(client, "/", headers={"authorization": "Bearer x"}) == ""


# --- the address -------------------------------------------------------------------------------------------------


def test_marks_of_campaigns_and_parameters_that_nobody_reads_do_not_make_another_page(client: Client) -> None:
    client.get("/products/?q=one&sort=name")
    for query in (
        "sort=name&q=one",
        "q=one&sort=name&utm_source=letter",
        "q=one&sort=name&x=7",
        "q=one&sort=name&brand=",
    ):
        assert status(client, f"/products/?{query}") == HIT, query
    assert status(client, "/products/?q=two&sort=name") == STORED


def test_a_view_does_not_even_see_what_it_did_not_say_it_reads() -> None:
    def view(request: Any) -> HttpResponse:
        return HttpResponse(repr((dict(request.GET), request.get_full_path())), headers={"Cache-Control": "public"})

    request = RequestFactory().get("/products/?q=a&evil=%3Cscript%3E", headers={"host": "localhost"})
    assert "evil" in request.GET, "somebody in front of the cache has looked already"
    answer = PageCache(view)(request)
    assert answer.content == b"({'q': ['a']}, '/products/?q=a')"


def test_questions_still_name_what_they_do_not_know(client: Client) -> None:
    for _ in range(2):
        answer = client.get("/choose/?colour=blue")
        assert "colour" in answer.content.decode()
        assert "Cache-Status" not in answer
    client.get("/choose/?mic=own")
    assert status(client, "/choose/?mic=own&utm_source=letter") == HIT
    assert "colour" in client.get("/choose/?mic=own&colour=").content.decode()


@pytest.mark.parametrize("query", ["q=" + "a" * 400, "q=%FF%FE", "&".join(f"a{n}=1" for n in range(40))])
def test_an_odd_query_is_answered_and_not_kept(client: Client, query: str) -> None:
    for _ in range(2):
        answer = client.get(f"/products/?{query}")
        assert answer.status_code == 200
        assert "Cache-Status" not in answer


def test_an_address_that_is_varied_at_will_does_not_fill_the_memory(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_store, "MOST_VARIANTS", 3)
    said = [status(client, f"/products/?q={number}") for number in range(5)]
    assert said == [STORED, STORED, STORED, MADE, MADE]
    assert status(client, "/") == STORED


def test_headers_that_a_reader_can_write_do_not_get_into_the_page_of_another(client: Client) -> None:
    poison = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-original-url": "/admin/",
        "accept-language": "xx",
        "host": "localhost:31337",
    }
    poisoned = Client().get("/", headers=poison)
    assert b"evil.example" not in poisoned.content
    assert b"31337" not in poisoned.content
    clean = client.get("/", headers={"host": "localhost"})
    assert clean["Cache-Status"] == HIT
    client.cookies.clear()
    assert status(client, "/", headers={"host": "127.0.0.1"}) == STORED


def test_a_host_that_is_not_ours_is_refused_also_where_the_page_is_kept(client: Client) -> None:
    client.get("/")
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_what_was_made_for_http_is_not_given_over_https(client: Client) -> None:
    client.get("/")
    assert Client().get("/", secure=True)["Cache-Status"] == STORED


# --- the answer --------------------------------------------------------------------------------------------------


def test_readers_with_and_without_gzip_share_a_page(client: Client) -> None:
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    plain = client.get("/")
    assert (packed["Content-Encoding"], packed["Vary"]) == ("gzip", "Accept-Encoding")
    assert plain["Cache-Status"] == HIT
    assert "Content-Encoding" not in plain
    assert plain.content.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_browser_that_has_the_page_is_told_so_and_no_more(client: Client, encoding: str) -> None:
    headers = {"accept-encoding": encoding}
    known = client.get("/", headers=headers)["ETag"]
    for reader in (client, Client()):
        answer = reader.get("/", headers={**headers, "if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    make_published_article()
    page_store.page_store().changed(["articles"])
    assert client.get("/", headers={**headers, "if-none-match": known}).status_code == 200


def test_an_answer_that_sets_a_cookie_or_is_not_public_is_not_kept() -> None:
    def with_cookie(request: Any) -> HttpResponse:
        answer = HttpResponse("mine", headers={"Cache-Control": "public"})
        answer.set_cookie("who", "me")
        return answer

    private = [
        with_cookie,
        lambda request: HttpResponse("mine"),
        lambda request: HttpResponse("mine", headers={"Cache-Control": "private"}),
        lambda request: HttpResponse("mine", headers={"Cache-Control": "public", "Vary": "Cookie"}),
        lambda request: HttpResponse("mine", status=500, headers={"Cache-Control": "public"}),
    ]
    for view in private:
        PageCache(view)(RequestFactory().get("/", headers={"host": "localhost"}))
        other = PageCache(lambda request: HttpResponse("other"))
        assert other(RequestFactory().get("/", headers={"host": "localhost"})).content == b"other"


def test_caches_between_us_forget_a_price_before_its_licence_ends(client: Client) -> None:
    shop = make_merchant(max_price_age=timedelta(hours=1))
    make_seen_offer(make_product(), shop, seen_at=timezone.now() - timedelta(minutes=59, seconds=30))
    for _ in range(2):
        control = client.get("/products/acme-one/")["Cache-Control"]
        assert control.startswith("public, max-age=")
        assert 20 <= int(control.rpartition("=")[2]) <= 30
    assert "stale-while-revalidate" in client.get("/")["Cache-Control"]


# --- while things change -----------------------------------------------------------------------------------------


def view_that_meets(change: str) -> PageCache:
    """A page about product 7 during whose making something changes."""

    def view(request: Any) -> HttpResponse:
        note("product:7")
        note_until(timezone.now() + timedelta(hours=1))
        page_store.page_store().changed([change])
        return HttpResponse("old", headers={"Cache-Control": "public"})

    return PageCache(view)


@pytest.mark.parametrize(("change", "said"), [("product:7", MADE), ("product:8", STORED)])
def test_a_page_is_not_kept_when_what_it_shows_changed_while_it_was_made(change: str, said: str) -> None:
    asked = RequestFactory().get("/", headers={"host": "localhost"})
    assert view_that_meets(change)(asked)["Cache-Status"] == said


@pytest.fixture
def redis_is_away(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page_store.page_store.cache_clear()
    yield
    page_store.page_store.cache_clear()


@pytest.mark.usefixtures("redis_is_away")
def test_pages_are_made_as_ever_while_redis_is_away(client: Client) -> None:
    assert [status(client, "/"), status(client, "/")] == [MADE, MADE]


@pytest.fixture
def database_goes_away() -> Iterator[Any]:
    """A function that takes PostgreSQL away: connections are refused from then on."""
    kept = dict(connection.settings_dict)

    def leave() -> None:
        connection.close()
        connection.settings_dict.update({"HOST": "127.0.0.1", "PORT": "1"})

    yield leave
    connection.settings_dict.update(kept)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_readers_get_kept_pages_while_postgresql_is_away(database_goes_away: Any) -> None:
    make_seen_offer(make_product(), make_merchant())
    client = Client(raise_request_exception=False)
    kept = client.get("/products/acme-one/").content
    database_goes_away()
    answer = client.get("/products/acme-one/")
    assert (answer.status_code, answer.content) == (200, kept)
    assert client.get("/guides/").status_code == 503


def test_only_what_a_page_needs_lies_in_redis(client: Client, settings: Settings) -> None:
    """Everything there ends by itself, and within the hour."""
    client.get("/")
    page_store.page_store().changed(["articles"])
    redis = Redis.from_url(settings.REDIS_URL)
    names = [name for name in redis.keys("page:*") if name not in (b"page:clock", b"page:born", b"page:run")]
    assert len(names) == 3
    assert all(0 < redis.ttl(name) <= 4200 for name in names)


def test_a_redis_that_never_answers_costs_one_reader_half_a_second_and_the_next_nothing(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        page_store.page_store.cache_clear()
        ask = PageCache(lambda request: HttpResponse("made", headers={"Cache-Control": "public"}))
        times = []
        for _ in range(3):
            began = time.monotonic()
            assert ask(RequestFactory().get("/", headers={"host": "localhost"})).content == b"made"
            times.append(time.monotonic() - began)
    page_store.page_store.cache_clear()
    assert times[0] < 3
    assert max(times[1:]) < 0.2
