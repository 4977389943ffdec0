"""Accounts whose reports are due are claimed, asked at their network's pace, and keep how far they were read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Conversion, NetworkAccount
from catalog.networks.reports import REPORTS
from catalog.schedule import CLAIM_LIVES, PAUSE
from catalog.services.network_accounts import store_account
from catalog.services.polling import accounts_due, ask_now, poll_account
from tests.catalog.networks.reports.asking import NOW
from tests.factories import make_account
from tests.servers.awin_transactions import TOKEN, AwinTransactions, open_awin_transactions, transaction
from tests.servers.faults import says

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWIN_API_TOKEN", TOKEN)


def ours(awin: AwinTransactions, **fields: Any) -> NetworkAccount:
    return make_account(report_settings=awin.settings(access_token="AWIN_API_TOKEN"), **fields)


def test_only_active_accounts_of_networks_that_are_asked_are_due() -> None:
    due = make_account("Due", next_poll_at=NOW)
    never = make_account("Never asked", next_poll_at=None)
    make_account("Later", next_poll_at=NOW + timedelta(minutes=1))
    make_account("Off", is_active=False)
    make_account("In hand", claimed_at=NOW - timedelta(minutes=1))
    make_account("Calls us", network="direct")
    lost = make_account("Lost", next_poll_at=NOW - timedelta(hours=1), claimed_at=NOW - CLAIM_LIVES)

    assert accounts_due(now=NOW) == [lost.pk, due.pk, never.pk]


def test_an_account_in_somebodys_hands_is_not_asked_twice() -> None:
    with open_awin_transactions() as awin:
        account = ours(awin, claimed_at=NOW - timedelta(minutes=1))
        assert poll_account(account_id=account.pk, now=NOW, door=awin.shop.door()) is None
        assert not awin.asked


def test_what_was_said_and_how_far_it_was_read_are_kept_together() -> None:
    with open_awin_transactions(transaction(7)) as awin:
        account = ours(awin)
        stored = poll_account(account_id=account.pk, now=NOW, door=awin.shop.door())
    account.refresh_from_db()

    assert stored is not None
    assert (stored.new, Conversion.objects.get().network_key) == (1, "7")
    assert (account.polled_at, account.polled_until, account.claimed_at) == (NOW, NOW, None)
    assert account.next_poll_at == NOW + REPORTS["awin"].poll_every


def test_a_row_that_cannot_be_read_stands_in_the_record_and_takes_no_other_with_it() -> None:
    bad = transaction(8, commissionAmount={"amount": "much", "currency": "GBP"})
    with open_awin_transactions(transaction(7), bad) as awin:
        account = ours(awin)
        poll_account(account_id=account.pk, now=NOW, door=awin.shop.door())
    account.refresh_from_db()

    assert Conversion.objects.count() == 1
    assert len(account.last_troubles) == 1
    assert "transaction 8" in account.last_troubles[0]


def test_a_network_that_fails_is_asked_later_and_later_then_left_alone_for_a_day() -> None:
    with open_awin_transactions() as awin:
        account = ours(awin)
        waits, now = [], NOW
        for _ in range(5):
            awin.faults.append(says(500, b"oops"))
            poll_account(account_id=account.pk, now=now, door=awin.shop.door())
            account.refresh_from_db()
            assert account.next_poll_at is not None
            waits.append(account.next_poll_at - now)
            now = account.next_poll_at

    assert account.consecutive_failures == 5
    assert waits[:4] == sorted(waits[:4])
    assert waits[4] == PAUSE
    assert account.last_error


def test_a_network_that_is_busy_is_left_alone_as_long_as_it_asks() -> None:
    with open_awin_transactions() as awin:
        account = ours(awin)
        awin.faults.append(says(429, {"error": "slow down"}, retry_after="600"))
        poll_account(account_id=account.pk, now=NOW, door=awin.shop.door())
    account.refresh_from_db()

    assert account.next_poll_at is not None
    assert account.next_poll_at >= NOW + timedelta(seconds=600)


def test_a_variable_that_is_not_set_is_named_and_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWIN_API_TOKEN")
    with open_awin_transactions() as awin:
        account = ours(awin)
        poll_account(account_id=account.pk, now=NOW, door=awin.shop.door())
        assert not awin.asked
    account.refresh_from_db()

    assert "AWIN_API_TOKEN" in account.last_error
    assert account.next_poll_at == NOW + PAUSE


def test_an_editor_may_have_it_asked_at_once_after_a_failure() -> None:
    account = make_account(next_poll_at=NOW + PAUSE, consecutive_failures=5)
    ask_now(account=account, now=NOW)

    assert accounts_due(now=NOW) == [account.pk]


def test_accounts_of_one_user_share_the_networks_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(REPORTS["awin"], "per_minute", 4, raising=False)
    monkeypatch.setattr("catalog.services.pace.LONGEST_WAIT", 0.2)
    with open_awin_transactions() as awin:
        one, two = ours(awin, name="One"), ours(awin, name="Two")
        poll_account(account_id=one.pk, now=NOW, door=awin.shop.door())
        assert poll_account(account_id=two.pk, now=NOW, door=awin.shop.door()) is None
    two.refresh_from_db()

    assert len(awin.asked) == 4, "three for the first account, one more, then nothing"
    assert two.consecutive_failures == 0, "our own limit is no failure of the network"
    assert two.next_poll_at is not None
    assert NOW < two.next_poll_at <= NOW + timedelta(seconds=61)


def test_settings_that_do_not_fit_are_refused_sentence_by_sentence() -> None:
    from django.core.exceptions import ValidationError

    account = NetworkAccount(name="New", network="awin", report_settings={"publisher_id": "abc", "access_token": "s3c"})
    with pytest.raises(ValidationError) as refused:
        store_account(account=account, now=timezone.now())

    assert len(refused.value.message_dict["report_settings"]) == 2
    assert "s3c" not in str(refused.value)


def test_a_record_that_changes_its_network_begins_anew() -> None:
    account = make_account(polled_until=NOW, cursor="x", consecutive_failures=3, last_error="away")
    account.network, account.report_settings = "direct", {"postback_secret": "SHOP_SECRET"}
    store_account(account=account, now=NOW)
    account.refresh_from_db()

    assert (account.polled_until, account.cursor, account.last_error, account.next_poll_at) == (None, "", "", None)
