from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from catalog.http import DoorError, WebDoor, seconds_to_wait
from tests.catalog.shop import Shop, Visit, open_shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


def refused(shop: Shop, url: str, *, max_bytes: int | None = None, **limits: float) -> DoorError:
    with pytest.raises(DoorError) as caught, shop.door(**limits).get(url, max_bytes=max_bytes) as reply:
        reply.read()
    return caught.value


def test_hands_back_status_headers_and_body(shop: Shop) -> None:
    url = shop.serves("/page", b"hello", etag='"v1"')
    with shop.door().get(url) as reply:
        assert (reply.status, reply.headers["etag"], reply.url, reply.read()) == (200, '"v1"', url, b"hello")


def test_says_who_it_is_and_sends_the_headers_it_is_given(shop: Shop) -> None:
    url = shop.serves("/page", b"hello")
    with shop.door().get(url, headers={"If-None-Match": '"v1"'}):
        pass
    sent = shop.asked[0][1]
    assert sent["user-agent"] == "EarmarkTest/1.0"
    assert sent["if-none-match"] == '"v1"'
    assert sent["host"] == shop.host


def test_hands_back_an_error_status_for_the_caller_to_judge(shop: Shop) -> None:
    with shop.door().get(shop.url("/missing")) as reply:
        assert reply.status == 404


def test_unpacks_gzip(shop: Shop) -> None:
    url = shop.serves("/page", gzip.compress(b"a" * 1000) + gzip.compress(b"b"), content_encoding="gzip")
    with shop.door().get(url) as reply:
        assert reply.read() == b"a" * 1000 + b"b"


def test_follows_a_redirect_and_tells_where_it_ended(shop: Shop) -> None:
    shop.serves("/new", b"here")
    url = shop.serves("/old", lambda visit: visit.answer(b"", status=301, location="/new"))
    with shop.door().get(url) as reply:
        assert (reply.url, reply.read()) == (shop.url("/new"), b"here")


def test_follows_at_most_five_redirects(shop: Shop) -> None:
    url = shop.serves("/loop", lambda visit: visit.answer(b"", status=302, location="/loop"))
    assert "more than 5 times" in str(refused(shop, url))
    assert len(shop.asked) == 6


def test_keeps_secrets_from_the_host_a_redirect_leads_to(shop: Shop) -> None:
    with open_shop() as other:
        target = other.serves("/landing", b"hi")
        url = shop.serves("/start", lambda visit: visit.answer(b"", status=302, location=target))
        door = WebDoor(user_agent="x", allowed_private=frozenset({shop.host, other.host}))
        with door.get(url, headers={"Authorization": "Bearer secret", "Accept": "text/html"}) as reply:
            assert reply.read() == b"hi"
        assert "authorization" in shop.asked[0][1]
        assert "authorization" not in other.asked[0][1]
        assert other.asked[0][1]["accept"] == "text/html"


def test_reports_how_long_a_busy_host_wants_to_be_left_alone(shop: Shop) -> None:
    url = shop.serves("/busy", lambda visit: visit.answer(b"", status=429, retry_after="120"))
    error = refused(shop, url)
    assert (error.retry_after, error.permanent, error.host_is_down) == (120.0, False, True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("999999999999", 86400.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_reads_retry_after_in_both_spellings(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, now=datetime(2026, 11, 22, 12, tzinfo=UTC)) == seconds


def test_stops_at_the_size_limit_before_the_body_when_its_length_is_told(shop: Shop) -> None:
    url = shop.serves("/large", b"x" * 5000)
    error = refused(shop, url, max_bytes=1000)
    assert "larger than the 1000 bytes allowed" in str(error)


def test_stops_a_body_of_two_gigabytes_at_the_limit_without_reading_it(shop: Shop) -> None:
    sent = 0

    def endless(visit: Visit) -> None:
        nonlocal sent
        visit.start(transfer_encoding="chunked")
        block = b"x" * 65536
        while sent < 2 * 1024**3:
            visit.wfile.write(b"10000\r\n" + block + b"\r\n")
            sent += len(block)

    started = time.monotonic()
    error = refused(shop, shop.serves("/endless", endless), max_bytes=2_000_000)
    assert "larger than" in str(error)
    assert time.monotonic() - started < 3
    assert sent < 50_000_000


def test_stops_a_gzip_bomb_while_it_grows(shop: Shop) -> None:
    bomb = gzip.compress(b"0" * 60_000_000)
    assert len(bomb) < 100_000
    url = shop.serves("/bomb", bomb, content_encoding="gzip")
    assert "larger than the 3 MB allowed" in str(refused(shop, url))


def test_does_not_unpack_what_it_did_not_ask_for(shop: Shop) -> None:
    url = shop.serves("/brotli", b"x", content_encoding="br")
    assert "`br`" in str(refused(shop, url))


@pytest.mark.parametrize("body", [b"no gzip at all", gzip.compress(b"cut" * 1000, mtime=0)[:20]])
def test_says_when_a_packed_body_is_damaged(shop: Shop, body: bytes) -> None:
    url = shop.serves("/bad", body, content_encoding="gzip")
    assert "gzip" in str(refused(shop, url)) or "cut short" in str(refused(shop, url))


def test_notices_a_body_that_is_cut_short(shop: Shop) -> None:
    url = shop.serves("/cut", lambda visit: visit.answer(b"half", length=1000))
    error = refused(shop, url)
    assert "cut short" in str(error)
    assert not error.permanent


def test_gives_up_on_a_host_that_says_nothing(shop: Shop) -> None:
    url = shop.serves("/hang", lambda visit: time.sleep(3))
    started = time.monotonic()
    error = refused(shop, url, timeout_seconds=0.3)
    assert error.host_is_down
    assert time.monotonic() - started < 2


def test_the_deadline_ends_a_body_that_trickles_in_time(shop: Shop) -> None:
    def trickle(visit: Visit) -> None:
        visit.start(content_length="1000")
        for _ in range(40):
            visit.wfile.write(b"x")
            visit.wfile.flush()
            time.sleep(0.1)

    url = shop.serves("/trickle", trickle)
    started = time.monotonic()
    error = refused(shop, url, timeout_seconds=2.0, deadline_seconds=0.6)
    assert "for the whole answer" in str(error)
    assert time.monotonic() - started < 2


def test_the_deadline_ends_headers_that_trickle_in_time(shop: Shop) -> None:
    def trickle(visit: Visit) -> None:
        visit.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(40):
            visit.wfile.write(b"X-%d: x\r\n" % number)
            visit.wfile.flush()
            time.sleep(0.1)

    url = shop.serves("/trickle", trickle)
    started = time.monotonic()
    assert "for the whole answer" in str(refused(shop, url, deadline_seconds=0.6))
    assert time.monotonic() - started < 2


def test_says_when_the_answer_is_not_http(shop: Shop) -> None:
    url = shop.serves("/noise", lambda visit: visit.wfile.write(b"\x00\x01 not http at all\r\n\r\n"))
    assert "not HTTP" in str(refused(shop, url))


def test_says_when_nobody_listens(shop: Shop) -> None:
    with open_shop() as closed:
        door = closed.door()
        url = closed.url("/")
    with pytest.raises(DoorError, match=r"No connection to 127\.0\.0\.1") as caught, door.get(url):
        pass
    assert caught.value.host_is_down


def test_no_message_repeats_the_address_with_its_keys(shop: Shop) -> None:
    url = shop.serves("/feed", lambda visit: visit.answer(b"half", length=1000)) + "?key=SECRET"
    busy = shop.serves("/busy", lambda visit: visit.answer(b"", status=503)) + "?key=SECRET"
    for address in (url, busy, "ftp://example.com/?key=SECRET", "http://user:SECRET@example.com/"):
        error = refused(shop, address)
        assert "SECRET" not in str(error)
        assert error.__cause__ is None
