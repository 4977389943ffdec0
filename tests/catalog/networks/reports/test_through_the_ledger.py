"""From a network's server over the door into the ledger, and to the click: each network that is polled, for real."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Conversion, ConversionEvent, NetworkAccount
from catalog.networks.reports import REPORTS
from catalog.services.polling import poll_account
from tests.catalog.networks.reports.asking import NOW
from tests.servers.awin_transactions import open_awin_transactions, transaction
from tests.servers.cj import commission, correction, open_cj
from tests.servers.faults import says
from tests.servers.impact import action, open_impact
from tests.servers.rakuten import event, open_rakuten

pytestmark = pytest.mark.django_db

BACK = {
    "order_id": "1001",
    "sale_amount": -100,
    "commissions": -7.5,
    "process_date": "Mon Nov 16 2026 00:00:00 GMT+0000",
}
# The server, first with a purchase alone and then with what became of it; the purchase, and what is left of it.
LIVES: dict[str, tuple[Callable[..., AbstractContextManager[Any]], list[Any], list[Any], str, str, str]] = {
    "awin": (
        open_awin_transactions,
        [transaction(7)],
        [transaction(7, commissionStatus="approved", validationDate="2026-11-22T13:00:00")],
        "7",
        "approved",
        "5.59",
    ),
    "cj": (
        open_cj,
        [commission(900, 800)],
        [commission(900, 800), correction(901, 800, postingDate="2026-11-22T13:00:00Z")],
        "800",
        "declined",
        "0",
    ),
    "impact": (
        open_impact,
        [action(9)],
        [action(9, State="REVERSED", Payout="0.00", Amount="0.00")],
        "1000.4636.9",
        "declined",
        "0",
    ),
    "rakuten": (open_rakuten, [event(1)], [event(1), event(2, **BACK)], "38815/1001/HS-1", "declined", "0"),
}


def account(key: str, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> NetworkAccount:
    """The account as an editor sets it up: secrets by the names of their variables."""
    for field in REPORTS[key].settings:
        if field.secret:
            monkeypatch.setenv("SECRET_OF_A_TEST_ACCOUNT", settings[field.name])
            settings = {**settings, field.name: "SECRET_OF_A_TEST_ACCOUNT"}
    return NetworkAccount.objects.create(name=f"Ours at {key}", network=key, report_settings=settings)


def test_every_network_that_is_polled_is_lived_through_here() -> None:
    assert set(LIVES) == {key for key, reports in REPORTS.items() if reports.polls}


@pytest.mark.parametrize("key", LIVES)
def test_a_purchase_and_what_became_of_it(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, first, later, name, status, left = LIVES[key]
    with opened(*first) as server:
        ours = account(key, server.settings(), monkeypatch)
        assert poll_account(account_id=ours.pk, now=NOW, door=server.shop.door()) is not None
        made = Conversion.objects.get()
        assert (made.network_key, made.status, made.is_provisional) == (name, "pending", False)
        setattr(server, "actions" if key == "impact" else "rows", list(later))
        for hours in (2, 4, 6):
            now = NOW + timedelta(hours=hours)
            assert poll_account(account_id=ours.pk, now=now, door=server.shop.door()) is not None
    made.refresh_from_db()
    assert (made.status, made.commission_amount) == (status, Decimal(left))
    assert ConversionEvent.objects.count() == 2  # whoever says it how often
    ours.refresh_from_db()
    assert (ours.last_error, ours.polled_until) == ("", NOW + timedelta(hours=6))


def test_a_failed_poll_stands_in_the_record_without_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_awin_transactions(transaction(7)) as awin:
        ours = account("awin", awin.settings(), monkeypatch)
        awin.faults.append(says(401, {"description": "awin-token-of-a-user is not known"}))
        assert poll_account(account_id=ours.pk, now=NOW, door=awin.shop.door()) is None
    ours.refresh_from_db()
    assert "does not let us in (401)" in ours.last_error
    assert "awin-token" not in ours.last_error
    assert (ours.polled_until, ours.consecutive_failures) == (None, 1)
    assert not Conversion.objects.exists()
