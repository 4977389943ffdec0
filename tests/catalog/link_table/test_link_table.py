"""The table follows the database, and stands alone when there is none."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from catalog import link_table
from catalog.link_table import LinkTable
from catalog.link_table import rows as link_rows
from catalog.models import Failover, Link, LinkRoute
from catalog.services.link_changes import forget_link_changes
from tests.factories import make_link, make_merchant, make_offer, make_product


@pytest.fixture
def table(tmp_path: Path) -> LinkTable:
    return LinkTable(tmp_path / "links.snapshot")


def refreshed(table: LinkTable) -> dict[str, str]:
    """Where each link leads that leads anywhere, once the table has heard what changed."""
    table.refresh()
    return {code: link.own.location("", "") for code in table.links if (link := table.find(code)) is not None}


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
def test_few_queries_for_the_links_however_many(table: LinkTable, django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    shop = make_merchant()
    for number in range(20):
        make_link(make_offer(make_product(f"N{number}"), shop), f"n{number}")
    with django_assert_num_queries(7):  # salts, which database, how far, what is seen, shops, links, no more links
        table.refresh()
    assert len(table.links) == 20
    with django_assert_num_queries(2):  # salts (none is stored), what changed
        table.refresh()


@pytest.mark.django_db
def test_an_edit_reads_only_the_links_it_is_about(table: LinkTable) -> None:
    shop = make_merchant()
    for number in range(20):
        make_link(make_offer(make_product(f"N{number}"), shop), f"n{number}")
    table.refresh()
    before = dict(table.links)
    Link.objects.filter(code="n7").update(redirect_status=307)
    assert table.refresh()
    assert [code for code in before if table.links[code] is not before[code]] == ["n7"]


@pytest.mark.django_db
def test_many_edits_at_once_are_read_with_everything(table: LinkTable, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_merchant()
    for number in range(5):
        make_link(make_offer(make_product(f"N{number}"), shop), f"n{number}")
    table.refresh()
    before = dict(table.links)
    monkeypatch.setattr(link_table, "MOST_CHANGED", 3)
    Link.objects.update(redirect_status=307)
    assert table.refresh()
    assert {entry.status for entry in table.links.values()} == {307}
    assert not any(table.links[code] is entry for code, entry in before.items())


@pytest.mark.django_db
def test_a_route_and_a_failover_are_edits_of_their_link(table: LinkTable) -> None:
    link = make_link()
    other = make_offer(link.offer.product, make_merchant("Other"))
    table.refresh()
    route = LinkRoute.objects.create(link=link, offer=other, countries=["DE"])
    table.refresh()
    found = table.find("one")
    assert found is not None
    assert [one.id for one in found.routes] == [route.pk]
    assert found.ways[route.pk].location("", "").startswith("https://other.example/")
    route.delete()
    Failover.objects.create(link=link, from_offer=link.offer, to_offer=other, reason="gone", started_at=timezone.now())
    table.refresh()
    found = table.find("one")
    assert found is not None
    assert (found.routes, found.own.offer_id) == ((), other.pk)
    Failover.objects.update(ended_at=timezone.now())
    table.refresh()
    assert table.links["one"].offer_id == link.offer_id


@pytest.mark.django_db
def test_an_end_leads_to_the_fallback_or_to_the_product(table: LinkTable) -> None:
    link = make_link(expires_at="2026-01-01T00:00:00Z")
    table.refresh()
    found = table.find("one")
    assert found is not None
    assert (found.ends_at, found.ended_path) == (1_767_225_600, link.offer.product.get_absolute_url())
    Link.objects.update(fallback_path="/guides/")
    table.refresh()
    found = table.find("one")
    assert found is not None
    assert found.ended_path == "/guides/"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_committed_late_is_not_missed(table: LinkTable) -> None:
    """Transactions end in another order than they began."""
    link = make_link()
    late = make_link(make_offer(make_product("Late"), make_merchant("Late")), "late")
    table.refresh()
    has_changed, may_commit = threading.Event(), threading.Event()

    def change_late() -> None:
        with transaction.atomic():
            Link.objects.filter(pk=late.pk).update(redirect_status=301)
            has_changed.set()
            assert may_commit.wait(20)
        connection.close()

    thread = threading.Thread(target=change_late)
    thread.start()
    assert has_changed.wait(20)
    Link.objects.filter(pk=link.pk).update(redirect_status=307)
    assert table.refresh()
    assert [table.links[code].status for code in ("one", "late")] == [307, 302]
    may_commit.set()
    thread.join()
    assert table.refresh()
    assert table.links["late"].status == 301
    assert not table.refresh()


@pytest.mark.django_db
def test_changes_are_forgotten_after_a_day(table: LinkTable) -> None:
    make_link()
    assert forget_link_changes(now=timezone.now()) == 0
    assert forget_link_changes(now=timezone.now() + timedelta(days=2)) >= 1


@pytest.mark.django_db
def test_who_was_away_too_long_reads_everything(table: LinkTable, monkeypatch: pytest.MonkeyPatch) -> None:
    make_link()
    table.refresh()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_linkchange")
    Link.objects.update(redirect_status=307)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_linkchange")
    assert not table.refresh()
    monkeypatch.setattr(link_table, "LONGEST_AWAY_SECONDS", -1.0)
    assert table.refresh()
    assert table.links["one"].status == 307


@pytest.mark.django_db
def test_a_snapshot_of_another_database_is_only_a_start(table: LinkTable, monkeypatch: pytest.MonkeyPatch) -> None:
    make_link()
    table.refresh()
    other = LinkTable(table.snapshot)
    other.restore()
    Link.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_linkchange")
    monkeypatch.setattr(link_rows, "database_identity", lambda: "another")
    assert other.refresh()
    assert other.links == {}


@pytest.mark.django_db
def test_a_process_without_a_database_starts_from_the_snapshot(table: LinkTable) -> None:
    make_link()
    refreshed(table)
    other = LinkTable(table.snapshot)
    other.restore()
    assert other.links == table.links
    assert other.position == table.position  # so that it need not read everything anew
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


@pytest.mark.django_db
def test_a_snapshot_somebody_changed_opens_no_redirect(table: LinkTable, caplog: pytest.LogCaptureFixture) -> None:
    make_link()
    table.refresh()
    table.snapshot.write_text(table.snapshot.read_text().replace("https://shop.example/p", "https://evil.example/p"))
    other = LinkTable(table.snapshot)
    other.restore()
    assert other.find("one") is None
    assert "/go/one/ is refused" in caplog.text


@pytest.mark.django_db
def test_a_snapshot_that_was_cut_off_is_not_taken_for_whole(table: LinkTable, caplog: pytest.LogCaptureFixture) -> None:
    make_link()
    make_link(make_offer(make_product("Two"), make_merchant("Two")), "two")
    table.refresh()
    table.snapshot.write_text(table.snapshot.read_text().rpartition('["two"')[0])
    other = LinkTable(table.snapshot)
    other.restore()
    assert other.links == {}
    assert "it holds 1 links and should hold 2" in caplog.text


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

    def away(_: int) -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(link_rows, "news", away)
    monkeypatch.setattr(connection, "close", lambda: None)
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
