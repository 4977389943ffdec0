"""What does Rakuten say of our visitors' purchases? By polls of its Events API, and by unsigned postbacks.

Facts: events appear within minutes and vanish after one to two weeks, so they are asked for every hour. Each line of
an order is an event with its own `etransaction_id`; a return is another line, with negative amounts. So a purchase is
an advertiser's order and SKU, and every line adds to it; what is left of it is the ledger's to add up.

Uncertain, because no public description was found: the fields of a postback (those of the Events API are taken, with
or without underscores) and for how long a token lives (what it says itself, or an hour).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from catalog.http import Door
from catalog.networks.reports.base import (
    Account,
    Message,
    Polled,
    PostbackError,
    Read,
    ReportError,
    Reports,
    Statement,
    Token,
    Tokens,
    api_url_field,
    fields_of,
    named_alike,
    read_each,
    usable,
)
from catalog.reading import SourceError
from catalog.reports.answers import asked, rows_of
from catalog.reports.earnings import LONGEST_NETWORK_KEY, Status
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
    sub_id_of,
)
from catalog.settings_fields import SettingField

API = "https://api.linksynergy.com"
# As long as Rakuten keeps events, so that a return finds the sale it belongs to in the same answer.
WINDOW = timedelta(days=14)
LIMIT = 1000
MOST_PAGES = 100
AN_HOUR = 3600.0
_MACRO = r"[{\[<%].*[}\]>%]"
_LOCKED = frozenset({"y", "yes", "true", "1", "locked"})


class RakutenReports(Reports):
    key = "rakuten"
    polls = True
    per_minute = 60
    quota_of = "client_id"
    settings = (
        SettingField(name="account_id", help="Our publisher account's number (SID).", pattern=r"[0-9]{1,12}"),
        SettingField(name="client_id", help="Our application's client id.", pattern=r"[\x21-\x39\x3b-\x7e]{4,200}"),
        SettingField(
            name="client_secret",
            help="The environment variable that holds its client secret, for example RAKUTEN_CLIENT_SECRET.",
            secret=True,
        ),
        api_url_field(API),
    )
    example_settings = {
        "account_id": "1234567",
        "client_id": "an-example-client",
        "client_secret": "an-example-secret",
        "api_url": "{server}/rakuten",
    }
    methods = frozenset({"GET", "POST"})
    postback_help = (
        "Ask Rakuten to call {address} with etransaction_id, advertiser_id, order_id, sku_number, sale_amount, "
        "commissions, currency, transaction_date and u1. Without order_id and sku_number a poll cannot confirm it."
    )

    def poll(self, account: Account, *, door: Door, tokens: Tokens, now: datetime) -> Polled:
        usable(self.settings, account.settings)
        rows = list(_events(account, now - WINDOW, now, door, tokens))
        statements, troubles = read_each(rows, lambda row: _event(row, now))
        return Polled(statements=statements, troubles=troubles, polled_until=now)

    def postback(self, message: Message, settings: Mapping[str, str], *, now: datetime) -> Read:
        events = [_alike(one) for one in fields_of(message)]
        events = [one for one in events if "etransactionid" in one]
        if not events:
            raise PostbackError("There is no transaction in it: send etransaction_id, commissions, currency and u1.")
        rows = [(f"transaction {one['etransactionid']}", one) for one in events]
        statements, troubles = read_each(rows, lambda row: _told(row, now, is_provisional=True))
        return Read(statements=statements, troubles=troubles)


def _alike(fields: Mapping[str, Any]) -> dict[str, Any]:
    named = named_alike(fields, unfilled=_MACRO)
    if "etransaction" in named:
        named.setdefault("etransactionid", named["etransaction"])
    return named


def _events(
    account: Account, start: datetime, until: datetime, door: Door, tokens: Tokens
) -> Iterator[tuple[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        query = urlencode(
            {
                "process_date_start": f"{start.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
                "process_date_end": f"{until.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
                "limit": LIMIT,
                "page": page,
            }
        )
        rows = _rows(_with_token(account, f"/events/1.0/transactions?{query}", door, tokens))
        for number, row in enumerate(rows, 1):
            name = row.get("etransaction_id") if isinstance(row, dict) else None
            yield f"transaction {name or number}", row
        if len(rows) < LIMIT:
            return
    raise ReportError(f"Rakuten has more than {MOST_PAGES * LIMIT:,} events for one poll.", permanent=False)


def _rows(answer: Any) -> list[Any]:
    found = answer if isinstance(answer, list) else rows_of(answer, "transactions") or rows_of(answer, "events")
    if found is None and rows_of(answer, "transactions") != [] and rows_of(answer, "events") != []:
        raise ReportError("Rakuten's answer holds no list of transactions.", permanent=False)
    return found or []


def _with_token(account: Account, path: str, door: Door, tokens: Tokens) -> Any:
    """The answer; a token that is no longer taken is renewed once."""
    api = (account.settings.get("api_url") or API).rstrip("/")
    print_ = hashlib.sha256(f"{account.settings['client_id']} {account.settings['account_id']} {api}".encode())
    key = f"rakuten {print_.hexdigest()[:16]}"
    for attempt in (1, 2):
        try:
            token = tokens.get(key, lambda: _fetched(account, api, door))
        except SourceError as error:
            raise ReportError(str(error), permanent=error.permanent, retry_after=error.retry_after) from error
        try:
            return asked(
                door,
                f"{api}{path}",
                who="Rakuten",
                headers={"authorization": f"Bearer {token}"},
                advice="check `account_id`, `client_id` and the variable that `client_secret` names",
            )
        except ReportError as error:
            if error.status != 401 or attempt == 2:
                raise
            tokens.forget(key, token)
    raise AssertionError("the second attempt returns or raises")


def _fetched(account: Account, api: str, door: Door) -> Token:
    settings = account.settings
    pair = base64.b64encode(f"{settings['client_id']}:{settings['client_secret']}".encode()).decode()
    answer = asked(
        door,
        f"{api}/token",
        who="Rakuten",
        headers={"authorization": f"Basic {pair}"},
        advice="check `client_id` and the variable that `client_secret` names",
        form=urlencode({"grant_type": "client_credentials", "scope": settings["account_id"]}).encode(),
    )
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not 8 <= len(token) <= 8192:
        raise ReportError("Rakuten's answer to the request for a token holds none.", permanent=False)
    lives = answer.get("expires_in")
    is_time = isinstance(lives, int | Decimal) and not isinstance(lives, bool) and 0 < lives <= 24 * 3600
    return Token(value=token, lives=float(lives) if is_time else AN_HOUR)


def _event(row: Any, now: datetime) -> Statement:
    if not isinstance(row, dict):
        raise FieldProblem("", "is no transaction")
    return _told(_alike(row), now, is_provisional=False)


def _told(row: Mapping[str, Any], now: datetime, *, is_provisional: bool) -> Statement:
    event = said("etransaction_id", name_of, row.get("etransactionid"))
    purchase = _purchase(row, event)
    commission = said("commissions", api_amount, row.get("commissions", row.get("commission")))
    sale = said("sale_amount", optional_amount, row.get("saleamount"))
    occurred = said("transaction_date", moment if not is_provisional else optional_moment, row.get("transactiondate"))
    processed = _processed(row) or occurred or now
    status = Status.APPROVED if str(row.get("lockstatus", "")).strip().lower() in _LOCKED else Status.PENDING
    if commission < 0:
        status = Status.PENDING  # a part came back; whether the rest is settled is the sale's own line to say
    return Statement(
        network_key=purchase,
        event_key=event,
        status=status,
        sale_amount=sale,
        commission_amount=commission,
        currency=said("currency", currency_of, row.get("currency")),
        occurred_at=min(occurred or now, now),
        happened_at=min(processed, now),
        sub_id=sub_id_of(row.get("u1")),
        merchant_reference=said("advertiser_id", optional_name, row.get("advertiserid", row.get("mid"))),
        is_correction=True,
        is_provisional=is_provisional,
        reason="returned" if commission < 0 else "",
    )


def _processed(row: Mapping[str, Any]) -> datetime | None:
    """When Rakuten took it in, if that can be read: it only says what came later, and costs no row."""
    try:
        return optional_moment(row.get("processdate"))
    except ValueProblem:
        return None


def _purchase(row: Mapping[str, Any], event: str) -> str:
    """The order's line, which all its events belong to; the event itself where no order is named."""
    order, sku = optional_name(row.get("orderid")), optional_name(row.get("skunumber"))
    if not order:
        return event
    named = f"{optional_name(row.get('advertiserid', row.get('mid')))}/{order}/{sku}"
    if len(named) <= LONGEST_NETWORK_KEY:
        return named
    return f"{order[:40]}/{hashlib.sha256(named.encode()).hexdigest()[:32]}"
