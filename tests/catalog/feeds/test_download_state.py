from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from catalog.feeds import download, has_turned, until
from catalog.reading import FeedState
from tests.catalog.shop import Shop, open_shop

TURN = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
STATE = FeedState(etag='"v1"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT", sha256="0" * 64)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


def test_a_state_without_a_turn_stays_as_it_is_and_never_turns() -> None:
    assert until(None, STATE) == STATE
    assert not has_turned(STATE, datetime.max.replace(tzinfo=UTC))


def test_a_state_turns_at_the_moment_it_was_given_in_whatever_offset() -> None:
    held = until(TURN.astimezone(timezone(timedelta(hours=5, minutes=30))), STATE)
    assert not has_turned(held, TURN - timedelta(seconds=1))
    assert has_turned(held, TURN)
    assert (held.etag, held.sha256) == (STATE.etag, STATE.sha256)


def test_a_state_that_may_have_turned_counts_as_turned_where_the_time_is_not_told() -> None:
    assert has_turned(until(TURN, STATE), None)


@pytest.mark.parametrize("last_modified", ["", STATE.last_modified, "x" * 60])
def test_a_state_with_a_turn_fits_into_the_merchants_record(last_modified: str) -> None:
    held = until(TURN, FeedState(last_modified=last_modified))
    assert len(held.last_modified) <= 60
    assert has_turned(held, TURN)


def test_the_server_is_sent_its_own_words_without_the_turn_and_none_once_it_is_over(shop: Shop) -> None:
    url = shop.serves("/feed", lambda visit: visit.answer(b"", status=304))
    held = until(TURN, STATE)
    assert download(url, door=shop.door(), state=held, now=TURN - timedelta(hours=1)) is None
    assert shop.asked[0][1]["if-modified-since"] == STATE.last_modified
    assert shop.asked[0][1]["if-none-match"] == STATE.etag
    assert download(url, door=shop.door(), state=held, now=TURN) is None
    assert not {"if-modified-since", "if-none-match"} & set(shop.asked[1][1])


def test_a_feed_that_turned_is_read_again_although_its_bytes_are_the_same(shop: Shop) -> None:
    url = shop.serves("/feed", b"id,price\nA,1 USD\n")
    first = download(url, door=shop.door())
    assert first is not None
    first.file.close()
    held = until(TURN, first.state)
    assert download(url, door=shop.door(), state=held, now=TURN - timedelta(hours=1)) is None
    again = download(url, door=shop.door(), state=held, now=TURN)
    assert again is not None
    again.file.close()
