"""What does Awin say of our visitors' purchases? By polls of its transactions, and by unsigned notifications.

Facts: transactions are asked for in windows of at most 31 days, by the date of the transaction, of its validation and
of its amendment; 20 requests a minute per user of Awin. A notification says that there is a new transaction and is not
signed: what it says is provisional until a poll has seen it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
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
    json_of,
    named_alike,
    read_each,
    usable,
    window,
)
from catalog.reports.answers import asked
from catalog.reports.earnings import Status
from catalog.reports.values import (
    FieldProblem,
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

API = "https://api.awin.com"
WINDOW = timedelta(days=31)
# Awin takes up to a day to show a transaction; asking for the last days again costs nothing.
OVERLAP = timedelta(days=3)
DATE_TYPES = ("transaction", "validation", "amendment")
PUSH_FIELD = "AwinTransactionPush"
_STATUSES = {
    "pending": Status.PENDING,
    "approved": Status.APPROVED,
    "declined": Status.DECLINED,
    "deleted": Status.DECLINED,
}
_MACRO = r"!!!.*!!!"
_CLICK_REFS = ("clickRef", *(f"clickRef{number}" for number in range(2, 7)))


class AwinReports(Reports):
    key = "awin"
    polls = True
    per_minute = 20
    quota_of = "access_token"
    settings = (
        SettingField(name="publisher_id", help="Our own id at Awin, digits.", pattern=r"[0-9]{1,12}"),
        SettingField(
            name="access_token",
            help="The environment variable that holds a user's API token (ui.awin.com/awin-api), e.g. AWIN_API_TOKEN.",
            secret=True,
        ),
        SINCE,
        api_url_field(API),
    )
    example_settings = {
        "publisher_id": "123456",
        "access_token": "an-example-token",
        "api_url": "{server}/awin",
    }
    methods = frozenset({"GET", "POST"})
    postback_help = (
        "At Awin under Toolbox, Transaction Notifications, enter {address} and choose POST. With GET, add: "
        "?transactionId=!!!transactionId!!!&transactionDate=!!!transactionDate!!!"
        "&transactionCurrency=!!!transactionCurrency!!!&transactionAmount=!!!transactionAmount!!!"
        "&commission=!!!commission!!!&clickRef=!!!clickRef!!!&merchantId=!!!merchantId!!!"
    )

    def poll(self, account: Account, *, door: Door, tokens: Tokens, now: datetime) -> Polled:
        usable(self.settings, account.settings)
        start, until = window(account, longest=WINDOW, overlap=OVERLAP, now=now)
        rows: list[tuple[str, Any]] = []
        for date_type in DATE_TYPES:
            rows += _transactions(account, date_type, start, until, door)
        statements, troubles = read_each(rows, lambda row: _polled(row, now))
        return Polled(statements=statements, troubles=troubles, polled_until=until, is_behind=until < now)

    def postback(self, message: Message, settings: Mapping[str, str], *, now: datetime) -> Read:
        pushed = list(_pushed(message))
        if not pushed:
            raise PostbackError(
                f"There is no transaction in it: send the form field {PUSH_FIELD}, or transactionId and its fellows in "
                "the query."
            )
        rows = [(f"transaction {one.get('transactionid') or number}", one) for number, one in enumerate(pushed, 1)]
        statements, troubles = read_each(rows, lambda row: _notified(row, now))
        return Read(statements=statements, troubles=troubles)


def _transactions(
    account: Account, date_type: str, start: datetime, until: datetime, door: Door
) -> Iterator[tuple[str, Any]]:
    settings = account.settings
    query = urlencode(
        {
            "startDate": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "endDate": f"{until.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "timezone": "UTC",
            "dateType": date_type,
        }
    )
    api = (settings.get("api_url") or API).rstrip("/")
    answer = asked(
        door,
        f"{api}/publishers/{settings['publisher_id']}/transactions/?{query}",
        who="Awin",
        headers={"authorization": f"Bearer {settings['access_token']}"},
        advice="check the token's variable and that its user may see this publisher (a change takes ten minutes)",
    )
    if not isinstance(answer, list):
        raise ReportError("Awin's answer is JSON, but not the list of transactions it should be.", permanent=False)
    for number, row in enumerate(answer, 1):
        name = row.get("id") if isinstance(row, dict) else None
        yield f"transaction {name}" if isinstance(name, int | str) else f"transaction {number} of the answer", row


def _polled(row: Any, now: datetime) -> Statement:
    if not isinstance(row, dict):
        raise FieldProblem("", "is no transaction")
    status = _status(row.get("commissionStatus"), "commissionStatus")
    commission, currency = _money(row.get("commissionAmount"), "commissionAmount")
    sale, sale_currency = _money(row.get("saleAmount"), "saleAmount", is_needed=False)
    occurred = said("transactionDate", moment, row.get("transactionDate"))
    validated = said("validationDate", optional_moment, row.get("validationDate"))
    is_amended = row.get("amended") is True or str(row.get("amended")).lower() == "true"
    # Awin does not say when it amended: not after we learn of it, and not before anything we were told earlier.
    happened = now if is_amended else validated if status is not Status.PENDING and validated else occurred
    given = row.get("clickRefs")
    refs: Mapping[str, Any] = given if isinstance(given, dict) else {}
    stamp = f"{validated:%Y%m%d%H%M%S}" if validated else ""
    return Statement(
        network_key=said("id", name_of, row.get("id")),
        event_key=" ".join(filter(None, (status.value, stamp, "amended" if is_amended else ""))),
        status=status,
        sale_amount=sale if sale_currency in {currency, ""} else None,
        commission_amount=commission,
        currency=currency,
        occurred_at=occurred,
        happened_at=happened,
        sub_id=sub_id_of(*(refs.get(name) for name in _CLICK_REFS)),
        merchant_reference=said("advertiserId", optional_name, row.get("advertiserId")),
        reason=sentence(row.get("declineReason"), row.get("amendReason")),
    )


def _money(value: object, field: str, *, is_needed: bool = True) -> tuple[Decimal | None, str]:
    if value is None and not is_needed:
        return None, ""
    if not isinstance(value, dict):
        raise FieldProblem(field, "has no amount and currency")
    amount = said(field, api_amount if is_needed else optional_amount, value.get("amount"))
    return amount, said(f"{field}.currency", currency_of, value.get("currency"))


def _status(value: object, field: str) -> Status:
    found = _STATUSES.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise FieldProblem(field, "is none of pending, approved, declined, deleted")
    return found


def _pushed(message: Message) -> Iterator[Mapping[str, Any]]:
    """The transactions of a notification; a pushed one is JSON inside a field of the form."""
    for fields in fields_of(message):
        inner = fields.get(PUSH_FIELD)
        value = json_of(inner) if isinstance(inner, str) else inner if inner is not None else fields
        for one in value if isinstance(value, list) else [value]:
            named = named_alike(one, unfilled=_MACRO) if isinstance(one, dict) else {}
            if "transactionid" in named:
                yield named


def _notified(row: Mapping[str, Any], now: datetime) -> Statement:
    currency = said("transactionCurrency", currency_of, row.get("transactioncurrency"))
    status = row.get("commissionstatus") or row.get("status")
    known = _status(status, "status") if status else Status.PENDING
    commission = said("commission", api_amount, row.get("commission"))
    sale = said("transactionAmount", optional_amount, row.get("transactionamount"))
    occurred = min(said("transactionDate", optional_moment, row.get("transactiondate")) or now, now)
    return Statement(
        network_key=said("transactionId", name_of, row.get("transactionid")),
        event_key=f"notified {known.value}",
        status=known,
        sale_amount=sale,
        commission_amount=commission,
        currency=currency,
        occurred_at=occurred,
        happened_at=occurred if known is Status.PENDING else now,
        sub_id=sub_id_of(*(row.get(name.lower()) for name in _CLICK_REFS)),
        merchant_reference=said("merchantId", optional_name, row.get("merchantid")),
        is_provisional=True,
    )
