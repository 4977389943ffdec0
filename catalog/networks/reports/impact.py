"""What does Impact say of our visitors' purchases? By polls of its Actions, and by unsigned event notifications.

Facts: actions are asked for by their last update, in windows of at most 45 days; every amount is a text; an action's
id has three parts, an update's a fourth. The action says what it is worth *now*; its updates (`ActionUpdates`) say
when and why it changed, and what by. Both are asked for, and only the action's amounts are kept: adding the updates'
differences too would count a reversal twice. Notifications are unsigned, so what they say is provisional.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from catalog.http import Door
from catalog.networks.reports.base import (
    SINCE,
    Account,
    Message,
    Polled,
    PostbackError,
    Read,
    ReportError,
    Reports,
    Statement,
    Tokens,
    api_url_field,
    fields_of,
    named_alike,
    read_each,
    usable,
    window,
)
from catalog.reports.answers import asked, rows_of
from catalog.reports.earnings import Status
from catalog.reports.values import (
    FieldProblem,
    ValueProblem,
    api_amount,
    currency_of,
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

API = "https://api.impact.com"
WINDOW = timedelta(days=45)
OVERLAP = timedelta(days=2)
PAGE_SIZE = 1000
MOST_PAGES = 100
_STATUSES = {
    "PENDING": Status.PENDING,
    "APPROVED": Status.APPROVED,
    "REVERSED": Status.DECLINED,
}
_UPDATE_ID = re.compile(r"(\d+\.\d+\.\d+)\.\d+", re.ASCII)
_MACRO = r"\{.*\}"
_SUB_IDS = ("SubId1", "SubId2", "SubId3", "SharedId")


@dataclass(frozen=True, slots=True)
class _Update:
    """The newest update of an action: which one, when, why."""

    id: str
    at: datetime
    reason: str


class ImpactReports(Reports):
    key = "impact"
    polls = True
    per_minute = 60  # of 1,000 an hour, which a poll an hour stays far below
    quota_of = "account_sid"
    settings = (
        SettingField(name="account_sid", help="Our AccountSID at Impact.", pattern=r"[A-Za-z0-9]{8,64}"),
        SettingField(
            name="auth_token",
            help="The environment variable that holds the AuthToken, for example IMPACT_AUTH_TOKEN.",
            secret=True,
        ),
        SettingField(
            name="currency",
            help="What Impact pays us in, for example USD: for notifications that name no currency of their own.",
            pattern=r"[A-Z]{3}",
        ),
        SINCE,
        api_url_field(API),
    )
    example_settings = {
        "account_sid": "IRexample123456",
        "auth_token": "an-example-token",
        "currency": "USD",
        "api_url": "{server}/impact",
    }
    methods = frozenset({"GET", "POST"})
    postback_help = (
        "At Impact under Settings, Event Notifications, enter {address}?action_id={ActionId}&campaign_id={CampaignId}"
        "&status={Status}&payout={Payout}&amount={Amount}&currency={Currency}&event_date={EventDate}"
        "&subid1={SubId1}&subid2={SubId2} (GET), or {address} with the same fields as JSON (POST)."
    )

    def poll(self, account: Account, *, door: Door, tokens: Tokens, now: datetime) -> Polled:
        usable(self.settings, account.settings)
        start, until = window(account, longest=WINDOW, overlap=OVERLAP, now=now)
        updates = _updates(account, start, until, door)
        rows = [
            (f"action {row.get('Id')}" if isinstance(row, dict) else f"action {number} of the answer", row)
            for number, row in enumerate(_pages(account, "Actions", start, until, door), 1)
        ]
        statements, troubles = read_each(rows, lambda row: _action(row, updates, now))
        return Polled(statements=statements, troubles=troubles, polled_until=until, is_behind=until < now)

    def postback(self, message: Message, settings: Mapping[str, str], *, now: datetime) -> Read:
        events = [named_alike(one, unfilled=_MACRO) for one in fields_of(message)]
        events = [one for one in events if "actionid" in one]
        if not events:
            raise PostbackError("There is no action in it: send action_id, status, payout and currency.")
        rows = [(f"action {one['actionid']}", one) for one in events]
        statements, troubles = read_each(rows, lambda row: _notified(row, settings.get("currency", ""), now))
        return Read(statements=statements, troubles=troubles)


def _pages(account: Account, what: str, start: datetime, until: datetime, door: Door) -> list[Any]:
    """The rows of all pages. Raises `ReportError`, also when a page is not what the one before promised."""
    settings = account.settings
    api = (settings.get("api_url") or API).rstrip("/")
    pair = base64.b64encode(f"{settings['account_sid']}:{settings['auth_token']}".encode()).decode()
    found: list[Any] = []
    for page in range(1, MOST_PAGES + 1):
        query = urlencode(
            {
                "StartDate": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "EndDate": f"{until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "PageSize": PAGE_SIZE,
                "Page": page,
            }
        )
        answer = asked(
            door,
            f"{api}/Mediapartners/{settings['account_sid']}/{what}?{query}",
            who="Impact",
            headers={"authorization": f"Basic {pair}"},
            advice="check `account_sid` and the variable that `auth_token` names",
        )
        rows = rows_of(answer, what)
        if rows is None:
            raise ReportError(f"Impact's answer holds no list of {what}.", permanent=False)
        found += rows
        if not _has_next(answer, page):
            return found
    raise ReportError(f"Impact has more than {MOST_PAGES * PAGE_SIZE:,} {what} for one poll.", permanent=True)


def _has_next(answer: Mapping[str, Any], page: int) -> bool:
    pages = str(answer.get("@numpages", "")).strip()
    if pages.isascii() and pages.isdigit():
        return page < int(pages)
    return bool(answer.get("@nextpageuri"))


def _updates(account: Account, start: datetime, until: datetime, door: Door) -> dict[str, _Update]:
    """The newest update of each action; none where the account may not see them, which costs only the exact times."""
    try:
        rows = _pages(account, "ActionUpdates", start, until, door)
    except ReportError as error:
        if error.status in {400, 403, 404}:
            return {}
        raise
    newest: dict[str, _Update] = {}
    for row in rows:
        try:
            action, update = _update(row)
        except ValueProblem:
            continue  # the action itself is read below; this would only have told when
        if action not in newest or newest[action].at < update.at:
            newest[action] = update
    return newest


def _update(row: Any) -> tuple[str, _Update]:
    fields = named_alike(row if isinstance(row, dict) else {}, unfilled=_MACRO)
    update_id = name_of(fields.get("id"))
    action = optional_name(fields.get("actionid")) or _action_id(update_id)
    at = moment(fields.get("updatedate") or fields.get("eventdate"))
    return _action_id(action), _Update(update_id, at, sentence(fields.get("statedetail"), fields.get("updatereason")))


def _action_id(text: str) -> str:
    """An update's id leads to its action's, which is the name of the purchase."""
    found = _UPDATE_ID.fullmatch(text)
    return found[1] if found else text


def _action(row: Any, updates: Mapping[str, _Update], now: datetime) -> Statement:
    if not isinstance(row, dict):
        raise FieldProblem("", "is no action")
    status = _status(row.get("State"), "State")
    key = _action_id(said("Id", name_of, row.get("Id")))
    payout = said("Payout", api_amount, row.get("Payout"))
    amount = said("Amount", optional_amount, row.get("Amount"))
    occurred = said("EventDate", moment, row.get("EventDate"))
    update = updates.get(key)
    return Statement(
        network_key=key,
        event_key=f"{status.value} {update.id}" if update else status.value,
        status=status,
        sale_amount=amount,
        commission_amount=payout,
        currency=said("Currency", currency_of, row.get("Currency")),
        occurred_at=occurred,
        happened_at=min(update.at, now) if update else _changed_at(row, status, occurred, now),
        sub_id=sub_id_of(*(row.get(name) for name in _SUB_IDS)),
        merchant_reference=said("CampaignId", optional_name, row.get("CampaignId")),
        reason=update.reason if update else "",
    )


def _changed_at(row: Mapping[str, Any], status: Status, occurred: datetime, now: datetime) -> datetime:
    """An untouched action is as its creation; of any other, the action alone does not say when it changed."""
    intended = said("IntendedPayout", optional_amount, row.get("IntendedPayout"))
    if status is Status.PENDING and intended in {None, said("Payout", optional_amount, row.get("Payout"))}:
        created = said("CreationDate", optional_moment, row.get("CreationDate"))
        return min(created or occurred, now)
    return now


def _status(value: object, field: str) -> Status:
    found = _STATUSES.get(value.strip().upper()) if isinstance(value, str) else None
    if found is None:
        raise FieldProblem(field, "is none of PENDING, APPROVED, REVERSED")
    return found


def _notified(row: Mapping[str, Any], currency: str, now: datetime) -> Statement:
    named = optional_name(row.get("currency")) or currency
    if not named:
        raise FieldProblem(
            "currency", "is missing: add currency={Currency} to the notification, or set the account's `currency`"
        )
    status = _status(row.get("status") or row.get("state"), "status")
    action = said("action_id", name_of, row.get("actionid"))
    payout = said("payout", api_amount, row.get("payout"))
    amount = said("amount", optional_amount, row.get("amount") or row.get("saleamount"))
    occurred = min(said("event_date", optional_moment, row.get("eventdate") or row.get("actiondate")) or now, now)
    return Statement(
        network_key=_action_id(action),
        event_key=f"notified {status.value}{f' {action}' if action != _action_id(action) else ''}",
        status=status,
        sale_amount=amount,
        commission_amount=payout,
        currency=said("currency", currency_of, named),
        occurred_at=occurred,
        happened_at=occurred if status is Status.PENDING else now,
        sub_id=sub_id_of(*(row.get(name.lower()) for name in _SUB_IDS)),
        merchant_reference=said("campaign_id", optional_name, row.get("campaignid")),
        is_provisional=True,
    )
