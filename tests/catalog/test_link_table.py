"""The table follows the database, and stands alone when there is none."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError

from catalog import link_table
from catalog.link_table import LinkTable
from catalog.models import Link
from tests.factories import make_link, make_merchant, make_offer, make_product


@pytest.fixture
def table(tmp_path: Path) -> LinkTable:
    return LinkTable(tmp_path / "links.snapshot")


def refreshed(table: LinkTable) -> dict[str, str]:
    table.refresh()
    return {code: entry.destination() for code, entry in table.links.items()}


@pytest.mark.django_db
def test_holds_every_link_that_leads_somewhere(table: LinkTable) -> None:
    shop, closed = make_merchant(), make_merchant("Closed", is_active=False)
    make_link(make_offer(make_product("One"), shop), "one")
    make_link(make_offer(make_product("Two"), shop), "off", is_active=False)
    make_link(make_offer(make_product("Three"), closed), "closed")
    gone = make_offer(make_product("Four"), shop, withdrawn_at="2026-01-01T00:00:00Z")
    make_link(gone, "gone")
    assert refreshed(table) == {"one": "https://shop.example/p/acme-one"}


@pytest.mark.django_db
def test_reads_again_only_when_something_changed(table: LinkTable) -> None:
    link = make_link()
    assert table.refresh()
    assert not table.refresh()
    link.offer.product.summary = "Nothing a link needs"
    link.offer.product.save()
    assert not table.refresh()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["link", "offer", "merchant", "delete"])
def test_every_edit_that_matters_is_seen(table: LinkTable, change: str) -> None:
    link = make_link()
    refreshed(table)
    if change == "link":
        Link.objects.filter(pk=link.pk).update(redirect_status=307)
    elif change == "offer":
        link.offer.url = "https://shop.example/moved"
        link.offer.save()
    elif change == "merchant":
        link.offer.merchant.network_settings = {"parameter": "ref", "value": "us"}
        link.offer.merchant.save()
    else:
        link.delete()
    found = refreshed(table)
    expected = {
        "link": {"one": "https://shop.example/p/acme-one"},
        "offer": {"one": "https://shop.example/moved"},
        "merchant": {"one": "https://shop.example/p/acme-one?ref=us"},
        "delete": {},
    }[change]
    assert found == expected
    assert change != "link" or table.links["one"].status == 307


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("offer", "merchant"),
    [
        ({"url": "https://evil.example/"}, {}),
        ({"url": "https://shop.example@evil.example/"}, {}),
        ({"url": "https://shop.example/\r\nX: y"}, {}),
        ({}, {"network": "awin"}),
        ({}, {"network": "gone"}),
        ({"url": "https://shop.example/"}, {"hosts": []}),
    ],
)
def test_a_stored_link_that_leads_elsewhere_is_refused_and_the_others_are_kept(
    table: LinkTable, caplog: pytest.LogCaptureFixture, offer: dict[str, str], merchant: dict[str, object]
) -> None:
    shop = make_merchant()
    make_link(make_offer(make_product("Good"), make_merchant("Other")), "good")
    bad = make_offer(make_product("Bad"), shop, **offer)
    make_link(bad, "bad")
    type(shop).objects.filter(pk=shop.pk).update(**merchant) if merchant else None
    assert list(refreshed(table)) == ["good"]
    assert "/go/bad/ is refused: " in caplog.text


@pytest.mark.django_db
def test_one_query_for_the_links_however_many(table: LinkTable, django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    shop = make_merchant()
    for number in range(20):
        make_link(make_offer(make_product(f"N{number}"), shop), f"n{number}")
    with django_assert_num_queries(2):  # the version, the links
        table.refresh()
    assert len(table.links) == 20
    with django_assert_num_queries(1):
        table.refresh()


@pytest.mark.django_db
def test_a_process_without_a_database_starts_from_the_snapshot(table: LinkTable) -> None:
    make_link()
    refreshed(table)
    other = LinkTable(table.snapshot)
    other.restore()
    assert other.links == table.links
    assert other.version is None  # so that it asks the database at the first chance
    assert [path.name for path in table.snapshot.parent.iterdir()] == ["links.snapshot"]


@pytest.mark.parametrize(
    "content", ["", "{", '{"a": 1}', "[1]", '[{"code": "x"}]', '[{"code": "x", "hosts": null}]', "\0"]
)
def test_a_broken_snapshot_is_an_empty_table_and_a_clear_line(
    table: LinkTable, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    table.snapshot.write_text(content)
    table.restore()
    assert table.links == {}
    assert "cannot be read" in caplog.text
    assert str(table.snapshot) in caplog.text


def test_a_snapshot_somebody_changed_opens_no_redirect(table: LinkTable, caplog: pytest.LogCaptureFixture) -> None:
    row = {
        "code": "one",
        "status": 302,
        "address": "https://evil.example/",
        "merchant": "Shop",
        "hosts": ["shop.example"],
        "network": "direct",
        "settings": {},
    }
    table.snapshot.write_text(json.dumps([row]))
    table.restore()
    assert table.links == {}
    assert "/go/one/ is refused" in caplog.text


@pytest.mark.django_db
def test_a_snapshot_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    table = LinkTable(tmp_path / "file" / "links.snapshot")
    make_link()
    assert list(refreshed(table)) == ["one"]
    assert "cannot be written" in caplog.text


@pytest.mark.django_db
def test_a_database_that_goes_away_leaves_the_table_and_is_told_once(
    table: LinkTable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_link()
    refreshed(table)

    def away() -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(link_table, "_stored_version", away)
    monkeypatch.setattr(link_table.connection, "close", lambda: None)
    with caplog.at_level(logging.WARNING, logger="catalog.link_table"):
        table._try_to_refresh()
        table._try_to_refresh()
    assert list(table.links) == ["one"]
    assert caplog.text.count("Links cannot be read (connection refused)") == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_is_seen_within_two_seconds_without_a_restart(table: LinkTable) -> None:
    link = make_link()
    table.watch()
    try:
        _seen_within(2, lambda: "one" in table.links)
        Link.objects.filter(pk=link.pk).update(code="renamed")
        _seen_within(2, lambda: list(table.links) == ["renamed"])
    finally:
        table.stop()


def _seen_within(seconds: float, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.django_db
def test_another_referrer_policy_is_an_edit_that_matters(table: LinkTable) -> None:
    link = make_link()
    table.refresh()
    link.offer.merchant.referrer_policy = "unsafe-url"
    link.offer.merchant.save()
    assert table.refresh()
