"""What every source owes to the services that call it, whatever its merchant does."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from catalog import settings_fields
from catalog.http import WebDoor
from catalog.reading import Reading, Unreadable
from catalog.sources import SOURCES
from catalog.sources.base import FeedState, Source, SourceError, Wanted
from catalog.terms import Terms
from tests.catalog.shop import Shop, Visit, open_shop
from tests.catalog.sources.tokens import OwnTokens

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ASKING = sorted(key for key in SOURCES if SOURCES[key].asks)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as shop:
        yield shop


@dataclass
class Outcome:
    said: list[Reading | Unreadable]
    error: SourceError | None

    @property
    def reasons(self) -> str:
        return " ".join([said.reason for said in self.said if isinstance(said, Unreadable)] + [str(self.error or "")])


def ask(key: str, shop: Shop, url: str, door: WebDoor | None = None) -> Outcome:
    source = SOURCES[key]
    settings = {name: value.replace("{server}", shop.url("")) for name, value in source.example_settings.items()}
    if source.address_setting:
        settings[source.address_setting] = url
    outcome = Outcome([], None)
    try:
        answer = source.read(
            [Wanted(sku=source.example_sku, url=url, currency="USD")],
            settings,
            door=door or shop.door(timeout_seconds=0.5, deadline_seconds=1.5),
            now=NOW,
            state=FeedState(),
            tokens=OwnTokens(),
        )
        for said in answer.items:
            outcome.said.append(said)
    except SourceError as error:
        outcome.error = error
    return outcome


@pytest.mark.parametrize("key", SOURCES)
def test_declares_itself(key: str) -> None:
    source = SOURCES[key]
    assert isinstance(source, Source)
    assert source.key == key
    assert source.label
    assert source.batch_size > 0
    assert isinstance(source.terms, Terms)
    names = [field.name for field in source.settings]
    assert len(names) == len(set(names))
    assert all(field.help for field in source.settings)


@pytest.mark.parametrize("key", SOURCES)
def test_says_which_settings_it_misses(key: str) -> None:
    needed = {field.name for field in SOURCES[key].settings if field.required}
    missing = settings_fields.problems(SOURCES[key].settings, {})
    assert len(missing) == len(needed)


@pytest.mark.parametrize("key", SOURCES)
def test_the_settings_of_its_example_are_ones_an_editor_can_store(key: str, shop: Shop) -> None:
    source = SOURCES[key]
    given = {name: value.replace("{server}", shop.url("")) for name, value in source.example_settings.items()}
    if source.address_setting:
        given.setdefault(source.address_setting, shop.url("/item"))
    secret = {field.name for field in source.settings if field.secret}
    stored = {name: "A_VARIABLE" if name in secret else value for name, value in given.items()}
    assert settings_fields.problems(source.settings, stored) == []


@pytest.mark.parametrize("key", ASKING)
def test_reads_a_price_with_its_currency_and_the_time_it_was_given(key: str, shop: Shop) -> None:
    outcome = ask(key, shop, shop.serves("/item", SOURCES[key].example))
    assert outcome.error is None
    (reading,) = outcome.said
    assert isinstance(reading, Reading), reading
    sku = SOURCES[key].example_sku
    assert (reading.sku, str(reading.amount), reading.currency, reading.seen_at) == (sku, "99.00", "USD", NOW)
    assert reading.raw_price


def bomb(visit: Visit) -> None:
    visit.answer(gzip.compress(b"<p>0" * 15_000_000), content_encoding="gzip")


def endless(visit: Visit) -> None:
    visit.start(transfer_encoding="chunked")
    for _ in range(2 * 1024**3 // 65536):
        visit.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def slow(visit: Visit) -> None:
    visit.start(content_length="100000")
    for _ in range(30):
        visit.wfile.write(b"<p>")
        visit.wfile.flush()
        time.sleep(0.1)


FAULTS = {
    "server error": lambda visit: visit.answer(b"oops", status=500),
    "not found": lambda visit: visit.answer(b"gone", status=404),
    "truncated": lambda visit: visit.answer(b"id\ttitle", length=5000),
    "empty": lambda visit: visit.answer(b""),
    "a web page": lambda visit: visit.answer(b"<!doctype html><html><body>Please sign in</body></html>"),
    "noise": lambda visit: visit.answer(bytes(range(256)) * 20),
    "not http": lambda visit: visit.wfile.write(b"\x00\x01\x02\r\n\r\n"),
    "hang": lambda visit: time.sleep(2),
    "slower than the deadline": slow,
    "gzip bomb": bomb,
    "two gigabytes": endless,
    "redirect to a private address": lambda visit: visit.answer(b"", status=302, location="http://10.0.0.1/"),
    "redirect in circles": lambda visit: visit.answer(b"", status=302, location="/item"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("key", ASKING)
def test_a_fault_is_a_source_error_or_unreadable_and_never_a_price(key: str, fault: str, shop: Shop) -> None:
    url = shop.serves("/item", FAULTS[fault])
    door = WebDoor(user_agent="x", allowed_private=frozenset({shop.host}), timeout_seconds=0.5, deadline_seconds=1.5)
    started = time.monotonic()
    outcome = ask(key, shop, url, door)
    assert not [said for said in outcome.said if isinstance(said, Reading)]
    assert outcome.error is not None or outcome.said
    assert len(outcome.reasons) > 15
    if fault != "two gigabytes" or key != "merchant_feed":
        assert time.monotonic() - started < 4


@pytest.mark.parametrize("key", ASKING)
def test_a_busy_host_is_left_alone_for_as_long_as_it_asks(key: str, shop: Shop) -> None:
    outcome = ask(key, shop, shop.serves("/item", lambda visit: visit.answer(b"", status=429, retry_after="77")))
    assert outcome.error is not None
    assert (outcome.error.retry_after, outcome.error.permanent) == (77.0, False)


@pytest.mark.parametrize("key", ASKING)
def test_no_message_repeats_the_keys_of_an_address(key: str, shop: Shop) -> None:
    for fault in ("server error", "truncated", "hang"):
        shop.serves("/item", FAULTS[fault])
        assert "SECRET" not in ask(key, shop, shop.url("/item?key=SECRET")).reasons
