"""A link is followed to its end, hop by hop, as an honest robot that no shop takes for a reader."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from redis import Redis

from catalog.destination_check import Expected, Finding, Seen, State
from catalog.services import pace
from catalog.services.looks import Looker
from catalog.services.turns import BusyError, turn_at
from tests.servers.destinations import (
    CAPTCHA,
    ITEM,
    MARKED_UP,
    MISSING,
    SOLD_OUT,
    Ask,
    DestinationServer,
    answers,
    hangs_up,
    open_destinations,
    redirects,
    refuses_head,
    sets_cookie_first,
    slow,
)

PAGE = ITEM.format(name="Acme One")


@pytest.fixture
def shop() -> Iterator[DestinationServer]:
    with open_destinations() as server:
        yield server


def wanted(shop: DestinationServer, path: str = "/p/acme-one", **changed: object) -> Expected:
    plain = Expected(merchant="Shop", hosts=(shop.host,), offered=shop.url(path), names="Acme One")
    return replace(plain, **changed)  # type: ignore[arg-type]


def look(shop: DestinationServer, path: str = "/p/acme-one", **changed: object) -> tuple[Seen, Finding]:
    return Looker(shop.door(), rest=0.001).look(shop.url(path), wanted(shop, path.partition("?")[0], **changed))


def test_head_goes_ahead_and_get_reads_the_page_once(shop: DestinationServer) -> None:
    shop.sells("/p/acme-one")
    seen, finding = look(shop)
    assert finding.state is State.FINE
    assert shop.methods == ["HEAD /p/acme-one", "GET /p/acme-one"]
    assert [(hop.method, hop.status) for hop in seen.hops] == [("HEAD", 200), ("GET", 200)]


def test_it_says_who_it_is_and_carries_nothing_of_a_reader(shop: DestinationServer) -> None:
    shop.sells("/p/acme-one")
    look(shop)
    for _, _, headers, _ in shop.asked:
        assert headers["user-agent"] == "EarmarkTest/1.0"
        assert not headers.keys() & {"referer", "cookie", "authorization"}


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501])
def test_a_shop_that_answers_head_wrongly_is_asked_by_get(shop: DestinationServer, status: int) -> None:
    shop.serves("/p/acme-one", refuses_head(PAGE, status))
    assert look(shop)[1].state is State.FINE
    assert shop.methods == ["HEAD /p/acme-one", "GET /p/acme-one"]


def test_a_shop_that_leads_head_elsewhere_is_asked_by_get_before_it_is_blamed(shop: DestinationServer) -> None:
    def page(ask: Ask) -> None:
        ask.says(302, location="/") if ask.command == "HEAD" else ask.says(200, PAGE)

    shop.serves("/p/acme-one", page)
    shop.sells("/", "Shop")
    assert look(shop)[1].state is State.FINE


@pytest.mark.parametrize("status", [404, 410, 500])
def test_what_get_says_too_is_believed(shop: DestinationServer, status: int) -> None:
    shop.serves("/p/acme-one", answers(status, MISSING.format(title="Oh no")))
    seen, finding = look(shop)
    assert (finding.state, seen.final and seen.final.status) == (State.BROKEN, status)


def test_a_page_that_is_gone_with_200_and_a_way_to_the_front_page_are_broken(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", MISSING.format(title="Seite nicht gefunden"))
    assert look(shop)[1].state is State.BROKEN
    shop.serves("/p/acme-one", redirects("/"))
    shop.serves("/", "<html><body><h1>Welcome</h1></body></html>")
    assert "front page" in look(shop)[1].detail


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Out of stock"), ("de", "Ausverkauft"), ("fr", "Rupture de stock"), ("es", "Agotado")],
)
def test_sold_out_is_read_in_four_languages(shop: DestinationServer, language: str, words: str) -> None:
    shop.serves("/p/acme-one", SOLD_OUT.format(language=language, name="Acme One", words=words))
    finding = look(shop)[1]
    assert (finding.state, finding.words) == (State.SOLD_OUT, words)


def test_sold_out_is_read_from_markup(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", MARKED_UP.format(name="Acme One", stock="SoldOut"))
    assert look(shop)[1].state is State.SOLD_OUT


def test_every_hop_is_recorded_up_to_a_foreign_host(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", redirects("/moved", 301))
    shop.serves("/moved", redirects(shop.url("/landed", host=shop.other_host), 307))
    shop.serves("/landed", PAGE)
    seen, finding = look(shop)
    assert finding.state is State.ELSEWHERE
    # Blamed only after GET was led there too.
    assert [hop.status for hop in seen.hops] == [301, 307, 200]
    assert {hop.method for hop in seen.hops} == {"GET"}
    assert seen.final
    assert seen.final.address == shop.url("/landed", host=shop.other_host)


def test_a_tag_that_a_redirect_drops_is_missed(shop: DestinationServer) -> None:
    shop.sells("/p/acme-one-black")
    shop.serves("/p/acme-one", redirects("/p/acme-one-black"))
    finding = look(shop, "/p/acme-one?ref=earmark", tags={"ref": "earmark"})[1]
    assert finding.state is State.UNTAGGED
    shop.serves("/p/acme-one", redirects("/p/acme-one-black", keeps_query=True))
    assert look(shop, "/p/acme-one?ref=earmark", tags={"ref": "earmark"})[1].state is State.FINE


def test_a_networks_host_is_passed_by_refresh_or_script_as_a_reader_would(shop: DestinationServer) -> None:
    shop.sells("/p/acme-one")
    for way in (
        '<meta http-equiv="refresh" content="0;url={}">',
        "<script>location.replace('{}')</script>",
    ):
        shop.serves("/click", f"<html><head>{way.format(shop.url('/p/acme-one?awc=7'))}</head><body></body></html>")
        ours = wanted(shop, network="Net", network_hosts=(shop.network_host,), landing=("awc",))
        seen, finding = Looker(shop.door(), rest=0.001).look(shop.url("/click", host=shop.network_host), ours)
        assert finding.state is State.FINE, finding
        assert len({hop.address for hop in seen.hops}) == 2


def test_a_circle_ends_and_is_broken(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", redirects("/there"))
    shop.serves("/there", redirects("/p/acme-one"))
    finding = look(shop)[1]
    assert finding.state is State.BROKEN
    assert "never end" in finding.detail
    assert len(shop.methods) <= 24


def test_a_shop_that_wants_its_cookie_back_is_no_circle(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", sets_cookie_first(PAGE))
    assert look(shop)[1].state is State.FINE


def test_silence_and_a_broken_connection_are_failures_with_their_reason(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", slow(2.5, PAGE))
    finding = look(shop)[1]
    assert (finding.state, "took too long" in finding.detail) == (State.BROKEN, True)
    shop.serves("/p/acme-one", hangs_up)
    assert look(shop)[1].state is State.BROKEN


def test_a_way_into_a_private_network_is_not_followed(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", redirects("http://127.0.0.1:9/secret"))
    finding = look(shop)[1]
    assert finding.state is State.BROKEN
    assert "never read from" in finding.detail
    shop.serves("/p/acme-one", redirects("file:///etc/passwd"))
    assert look(shop)[1].state is State.BROKEN


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_captcha_is_unknown(shop: DestinationServer, status: int) -> None:
    shop.serves("/p/acme-one", answers(status, CAPTCHA))
    assert look(shop)[1].state is State.BARRED


def test_robots_txt_is_kept_unless_the_merchant_agreed(shop: DestinationServer) -> None:
    shop.sells("/p/acme-one")
    shop.serves("/robots.txt", answers(200, "User-agent: *\nDisallow: /p/\n", content_type="text/plain"))
    finding = look(shop)[1]
    assert finding.state is State.BARRED
    assert "robots.txt" in finding.detail
    assert shop.methods == []
    agreed = Looker(shop.door(), rest=0.001, keeps_robots=False).look(shop.url("/p/acme-one"), wanted(shop))
    assert agreed[1].state is State.FINE


def test_a_host_that_asks_for_rest_gets_it_from_everybody(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", answers(429, "slow down", retry_after="120"))
    with pytest.raises(BusyError) as caught:
        look(shop)
    assert caught.value.retry_after == 120
    asked = len(shop.asked)
    with pytest.raises(BusyError):
        look(shop)
    assert len(shop.asked) == asked
    assert pace.host_open_at(shop.url("/other")) > 100


def test_a_host_that_has_enough_of_us_without_naming_a_time_is_not_asked_once_more(shop: DestinationServer) -> None:
    shop.serves("/p/acme-one", answers(429))
    assert look(shop)[1].state is State.BARRED
    assert shop.methods == ["HEAD /p/acme-one"]


def test_the_delay_that_robots_txt_asks_for_is_kept(shop: DestinationServer) -> None:
    shop.sells("/p/acme-one")
    shop.serves("/robots.txt", answers(200, "User-agent: *\nCrawl-delay: 1\n", content_type="text/plain"))
    assert look(shop)[1].state is State.FINE
    moments = [moment for *_, moment in shop.asked]
    assert moments[2] - moments[1] >= 0.99


def test_requests_to_a_host_come_one_after_the_other_with_a_rest_between(shop: DestinationServer) -> None:
    shop.sells("/p/acme-one")
    Looker(shop.door(), rest=0.2).look(shop.url("/p/acme-one"), wanted(shop))
    moments = [moment for *_, moment in shop.asked]
    assert len(moments) == 3
    assert all(later - earlier >= 0.19 for earlier, later in pairwise(moments))


def test_while_somebody_else_is_asking_a_host_nobody_asks_it(shop: DestinationServer) -> None:
    with turn_at(shop.url("/"), rest=0.001):
        began = time.monotonic()
        with pytest.raises(BusyError, match="Others of us"), turn_at(shop.url("/p/2"), rest=0.001):
            pytest.fail("two at once")
        assert time.monotonic() - began < 10


def test_without_redis_nothing_is_asked(
    shop: DestinationServer, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Redis, "set", _no_redis)
    shop.sells("/p/acme-one")
    with pytest.raises(BusyError, match="not reachable"):
        look(shop)
    assert shop.asked == []


def _no_redis(*_: object, **__: object) -> None:
    from redis.exceptions import ConnectionError as NoRedisError

    raise NoRedisError("gone")
