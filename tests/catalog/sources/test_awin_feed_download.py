from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from catalog.http import WebDoor
from catalog.reading import Reading, Unreadable
from catalog.settings_fields import problems
from catalog.sources.awin_feed import AwinFeed
from catalog.sources.base import Answer, FeedState, SourceError
from tests.catalog.sources.awin import ask, row, table
from tests.catalog.sources.feeds import NOW
from tests.servers.awin import FAULTS, KEY, Awin, Feed, open_awin

BODY = table(row(aw_product_id="1"), row(aw_product_id="2", search_price="249,90".replace(",", "."), currency="BRL"))


@pytest.fixture
def awin() -> Iterator[Awin]:
    with open_awin(Feed("101", BODY), Feed("102", table(row(aw_product_id="3"))), Feed("555", BODY, "901")) as server:
        yield server


def asked(awin: Awin, state: FeedState | None = None, now: datetime = NOW, **settings: str) -> Answer:
    door = awin.shop.door(timeout_seconds=0.5, deadline_seconds=1.5)
    return ask(door, state=state, now=now, base_url=awin.url, **{"feed_ids": "101", **settings})


def amounts(answer: Answer) -> dict[str, str]:
    return {said.sku: f"{said.amount} {said.currency}" for said in answer.items if isinstance(said, Reading)}


@pytest.mark.parametrize("compression", ["gzip", "zip"])
@pytest.mark.parametrize("delimiter", ["comma", "semicolon", "pipe", "tab"])
def test_reads_a_download_however_it_is_packed_and_parted(awin: Awin, compression: str, delimiter: str) -> None:
    answer = asked(awin, compression=compression, delimiter=delimiter)
    assert amounts(answer) == {"1": "99.00 EUR", "2": "249.90 BRL"}
    assert f"compression/{compression}" in awin.asked[-1]


def test_asks_for_its_columns_and_feeds_in_the_language_of_awins_list(awin: Awin) -> None:
    assert set(amounts(asked(awin, feed_ids="101, 102"))) == {"1", "2", "3"}
    assert awin.asked[0] == "list"
    assert awin.asked[1].startswith("language/de/fid/101,102/hasEnhancedFeeds/0/columns/aw_product_id,")
    assert "search_price" in awin.asked[1]
    assert "store_price" not in awin.asked[1]
    list(asked(awin, language="fr").items)
    assert awin.asked[-1].startswith("language/fr/")


def test_finds_the_feeds_of_an_advertiser_that_we_have_joined(awin: Awin) -> None:
    assert set(amounts(asked(awin, feed_ids="", advertiser_id="900"))) == {"1", "2", "3"}
    awin.feeds[1].status = "Not Joined"
    assert set(amounts(asked(awin, feed_ids="", advertiser_id="900"))) == {"1", "2"}


@pytest.mark.parametrize(
    ("settings", "why", "permanent"),
    [
        ({"feed_ids": "", "advertiser_id": "7777"}, "lists no feed of the advertiser 7777", False),
        ({"feed_ids": "", "advertiser_id": ""}, "`feed_ids` or the `advertiser_id`", True),
        ({"feed_ids": "404"}, "answered 404: Awin does not know the key or the feed", False),
        ({"api_key": "another-key"}, "answered 403: Awin does not know the key", False),
        ({"api_key": ""}, "key of Awin's page Create-a-Feed is missing", True),
    ],
)
def test_says_what_is_wrong_with_the_settings(awin: Awin, settings: dict[str, str], why: str, permanent: bool) -> None:
    with pytest.raises(SourceError) as failed:
        asked(awin, **settings)
    assert why in str(failed.value)
    assert failed.value.permanent is permanent


def test_an_advertiser_that_we_have_not_joined_is_named_as_such(awin: Awin) -> None:
    awin.feeds[2].status = "Not Joined"
    with pytest.raises(SourceError, match="not joined"):
        asked(awin, feed_ids="", advertiser_id="901")


def test_nothing_is_downloaded_while_awin_has_imported_nothing_new(awin: Awin) -> None:
    first = asked(awin)
    assert list(first.items)
    again = asked(awin, first.state)
    assert (again.unchanged, list(again.items), again.state) == (True, [], first.state)
    assert awin.asked.count("list") == 2
    assert len(awin.asked) == 3
    awin.feeds[0].imported = "2026-11-22 12:00:00"
    awin.feeds[0].body = BODY.replace("99.00", "89.00")
    later = asked(awin, first.state)
    assert amounts(later)["1"] == "89.00 EUR"
    assert later.state != first.state


def test_an_import_of_another_feed_is_no_reason_to_download_ours(awin: Awin) -> None:
    first = asked(awin)
    list(first.items)
    awin.feeds[1].imported = "2026-11-23 00:00:00"
    assert asked(awin, first.state).unchanged


def test_a_feed_that_awins_list_does_not_date_is_downloaded_each_time(awin: Awin) -> None:
    awin.feeds[0].imported = ""
    first = asked(awin)
    list(first.items)
    awin.feeds[0].body = BODY.replace("99.00", "89.00")
    assert amounts(asked(awin, first.state))["1"] == "89.00 EUR"


def test_a_price_that_ends_is_read_again_although_awin_imported_nothing(awin: Awin) -> None:
    awin.feeds[0].body = table(row(valid_from="2026-11-01", valid_to="2026-11-25"))
    first = asked(awin)
    assert amounts(first) == {"1": "99.00 EUR"}
    assert asked(awin, first.state, now=datetime(2026, 11, 25, 23, 59, tzinfo=UTC)).unchanged
    after = asked(awin, first.state, now=datetime(2026, 11, 26, tzinfo=UTC))
    assert [type(said) for said in after.items] == [Unreadable]
    assert asked(awin, after.state, now=datetime(2026, 12, 26, tzinfo=UTC)).unchanged


def test_a_download_that_breaks_off_is_not_remembered_as_read(awin: Awin) -> None:
    awin.download_fault = "truncated"
    with pytest.raises(SourceError, match="cut short or damaged"):
        asked(awin)


def test_a_list_that_cannot_be_read_costs_a_download_and_no_prices(awin: Awin) -> None:
    awin.list_fault = "a page"
    assert amounts(asked(awin)) == {"1": "99.00 EUR", "2": "249.90 BRL"}
    with pytest.raises(SourceError, match="web page"):
        asked(awin, feed_ids="", advertiser_id="900")


def test_awins_busy_answer_says_how_long_to_stay_away(awin: Awin) -> None:
    awin.list_fault = "busy"
    with pytest.raises(SourceError) as failed:
        asked(awin)
    assert failed.value.retry_after == 60.0


@pytest.mark.parametrize("place", ["list", "download"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_key_is_in_no_message_no_log_and_no_state(
    awin: Awin, fault: str, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    setattr(awin, f"{place}_fault", fault)
    texts = []
    try:
        answer = asked(awin)
        texts += [repr(said) for said in answer.items]
        texts.append(repr(answer.state))
    except SourceError as error:
        chain: BaseException | None = error
        while chain is not None:
            texts.append(repr(chain))
            chain = None if chain.__suppress_context__ else chain.__cause__ or chain.__context__
    assert texts
    assert KEY not in " ".join(texts) + caplog.text
    assert KEY in awin.shop.asked[0][0]


def test_the_key_is_in_no_reading_of_a_row_that_repeats_it(awin: Awin) -> None:
    broken = f'aw_product_id,search_price,currency\n1,"https://x.example/{KEY} EUR\n2,{KEY},EUR\n3,1.00,{KEY}\n'
    awin.feeds[0].body = broken
    found = list(asked(awin).items)
    assert len(found) == 3
    assert KEY not in repr(found)


def test_a_key_that_holds_signs_of_an_address_is_escaped_and_still_kept_out(awin: Awin) -> None:
    with pytest.raises(SourceError) as failed:
        asked(awin, api_key="a/b?c=d #e")
    assert awin.shop.asked[0][0] == "/datafeed/list/apikey/a%2Fb%3Fc%3Dd%20%23e"
    assert "a%2F" not in str(failed.value)


def test_the_record_of_a_merchant_holds_the_keys_variable_only() -> None:
    assert problems(AwinFeed.settings, {"api_key": "AWIN_FEED_KEY", "feed_ids": "101, 102"}) == []
    (problem,) = problems(AwinFeed.settings, {"api_key": KEY, "feed_ids": "101"})
    assert KEY not in problem


def test_awins_own_address_is_asked_unless_another_is_given() -> None:
    door = WebDoor(user_agent="x", resolve=lambda host, port: [] if host == "productdata.awin.com" else ["10.0.0.1"])
    with pytest.raises(SourceError, match=r"No connection to productdata\.awin\.com"):
        ask(door, feed_ids="1")
