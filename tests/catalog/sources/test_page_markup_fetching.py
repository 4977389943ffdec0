from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from catalog.http import WebDoor
from catalog.reading import Reading, Unreadable
from catalog.sources.base import FeedState, SourceError, Wanted
from catalog.sources.page_markup import PageMarkup
from tests.catalog.shop import Shop, Visit, open_shop
from tests.catalog.sources.pages import NOW, offer, page, product
from tests.catalog.sources.tokens import OwnTokens

GOOD = page(product(offer()))


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


def walk(shop: Shop, urls: Sequence[str], **settings: str) -> Iterator[Reading | Unreadable]:
    wanted = [Wanted(sku=url.rsplit("/", 1)[-1], url=url, currency="EUR") for url in urls]
    yield from (
        PageMarkup()
        .read(wanted, settings, door=shop.door(timeout_seconds=0.5), now=NOW, state=FeedState(), tokens=OwnTokens())
        .items
    )


def test_reads_one_page_for_each_wanted_offer(shop: Shop) -> None:
    urls = [shop.serves("/a", GOOD), shop.serves("/b", page(product(offer("99"))))]
    assert [(said.sku, str(said.amount)) for said in walk(shop, urls) if isinstance(said, Reading)] == [
        ("a", "199.00"),
        ("b", "99.00"),
    ]


def test_a_page_that_fails_does_not_end_the_round(shop: Shop) -> None:
    broken = shop.serves("/broken", lambda visit: visit.answer(b"oops", status=500))
    cut = shop.serves("/cut", lambda visit: visit.answer(b"<html>", length=9999))
    large = shop.serves("/large", lambda visit: visit.answer(b"x" * 4_000_000))
    said = list(walk(shop, [shop.url("/gone"), broken, cut, large, shop.serves("/good", GOOD)]))
    reasons = [one.reason for one in said if isinstance(one, Unreadable)]
    assert [one.sku for one in said] == ["gone", "broken", "cut", "large", "good"]
    assert reasons[0] == "The page answered 404. The item may be gone."
    assert reasons[1] == "The page answered 500."
    assert "cut short" in reasons[2]
    assert "larger than the 3 MB" in reasons[3]
    assert isinstance(said[4], Reading)


def test_a_host_that_is_busy_ends_the_round_and_keeps_what_came_before(shop: Shop) -> None:
    busy = shop.serves("/busy", lambda visit: visit.answer(b"", status=503, retry_after="30"))
    said = walk(shop, [shop.serves("/good", GOOD), busy, shop.url("/never")])
    assert next(said).sku == "good"
    with pytest.raises(SourceError) as caught:
        next(said)
    assert caught.value.retry_after == 30.0
    assert not any(path == "/never" for path, _ in shop.asked)


def test_a_page_that_leads_to_another_site_is_not_read(shop: Shop) -> None:
    with open_shop() as other:
        elsewhere = other.serves("/x", GOOD).replace("127.0.0.1", "localhost")
        url = shop.serves("/moved", lambda visit: visit.answer(b"", status=302, location=elsewhere))
        allowed = frozenset({shop.host, other.host.replace("127.0.0.1", "localhost")})
        wanted = [Wanted(sku="A", url=url, currency="EUR")]
        door = WebDoor(user_agent="x", allowed_private=allowed)
        (said,) = PageMarkup().read(wanted, {}, door=door, now=NOW, state=FeedState(), tokens=OwnTokens()).items
    assert isinstance(said, Unreadable)
    assert said.reason == "The page led to another site (localhost)."


def test_keeps_to_robots_txt_and_asks_for_it_once(shop: Shop) -> None:
    shop.serves("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    urls = [shop.serves("/private/a", GOOD), shop.serves("/b", GOOD)]
    said = list(walk(shop, urls))
    assert isinstance(said[0], Unreadable)
    assert "robots.txt" in said[0].reason
    assert isinstance(said[1], Reading)
    assert [path for path, _ in shop.asked] == ["/robots.txt", "/b"]


def test_a_merchant_that_agreed_is_read_against_its_robots_txt(shop: Shop) -> None:
    shop.serves("/robots.txt", "User-agent: *\nDisallow: /\n")
    (said,) = walk(shop, [shop.serves("/a", GOOD)], robots="ignore")
    assert isinstance(said, Reading)


def test_a_broken_robots_txt_allows_everything(shop: Shop) -> None:
    shop.serves("/robots.txt", lambda visit: visit.answer(b"oops", status=500))
    (said,) = walk(shop, [shop.serves("/a", GOOD)])
    assert isinstance(said, Reading)


def moved(shop: Shop, asked: str, reached: str) -> Reading | Unreadable:
    shop.serves(reached.partition("?")[0], GOOD)
    url = shop.serves(asked, lambda visit: visit.answer(b"", status=302, location=reached))
    (said,) = walk(shop, [url])
    return said


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ("/p/studio-one", "/"),
        ("/p/studio-one", "/headphones/"),
        ("/headphones/studio-one.html", "/headphones/all.html"),
        ("/p/4711", "/p/0815"),
        ("/p/studio-one", "/cookies?back=home"),
    ],
)
def test_a_page_that_leads_to_another_one_is_not_our_item(shop: Shop, asked: str, reached: str) -> None:
    shop.serves("/x", GOOD)
    said = moved(shop, asked, reached if reached != "/" else "/x?y=1")
    assert isinstance(said, Unreadable)
    assert "perhaps another item" in said.reason


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ("/p/studio-one", "/p/studio-one/"),
        ("/p/studio-one", "/de/p/acme-studio-one-4711"),
        ("/p/4711", "/p/studio-one-4711"),
        ("/products/studio-one", "/products/studio-one?variant=1"),
    ],
)
def test_a_page_that_leads_to_its_own_better_address_is_read(shop: Shop, asked: str, reached: str) -> None:
    shop.serves(reached.partition("?")[0], GOOD)
    pages = {asked: reached}

    def once(visit: Visit) -> None:
        to = pages.pop(asked, None)
        visit.answer(GOOD.encode()) if to is None else visit.answer(b"", status=301, location=to)

    (said,) = walk(shop, [shop.serves(asked, once)])
    assert isinstance(said, Reading)
