"""How does what a network said become the ledger? Appended once, summed up anew, joined to its click."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from catalog.models import Conversion, ConversionEvent, NetworkAccount
from catalog.reports.earnings import Earning, Statement, Status, as_kept, kept_key, problem, said_key, sum_of
from catalog.services.joining import JOINED_COLUMNS, join

CHUNK = 1000
# Of PostgreSQL's advisory locks the family that is the ledger's; the account is the other half.
_LEDGER = 20_261
_SUMMED = (
    *("status", "is_provisional", "sale_amount", "commission_amount", "currency", "occurred_at", "changed_at"),
    *("sub_id", "tracking_id", "merchant_reference"),
)


@dataclass(slots=True, kw_only=True)
class Stored:
    """What became of some statements. `refused`: a sentence for each that the ledger cannot hold."""

    statements: int = 0
    new: int = 0
    purchases_new: int = 0
    purchases_changed: int = 0
    joined: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def known(self) -> int:
        return self.statements - self.new - len(self.refused)


@transaction.atomic
def store_statements(
    *,
    account: NetworkAccount,
    statements: Sequence[Statement],
    origin: ConversionEvent.Origin,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Stored:
    """Append what is new of the statements, and make each purchase the sum of all that was said of it.

    All of them or, when the database fails, none. In whatever order and however often they come, and whoever else
    stores at the same time, the ledger ends up the same. `now` (aware) is when they came in. `progress` is told after
    each chunk how many are done.
    """
    with connection.cursor() as cursor:
        # One at a time for each account: a purchase is summed up from events that nobody else is adding to.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LEDGER, account.pk])
    stored = Stored(statements=len(statements))
    by_key: dict[str, list[Statement]] = {}
    for statement in statements:
        if wrong := problem(statement):
            stored.refused.append(f"{statement.network_key[:80] or 'A purchase'} {wrong}.")
        else:
            by_key.setdefault(statement.network_key, []).append(as_kept(statement))
    done = 0
    for keys in _chunks(list(by_key)):
        some = {key: by_key[key] for key in keys}
        _Chunk(account, origin, now, stored).store(some)
        done += sum(map(len, some.values()))
        progress(done)
    return stored


def as_statement(event: ConversionEvent, network_key: str) -> Statement:
    """The statement that the event keeps."""
    return Statement(
        network_key=network_key,
        event_key=said_key(event.event_key),
        status=Status(event.status),
        sale_amount=event.sale_amount,
        commission_amount=event.commission_amount,
        currency=event.currency,
        occurred_at=event.occurred_at or event.happened_at,
        happened_at=event.happened_at,
        sub_id=event.sub_id,
        tracking_id=event.tracking_id,
        merchant_reference=event.merchant_reference,
        is_correction=event.is_correction,
        is_provisional=event.is_provisional,
        reason=event.reason,
    )


class _Chunk:
    def __init__(self, account: NetworkAccount, origin: ConversionEvent.Origin, now: datetime, stored: Stored) -> None:
        self.account = account
        self.origin = origin
        self.now = now
        self.stored = stored

    def store(self, said: dict[str, list[Statement]]) -> None:
        known = self._known(said)
        events = self._events(known)
        fresh: dict[str, dict[str, Statement]] = {}
        for key, statements in said.items():
            before = events.get(key, {})
            new = {kept_key(one): one for one in reversed(statements) if kept_key(one) not in before}
            if new:
                fresh[key] = new
        changed = []
        for key, new in fresh.items():
            conversion = known.get(key) or Conversion(account=self.account, network_key=key)
            _take(conversion, sum_of([*events.get(key, {}).values(), *new.values()]))
            changed.append(conversion)
        join(conversions=changed, now=self.now)
        self._save(changed)
        ConversionEvent.objects.bulk_create(
            self._event(conversion, one, key)
            for conversion in changed
            for key, one in fresh[conversion.network_key].items()
        )
        self.stored.new += sum(map(len, fresh.values()))

    def _known(self, said: dict[str, list[Statement]]) -> dict[str, Conversion]:
        rows = Conversion.objects.select_for_update().filter(account=self.account, network_key__in=list(said))
        found = {row.network_key: row for row in rows.order_by("pk")}
        for row in found.values():
            row.account = self.account
        return found

    def _events(self, known: dict[str, Conversion]) -> dict[str, dict[str, Statement]]:
        keys = {row.pk: key for key, row in known.items()}
        found: dict[str, dict[str, Statement]] = {}
        for event in ConversionEvent.objects.filter(conversion__in=list(keys)):
            key = keys[event.conversion_id]
            found.setdefault(key, {})[event.event_key] = as_statement(event, key)
        return found

    def _save(self, changed: list[Conversion]) -> None:
        new = [row for row in changed if row.pk is None]
        old = [row for row in changed if row.pk is not None]
        Conversion.objects.bulk_create(new)
        if old:
            # `bulk_update` compares every row with every other in the database; these rows are there and locked.
            Conversion.objects.bulk_create(
                old, update_conflicts=True, unique_fields=["id"], update_fields=[*_SUMMED, *JOINED_COLUMNS]
            )
        self.stored.purchases_new += len(new)
        self.stored.purchases_changed += len(old)
        self.stored.joined += sum(row.joining == Conversion.Joining.CLICK for row in changed)

    def _event(self, conversion: Conversion, statement: Statement, key: str) -> ConversionEvent:
        return ConversionEvent(
            conversion=conversion,
            event_key=key,
            status=statement.status.value,
            is_correction=statement.is_correction,
            sale_amount=statement.sale_amount,
            commission_amount=statement.commission_amount,
            currency=statement.currency,
            occurred_at=statement.occurred_at,
            happened_at=statement.happened_at,
            received_at=self.now,
            sub_id=statement.sub_id,
            tracking_id=statement.tracking_id,
            merchant_reference=statement.merchant_reference,
            is_provisional=statement.is_provisional,
            origin=self.origin,
            reason=statement.reason,
        )


def _take(conversion: Conversion, earning: Earning) -> None:
    for column in _SUMMED:
        setattr(conversion, column, getattr(earning, column))
    conversion.status = earning.status.value


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
