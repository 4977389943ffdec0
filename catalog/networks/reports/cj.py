"""What does CJ say of our visitors' purchases? By polls of its GraphQL commissions; CJ sends nothing by itself.

Facts: a correction is a row of its own, with its own `commissionId` and an amount to be added, and belongs to its
`originalActionId`, which names the purchase; what is left of it is the ledger's to add up. A page that is not the last
(`payloadComplete` false) is continued with `sinceCommissionId`. Locking does not move the posting date, so rows are
asked for by both dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from catalog.http import Door
from catalog.networks.reports.base import (
    SINCE,
    Account,
    Polled,
    ReportError,
    Reports,
    Statement,
    Tokens,
    api_url_field,
    read_each,
    usable,
    window,
)
from catalog.reports.answers import asked, rows_of
from catalog.reports.earnings import Status
from catalog.reports.values import (
    FieldProblem,
    api_amount,
    moment,
    name_of,
    optional_amount,
    optional_moment,
    optional_name,
    said,
    sentence,
    sub_id_of,
)
from catalog.settings_fields import SettingField

API = "https://commissions.api.cj.com/query"
WINDOW = timedelta(days=31)
OVERLAP = timedelta(days=3)
MOST_PAGES = 100
_STATUSES = {
    "new": Status.PENDING,
    "extended": Status.PENDING,
    "locked": Status.APPROVED,
    "closed": Status.APPROVED,
}
_FIELDS = (
    "commissionId originalActionId original actionStatus actionType orderId advertiserId shopperId eventDate "
    "postingDate lockingDate correctionReason saleAmountPubCurrency pubCommissionAmountPubCurrency saleAmountUsd "
    "pubCommissionAmountUsd"
)
# Clicks and impressions may be paid too; they are no purchases and have no order.
_NO_PURCHASE = frozenset({"click", "imp"})


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Which of the amounts that CJ gives are kept, and what they are in."""

    currency: str
    sale: str
    commission: str


_IN_DOLLARS = _Amounts("USD", "saleAmountUsd", "pubCommissionAmountUsd")


class CjReports(Reports):
    key = "cj"
    polls = True
    per_minute = 25
    quota_of = "access_token"
    settings = (
        SettingField(name="publisher_id", help="Our company id (CID) at CJ, digits.", pattern=r"[0-9]{1,12}"),
        SettingField(
            name="access_token",
            help="The environment variable that holds a personal access token of CJ, for example CJ_ACCESS_TOKEN.",
            secret=True,
        ),
        SettingField(
            name="currency",
            help="The currency CJ pays us in, for example EUR. Left empty, CJ's amounts in US dollars are kept.",
            pattern=r"[A-Z]{3}",
            required=False,
        ),
        SINCE,
        api_url_field(API),
    )
    example_settings = {
        "publisher_id": "1234567",
        "access_token": "an-example-token",
        "api_url": "{server}/cj/query",
    }

    def poll(self, account: Account, *, door: Door, tokens: Tokens, now: datetime) -> Polled:
        usable(self.settings, account.settings)
        start, until = window(account, longest=WINDOW, overlap=OVERLAP, now=now)
        currency = account.settings.get("currency", "")
        amounts = _Amounts(currency, "saleAmountPubCurrency", "pubCommissionAmountPubCurrency")
        if not currency:
            amounts = _IN_DOLLARS
        rows = [row for kind in ("Posting", "Locking") for row in _records(account, kind, start, until, door)]
        statements, troubles = read_each(rows, lambda row: _statement(row, amounts, now))
        return Polled(statements=statements, troubles=troubles, polled_until=until, is_behind=until < now)


def _records(account: Account, kind: str, start: datetime, until: datetime, door: Door) -> Iterator[tuple[str, Any]]:
    since = ""
    for _page in range(MOST_PAGES):
        answer = _asked(account, kind, start, until, since, door)
        records = rows_of(answer, "records")
        if records is None:
            raise ReportError("CJ's answer holds no list of commissions.", permanent=False)
        for number, row in enumerate(records, 1):
            name = row.get("commissionId") if isinstance(row, dict) else None
            yield f"commission {name or number}", row
        if answer.get("payloadComplete") is not False:
            return
        following = str(answer.get("maxCommissionId") or "")
        if not following or following == since or not following.isalnum():
            raise ReportError("CJ's answer is not complete and does not say how it goes on.", permanent=False)
        since = following
    raise ReportError(f"CJ's answer goes on after {MOST_PAGES} pages.", permanent=False)


def _asked(account: Account, kind: str, start: datetime, until: datetime, since: str, door: Door) -> Mapping[str, Any]:
    settings = account.settings
    after = f', sinceCommissionId: "{since}"' if since else ""
    query = (
        f'{{ publisherCommissions(forPublishers: ["{settings["publisher_id"]}"], '
        f'since{kind}Date: "{_time(start)}", before{kind}Date: "{_time(until)}"{after}) '
        f"{{ count payloadComplete maxCommissionId records {{ {_FIELDS} }} }} }}"
    )
    answer = asked(
        door,
        settings.get("api_url") or API,
        who="CJ",
        headers={"authorization": f"Bearer {settings['access_token']}"},
        advice="check the variable that `access_token` names and that its user may see this company",
        body={"query": query},
    )
    if isinstance(answer, dict) and answer.get("errors"):
        raise ReportError(
            "CJ refuses the question: check `publisher_id`, and that the token belongs to it.", permanent=True
        )
    data = answer.get("data") if isinstance(answer, dict) else None
    found = data.get("publisherCommissions") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise ReportError("CJ's answer holds no commissions.", permanent=False)
    return found


def _time(moment_: datetime) -> str:
    return f"{moment_.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _is_correction(row: Mapping[str, Any]) -> bool:
    """By CJ's own mark; a row without it is one when it takes something away."""
    if isinstance(row.get("original"), bool):
        return not row["original"]
    return str(row.get("pubCommissionAmountUsd", "")).strip().startswith("-")


def _statement(row: Any, amounts: _Amounts, now: datetime) -> Statement | None:
    if not isinstance(row, dict):
        raise FieldProblem("", "is no commission")
    if row.get("actionType") in _NO_PURCHASE:
        return None
    key = said("commissionId", name_of, row.get("commissionId"))
    purchase = said("originalActionId", optional_name, row.get("originalActionId")) or key
    is_correction = _is_correction(row)
    occurred = said("eventDate", moment, row.get("eventDate"))
    posted = said("postingDate", optional_moment, row.get("postingDate")) or occurred
    status = _status(row)
    locked = said("lockingDate", optional_moment, row.get("lockingDate")) if status is Status.APPROVED else None
    if is_correction:
        status = Status.PENDING  # it changes the amount; whether the purchase is settled is its original's to say
    return Statement(
        network_key=purchase,
        event_key=key,
        status=status,
        sale_amount=said(amounts.sale, optional_amount, row.get(amounts.sale)),
        commission_amount=said(amounts.commission, api_amount, row.get(amounts.commission)),
        currency=amounts.currency,
        occurred_at=occurred,
        happened_at=min(locked or posted, now) if not is_correction else min(posted, now),
        sub_id=sub_id_of(row.get("shopperId"), row.get("sid")),
        merchant_reference=said("advertiserId", optional_name, row.get("advertiserId")),
        is_correction=is_correction,
        reason=sentence(str(row.get("correctionReason") or "").replace("_", " ").lower()),
    )


def _status(row: Mapping[str, Any]) -> Status:
    value = row.get("actionStatus")
    found = _STATUSES.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise FieldProblem("actionStatus", "is none of new, extended, locked, closed")
    return found
