"""What does a purchase amount to, after all that its network ever said of it?

Pure. A network makes statements: new, approved, less after a return. A purchase is the sum of its statements and of
nothing else: `sum_of` gives the same answer in whatever order they came and however often each was said.

The rules:
- What an unsigned message says counts only until the network's own report (or a signed message) says anything.
- The statement that happened last decides; one that arrives late and is older changes nothing.
- A settled purchase (approved, declined, reversed) does not become pending again: such a message was late. Any other
  change is the network's to make, also from approved to reversed and back.
- An amount that a statement leaves out stays as it was said before.
- Corrections are added to the last amount said whole: a network that sends them never restates its totals. One
  correction, told apart by its `event_key`, is added once.
- What corrections took back whole is declined, or reversed when it had been approved.
- Amounts of two currencies are never added: a correction in another currency than the amount's is left out of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from catalog.money.currencies import is_active

LONGEST_NETWORK_KEY = 120
LONGEST_EVENT_KEY = 140
LONGEST_SUB_ID = 255
LONGEST_REFERENCE = 120
LONGEST_REASON = 200
# What the ledger's columns hold: four decimals, below a thousand million.
_PLACES = Decimal("0.0001")
_TOO_LARGE = Decimal(10) ** 9


class Status(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    REVERSED = "reversed"


# At the same moment the later of these decides.
_RANK = {Status.PENDING: 0, Status.APPROVED: 1, Status.DECLINED: 2, Status.REVERSED: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing a network said about one purchase. Times are aware; amounts are in `currency` (ISO 4217).

    `network_key` is the network's name of the purchase, `event_key` its name of this statement (the same words said
    again have the same one). `happened_at` is when it became true at the network, `occurred_at` when somebody bought.
    `None` for an amount: not said. `is_correction`: the amounts are added to what was said, and may be negative.
    `is_provisional`: nobody proved that the network said it. `merchant_reference` is the network's number of the
    advertiser. `tracking_id` is what a network without sub-ids (Amazon) reports by: our tracking id.
    """

    network_key: str
    event_key: str
    status: Status
    commission_amount: Decimal | None
    currency: str
    occurred_at: datetime
    happened_at: datetime
    sale_amount: Decimal | None = None
    sub_id: str = ""
    tracking_id: str = ""
    merchant_reference: str = ""
    is_correction: bool = False
    is_provisional: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """A purchase as all its statements have it. `changed_at`: when the last that counts happened."""

    status: Status
    is_provisional: bool
    sale_amount: Decimal | None
    commission_amount: Decimal | None
    currency: str
    occurred_at: datetime
    changed_at: datetime
    sub_id: str
    tracking_id: str
    merchant_reference: str


def problem(statement: Statement) -> str:
    """Why the ledger cannot hold the statement, as the end of a sentence; empty when it can."""
    wrongs = {
        "has no key": not statement.network_key or not statement.event_key,
        f"has a key of more than {LONGEST_NETWORK_KEY} characters": len(statement.network_key) > LONGEST_NETWORK_KEY,
        f"has a sub-id of more than {LONGEST_SUB_ID} characters": len(statement.sub_id) > LONGEST_SUB_ID,
        f"has a tracking id or an advertiser of more than {LONGEST_REFERENCE} characters": (
            max(len(statement.tracking_id), len(statement.merchant_reference)) > LONGEST_REFERENCE
        ),
        "holds a zero byte": "\0" in "".join(_texts(statement)),
        f"has no currency of ISO 4217 that is in use (`{statement.currency[:10]}`)": not is_active(statement.currency),
        "has a time without its zone": not all(_is_aware(at) for at in (statement.occurred_at, statement.happened_at)),
        "has an amount larger than any purchase": any(
            not amount.is_finite() or abs(amount) >= _TOO_LARGE
            for amount in (statement.sale_amount, statement.commission_amount)
            if amount is not None
        ),
    }
    return next((text for text, is_so in wrongs.items() if is_so), "")


def kept(amount: Decimal | None) -> Decimal | None:
    """The amount with the four decimals that the ledger keeps."""
    return None if amount is None else amount.quantize(_PLACES)


def kept_key(statement: Statement) -> str:
    """The statement's key in the ledger: its own, and a print of what it says.

    A network that says something else under the same key has made another statement; a network that says the same
    again (perhaps with another time, because it told none and it was read later) has not.
    """
    what = (
        statement.status.value,
        *(_plain(amount) for amount in (statement.sale_amount, statement.commission_amount)),
        statement.currency,
        statement.sub_id,
        statement.tracking_id,
        statement.merchant_reference,
        "correction" if statement.is_correction else "",
        "provisional" if statement.is_provisional else "",
    )
    digest = hashlib.blake2s("\n".join(what).encode(), digest_size=6).hexdigest()
    return f"{_short(statement.event_key)} #{digest}"


def said_key(key: str) -> str:
    """The network's own part of a key in the ledger."""
    return key.rpartition(" #")[0] or key


def as_kept(statement: Statement) -> Statement:
    """The statement as the ledger gives it back later: its amounts, its key and its reason as the columns hold them."""
    return replace(
        statement,
        event_key=_short(statement.event_key),
        sale_amount=kept(statement.sale_amount),
        commission_amount=kept(statement.commission_amount),
        reason=statement.reason[:LONGEST_REASON],
    )


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """The statements as they happened; those of one moment in an order that does not hang on their arrival."""
    return sorted(statements, key=lambda one: (one.happened_at, _RANK[one.status], one.event_key, kept_key(one)))


def sum_of(statements: Sequence[Statement]) -> Earning:
    """What the purchase amounts to. Raises `ValueError` for no statements, or statements about several purchases."""
    if len({one.network_key for one in statements}) != 1:
        raise ValueError("the statements are not about one purchase")
    confirmed = in_order(one for one in statements if not one.is_provisional)
    counting = confirmed or in_order(statements)
    money = _money(counting)
    decisive = _decisive(counting)
    status = _taken_back(counting, money) or decisive.status
    everything = [*in_order(one for one in statements if one.is_provisional), *confirmed]
    return Earning(
        status=status,
        is_provisional=not confirmed,
        sale_amount=money.sale,
        commission_amount=money.commission,
        currency=money.currency,
        occurred_at=min(one.occurred_at for one in counting),
        changed_at=max(decisive.happened_at, money.changed_at),
        sub_id=_last(one.sub_id for one in everything),
        tracking_id=_last(one.tracking_id for one in everything),
        merchant_reference=_last(one.merchant_reference for one in everything),
    )


@dataclass(slots=True)
class _Money:
    currency: str
    changed_at: datetime
    sale: Decimal | None = None
    commission: Decimal | None = None
    corrections: dict[str, Statement] = field(default_factory=dict)

    def say(self, statement: Statement) -> None:
        if statement.currency != self.currency:
            # What was said in the other currency is not this one's amount, nor is it forgotten for nothing.
            if statement.sale_amount is None and statement.commission_amount is None:
                return
            self.currency, self.sale, self.commission = statement.currency, None, None
        if statement.sale_amount is not None:
            self.sale = statement.sale_amount
        if statement.commission_amount is not None:
            self.commission = statement.commission_amount
        self.changed_at = statement.happened_at


def _money(counting: Sequence[Statement]) -> _Money:
    whole = [one for one in counting if not one.is_correction]
    money = _Money(currency=(whole or counting)[0].currency, changed_at=counting[0].happened_at)
    settled = False
    for one in whole:
        if settled and one.status is Status.PENDING:
            continue
        settled = settled or one.status is not Status.PENDING
        money.say(one)
    for one in counting:
        if one.is_correction:
            money.corrections[one.event_key] = one
    for one in money.corrections.values():
        if one.currency == money.currency:
            money.sale = _added(money.sale, one.sale_amount)
            money.commission = _added(money.commission, one.commission_amount)
            money.changed_at = max(money.changed_at, one.happened_at)
    return money


def _decisive(counting: Sequence[Statement]) -> Statement:
    """The last statement, but no pending one after the purchase was settled."""
    settled = [one for one in counting if one.status is not Status.PENDING]
    return (settled or counting)[-1]


def _taken_back(counting: Sequence[Statement], money: _Money) -> Status | None:
    """Declined or reversed when corrections left nothing of what was earned; None when something is left."""
    takings = [one for one in money.corrections.values() if one.currency == money.currency and one.commission_amount]
    if not takings or money.commission is None or money.commission > 0:
        return None
    last = max(one.happened_at for one in takings)
    was_approved = any(one.status is Status.APPROVED and one.happened_at <= last for one in counting)
    return Status.REVERSED if was_approved else Status.DECLINED


def tracking_places(setting: str) -> dict[str, str]:
    """Of a merchant's setting such as `a=earmark-guides-20, q=earmark-quiz-20`: the tracking id to the beginning of the
    places that carry it. A setting that is one tracking id stands for no place.
    """
    pairs = [part.partition("=") for part in setting.replace(";", ",").split(",")]
    return {tracking_id.strip(): place.strip() for place, _, tracking_id in pairs if tracking_id.strip()}


def _short(key: str) -> str:
    """A long name of a statement, cut so that two of them stay two."""
    if len(key) <= LONGEST_EVENT_KEY:
        return key
    return f"{key[:120]} {hashlib.blake2s(key.encode(), digest_size=8).hexdigest()}"


def _added(amount: Decimal | None, more: Decimal | None) -> Decimal | None:
    if more is None:
        return amount
    return more if amount is None else amount + more


def _last(texts: Iterable[str]) -> str:
    return next(iter(reversed([text for text in texts if text])), "")


def _plain(amount: Decimal | None) -> str:
    exact = kept(amount)
    return "" if exact is None else f"{exact + 0:f}"


def _is_aware(at: datetime) -> bool:
    return at.tzinfo is not None and at.utcoffset() is not None


def _texts(statement: Statement) -> tuple[str, ...]:
    return (
        statement.network_key,
        statement.event_key,
        statement.sub_id,
        statement.tracking_id,
        statement.merchant_reference,
        statement.reason,
    )
