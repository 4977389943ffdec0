"""The networks' own examples of what they send, read as they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest

from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Message
from catalog.reports.earnings import Status, problem
from tests.catalog.networks.reports.asking import NOW, polled
from tests.servers.impact import open_impact

pytestmark = pytest.mark.real_data
FORM = "application/x-www-form-urlencoded"


def folder(shared: Path) -> Path:
    return shared / "fixtures" / "network-reports"


def test_awins_push_as_a_form_and_as_json(shared: Path) -> None:
    form = (folder(shared) / "awin_transaction_push_form_body.txt").read_bytes()
    decoded = (folder(shared) / "awin_transaction_push_decoded.json").read_bytes()
    read = REPORTS["awin"].postback(Message(method="POST", content_type=FORM, body=form), {}, now=NOW)
    (said,) = read.statements
    row = json.loads(decoded)
    assert not problem(said)
    assert said.is_provisional
    assert said.network_key == row["transactionId"]
    assert said.commission_amount == Decimal(row["commission"])
    assert said.sale_amount == Decimal(row["transactionAmount"])
    assert said.currency == row["transactionCurrency"]
    assert said.occurred_at == datetime.fromisoformat(row["transactionDate"]).replace(tzinfo=UTC)
    as_json = REPORTS["awin"].postback(
        Message(method="POST", content_type="application/json", body=decoded), {}, now=NOW
    )
    assert as_json.statements == read.statements


def test_impacts_event_notification_by_get_and_by_post(shared: Path) -> None:
    sent = json.loads((folder(shared) / "impact_event_notification.json").read_bytes())
    query = Message(method="GET", query=urlencode(sent["get_query"]))
    post = Message(method="POST", content_type="application/json", body=json.dumps(sent["post_json"]).encode())
    for message in (query, post):
        (said,) = REPORTS["impact"].postback(message, {"currency": "USD"}, now=NOW).statements
        assert not problem(said)
        assert (said.network_key, said.status) == (sent["get_query"]["action_id"], Status.APPROVED)
        assert said.commission_amount == Decimal(sent["get_query"]["payout"])
        (trouble,) = REPORTS["impact"].postback(message, {}, now=NOW).troubles
        assert trouble.field == "currency"


def test_impacts_actions(shared: Path) -> None:
    rows = json.loads((folder(shared) / "impact_actions.json").read_bytes())["Actions"]
    with open_impact(*rows) as impact:
        found = polled("impact", impact.shop, impact.settings())
    assert not found.troubles
    assert [said.network_key for said in found.statements] == [row["Id"] for row in rows]
    for said, row in zip(found.statements, rows, strict=True):
        assert not problem(said)
        assert said.status == Status(row["State"].lower())
        assert (said.commission_amount, said.sale_amount) == (Decimal(row["Payout"]), Decimal(row["Amount"]))
        assert said.occurred_at == datetime.fromisoformat(row["EventDate"])
        assert said.sub_id == row["SharedId"]
