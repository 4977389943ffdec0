"""What every network's reports must do, whichever it is: fail with a reason, keep secrets, lose no other row."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.networks import NETWORKS
from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Message, PostbackError, Read, ReportError, Reports
from catalog.reports.earnings import problem
from catalog.settings_fields import problems, resolved
from tests.catalog.networks.reports.asking import NOW, polled
from tests.catalog.shop import Page, Shop
from tests.servers.awin_transactions import open_awin_transactions, transaction
from tests.servers.cj import commission, open_cj
from tests.servers.faults import FAULTS, PERMANENT
from tests.servers.impact import action, open_impact
from tests.servers.rakuten import event, open_rakuten

POLLED = [key for key, reports in REPORTS.items() if reports.polls]
CALLED = [key for key, reports in REPORTS.items() if reports.methods]
UPLOADED = [key for key, reports in REPORTS.items() if reports.files]


class Server(Protocol):
    shop: Shop
    faults: list[Page]

    def settings(self, **changed: str) -> dict[str, str]: ...


OPENED: Mapping[str, Callable[[], AbstractContextManager[Server]]] = {
    "awin": lambda: open_awin_transactions(transaction(1), transaction(2)),
    "cj": lambda: open_cj(commission(1, 1), commission(2, 2)),
    "impact": lambda: open_impact(action(1), action(2)),
    "rakuten": lambda: open_rakuten(event(1), event(2)),
}


@contextmanager
def opened(key: str) -> Iterator[Server]:
    assert key in OPENED, f"give {key} a server in tests/servers and name it here"
    with OPENED[key]() as server:
        yield server


@pytest.mark.parametrize("key", REPORTS)
def test_it_belongs_to_a_network_and_is_named_like_its_file(key: str) -> None:
    assert key in NETWORKS
    assert REPORTS[key].key == key == type(REPORTS[key]).__module__.rpartition(".")[2]


@pytest.mark.parametrize("key", REPORTS)
def test_it_knows_no_other_network(key: str) -> None:
    """The import linter looks at networks as a whole; these are their halves."""
    text = Path(inspect.getfile(type(REPORTS[key]))).read_text()
    assert set(re.findall(r"catalog\.networks[\w.]*", text)) == {"catalog.networks.reports.base"}


@pytest.mark.parametrize("key", REPORTS)
def test_its_settings_fit_and_its_secrets_are_named_by_variables(key: str) -> None:
    reports = REPORTS[key]
    secret = [one.name for one in reports.settings if one.secret]
    record = {
        name: f"{name.upper()}_OF_TEST" if name in secret else value.replace("{server}", "http://127.0.0.1:8000")
        for name, value in reports.example_settings.items()
    }
    assert problems(reports.settings, record) == []
    environ = {f"{name.upper()}_OF_TEST": "the secret itself" for name in secret}
    assert all(resolved(reports.settings, record, environ)[name] == "the secret itself" for name in secret)
    assert all("{server}" in value for name, value in reports.example_settings.items() if name == "api_url")


@pytest.mark.parametrize("key", REPORTS)
def test_it_does_what_it_says_it_does_and_no_more(key: str) -> None:
    kind, base = type(REPORTS[key]), Reports
    assert (kind.poll is not base.poll) == kind.polls
    assert (kind.postback is not base.postback) == bool(kind.methods)
    assert (kind.verify is not base.verify) == bool(kind.signed_headers)
    assert (kind.read_file is not base.read_file) == bool(kind.files)
    assert kind.methods <= {"GET", "POST"}
    assert bool(kind.postback_help) == bool(kind.methods)
    assert bool(kind.file_help) == bool(kind.files)
    assert kind.polls or kind.methods or kind.files


@pytest.mark.parametrize("key", CALLED)
def test_its_help_says_where_our_address_goes(key: str) -> None:
    assert "{address}" in REPORTS[key].postback_help


@pytest.mark.parametrize("key", POLLED)
def test_a_poll_says_what_the_ledger_can_keep_and_how_far_it_came(key: str) -> None:
    with opened(key) as server:
        found = polled(key, server.shop, server.settings(), polled_until=NOW - timedelta(days=13))
    assert len(found.statements) == 2
    assert [problem(said) for said in found.statements] == ["", ""]
    assert not any(said.is_provisional for said in found.statements)
    assert found.polled_until == NOW
    assert not found.is_behind


@pytest.mark.parametrize("key", POLLED)
def test_polling_again_says_the_same_again(key: str) -> None:
    with opened(key) as server:
        first = polled(key, server.shop, server.settings(), polled_until=NOW - timedelta(days=13))
        again = polled(key, server.shop, server.settings(), polled_until=NOW - timedelta(days=13))
    assert first.statements == again.statements


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("key", POLLED)
def test_whatever_goes_wrong_fails_the_poll_with_a_reason(key: str, fault: str) -> None:
    with opened(key) as server:
        # Twice: what refuses a kept token once may only want a new one; and updates may be kept from an account.
        server.faults += [FAULTS[fault]] * 3
        with pytest.raises(ReportError) as caught:
            polled(key, server.shop, server.settings())
    assert caught.value.permanent == (fault in PERMANENT), str(caught.value)
    assert caught.value.retry_after == (60 if fault == "busy" else None)
    assert "s3cret" not in str(caught.value)
    assert "http" not in str(caught.value)


@pytest.mark.parametrize("key", POLLED)
def test_a_server_that_is_not_there_fails_the_poll(key: str) -> None:
    with opened(key) as server:
        shop, found = server.shop, server.settings()
    with pytest.raises(ReportError) as caught:
        polled(key, shop, found)
    assert not caught.value.permanent


@pytest.mark.parametrize("key", POLLED)
def test_missing_and_wrong_settings_are_named_before_anybody_is_asked(key: str) -> None:
    reports = REPORTS[key]
    with opened(key) as server:
        for field in (one for one in reports.settings if one.required):
            with pytest.raises(ReportError, match=field.name) as caught:
                polled(key, server.shop, server.settings(**{field.name: ""}))
            assert caught.value.permanent
        with pytest.raises(ReportError, match="api_url"):
            polled(key, server.shop, server.settings(api_url="http://evil.example/"))
        assert not server.shop.asked


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "AwinTransactionPush",
    "transactionId",
    "transactionCurrency",
    "commission",
    "action_id",
    "status",
    "payout",
    "currency",
    "etransaction_id",
    "commissions",
    "order_id",
    "u1",
    "transaction_id",
    "occurred_at",
]
odd_rows = st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=8)


@pytest.mark.parametrize("key", CALLED)
@given(row=odd_rows, method=st.sampled_from(["GET", "POST"]))
@settings(max_examples=60, deadline=None)
def test_an_odd_message_is_read_or_refused_and_never_breaks_anything(
    key: str, row: dict[str, Any], method: str
) -> None:
    body = json.dumps(row).encode()
    _is_read_or_refused(key, Message(method=method, content_type="application/json", body=body))


@pytest.mark.parametrize("key", CALLED)
@given(body=st.binary(max_size=200), query=st.text(max_size=60), content_type=st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(key: str, body: bytes, query: str, content_type: str) -> None:
    _is_read_or_refused(key, Message(method="POST", query=query, content_type=content_type, body=body))


def _is_read_or_refused(key: str, message: Message) -> None:
    try:
        read = REPORTS[key].postback(message, {}, now=NOW)
    except PostbackError:
        return
    assert isinstance(read, Read)
    assert [problem(said) for said in read.statements] == [""] * len(read.statements)
    assert all(said.is_provisional for said in read.statements) or REPORTS[key].signed_headers


@pytest.mark.parametrize("key", UPLOADED)
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=60, deadline=None)
def test_any_file_is_read_or_refused(key: str, body: bytes) -> None:
    try:
        read = REPORTS[key].read_file("report.csv", body, dict(REPORTS[key].example_settings))
    except ReportError:
        return
    assert not read.statements
