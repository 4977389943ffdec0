from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from catalog.reading import Reading
from catalog.sources.base import Answer, FeedState, SourceError
from catalog.sources.merchant_feed import MerchantFeed
from tests.catalog.shop import Shop, Visit, open_shop
from tests.catalog.sources.feeds import NOW, PAYLOADS, item, walk, wanted
from tests.catalog.sources.tokens import OwnTokens

FEED = item({"id": "A", "price": "10.00 EUR"})


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


def ask(shop: Shop, url: str, state: FeedState | None = None, now: datetime = NOW) -> Answer:
    return MerchantFeed().read(
        wanted("A"), {"feed_url": url}, door=shop.door(), now=now, state=state or FeedState(), tokens=OwnTokens()
    )


def test_the_state_is_complete_once_the_items_are_read(shop: Shop) -> None:
    answer = ask(shop, shop.serves("/feed", FEED, etag='"v1"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT"))
    assert answer.state == FeedState()
    assert [said.sku for said in answer.items] == ["A"]
    assert answer.state.etag == '"v1"'
    assert answer.state.last_modified == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert len(answer.state.sha256) == 64


def test_a_feed_that_says_it_has_not_changed_is_not_sent_again(shop: Shop) -> None:
    def page(visit: Visit) -> None:
        unchanged = visit.headers["If-None-Match"] == '"v1"' and visit.headers["If-Modified-Since"] == "yesterday"
        visit.answer(b"", status=304) if unchanged else visit.answer(FEED.encode())

    state = FeedState(etag='"v1"', last_modified="yesterday", sha256="0" * 64)
    answer = ask(shop, shop.serves("/feed", page), state)
    assert (answer.unchanged, list(answer.items), answer.state) == (True, [], state)


def test_a_feed_with_the_same_bytes_is_unchanged_even_when_its_server_does_not_know(shop: Shop) -> None:
    url = shop.serves("/feed", FEED)
    first = ask(shop, url)
    list(first.items)
    assert ask(shop, url, first.state).unchanged
    shop.serves("/feed", FEED.replace("10.00", "11.00"))
    second = ask(shop, url, first.state)
    assert not second.unchanged
    assert [str(said.amount) for said in second.items if isinstance(said, Reading)] == ["11.00"]


def test_a_feed_whose_sale_will_end_is_read_again_although_it_does_not_change(shop: Shop) -> None:
    window = "2026-11-20T00:00Z/2026-11-30T00:00Z"
    sale = item({"id": "A", "price": "10 EUR", "sale_price": "8 EUR", "sale_price_effective_date": window})
    url = shop.serves("/feed", sale)
    during = ask(shop, url)
    assert [str(said.amount) for said in during.items if isinstance(said, Reading)] == ["8.00"]
    assert ask(shop, url, during.state, now=datetime(2026, 11, 29, 23, tzinfo=UTC)).unchanged
    after = ask(shop, url, during.state, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert [str(said.amount) for said in after.items if isinstance(said, Reading)] == ["10.00"]
    assert after.state.sha256


def test_a_feed_that_broke_off_is_not_remembered_as_read(shop: Shop) -> None:
    answer = ask(shop, shop.serves("/feed", FEED.replace("</channel>", ""), etag='"v1"'))
    with pytest.raises(SourceError):
        list(answer.items)
    assert answer.state == FeedState()


@pytest.mark.parametrize(
    ("status", "why", "permanent"),
    [
        (401, "sign-in", True),
        (403, "refuses us", False),
        (404, "no feed at this address", False),
        (410, "withdrawn", True),
        (500, "fault on its side", False),
    ],
)
def test_a_status_that_is_no_feed_is_explained(shop: Shop, status: int, why: str, permanent: bool) -> None:
    url = shop.serves("/feed", lambda visit: visit.answer(b"no", status=status))
    found, error = walk(shop.door(), "A", feed_url=url)
    assert found == []
    assert f"answered {status}" in str(error)
    assert why in str(error)
    assert error.permanent is permanent


def test_a_feed_of_two_gigabytes_is_refused_while_it_streams(shop: Shop) -> None:
    sent = 0

    def endless(visit: Visit) -> None:
        nonlocal sent
        visit.start(transfer_encoding="chunked")
        block = b"<item></item>\n" * 4681
        while sent < 2 * 1024**3:
            visit.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))
            sent += len(block)

    started = time.monotonic()
    found, error = walk(shop.door(), "A", feed_url=shop.serves("/feed", endless), max_mb="3")
    assert found == []
    assert "larger than the 3 MB allowed" in str(error)
    assert error.permanent
    assert sent < 50_000_000
    assert time.monotonic() - started < 3


def test_a_feed_that_tells_it_has_two_gigabytes_is_refused_at_once(shop: Shop) -> None:
    url = shop.serves("/feed", lambda visit: visit.answer(b"x", length=2 * 1024**3))
    assert "larger than the 500 MB allowed" in str(walk(shop.door(), "A", feed_url=url)[1])


def test_a_large_feed_is_read_from_disk_item_by_item(shop: Shop) -> None:
    body = (PAYLOADS / "feed_rss.xml").read_text()
    one = body[body.index("<item>") : body.index("</item>") + 7]
    many = "".join(one.replace("KL-100", f"KL-{number}") for number in range(1000, 12_000))
    url = shop.serves("/feed", body.replace(one, many + one))
    answer = MerchantFeed().read(
        wanted("KL-100", "KL-11999"),
        {"feed_url": url},
        door=shop.door(),
        now=NOW,
        state=FeedState(),
        tokens=OwnTokens(),
    )
    assert sorted(said.sku for said in answer.items) == ["KL-100", "KL-11999"]


def test_a_validator_too_long_to_store_is_forgotten(shop: Shop) -> None:
    answer = ask(shop, shop.serves("/feed", FEED, etag='"' + "x" * 300 + '"'))
    list(answer.items)
    assert answer.state.etag == ""
    assert answer.state.sha256
