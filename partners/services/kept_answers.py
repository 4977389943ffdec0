"""How is a request that came twice worked on once? Its answer is kept for a day, with what it changed.

Who works on a request holds a lock of its transaction, named after client, door and key. It goes with the transaction,
also when the process is killed: nobody waits for a time to run out, and what was half done is undone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from partners.models import KeptAnswer

KEPT = timedelta(hours=24)
_REFUSED = 400
_STROKE = 2000


class RepeatError(Exception):
    """The request cannot be worked on now, or not under this key. The message says what to do."""


class UnderWayError(RepeatError):
    """The first of both is being worked on at this moment."""


class OtherRequestError(RepeatError):
    """The key was used for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`client`: whose key it is; two clients may use the same. `door`: method and path."""

    client: str
    door: str
    key: str
    body: bytes

    @property
    def request(self) -> str:
        named = b"".join(hashlib.sha256(part.encode()).digest() for part in (self.client, self.door, self.key))
        return hashlib.sha256(named).hexdigest()

    @property
    def sent(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes over the wire. `is_repeated`: it was given before."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    is_repeated: bool = False


def answer_once(asked: Asked, work: Callable[[], Answer], *, now: datetime) -> Answer:
    """The answer of `work`, which is kept, or the one that was given within 24 hours. One transaction.

    What is refused (400 and above), or raised, changes nothing and is not kept: it may be sent again, mended. Raises
    `UnderWayError` and `OtherRequestError`.
    """
    with transaction.atomic():
        if not _is_ours(asked.request):
            raise UnderWayError("A request with this key is being worked on. Send it again in a moment.")
        KeptAnswer.objects.filter(request=asked.request, made_at__lte=now - KEPT).delete()
        kept = KeptAnswer.objects.filter(request=asked.request).first()
        if kept is not None:
            return _given_before(kept, asked)
        answer = work()
        if answer.status >= _REFUSED:
            transaction.set_rollback(True)
            return answer
        KeptAnswer.objects.create(
            request=asked.request,
            sent=asked.sent,
            status=answer.status,
            headers=dict(answer.headers),
            body=answer.body,
            made_at=now,
        )
        return answer


def forget_answers(*, now: datetime) -> int:
    """Forget answers older than a day; how many."""
    forgotten = 0
    while ids := list(KeptAnswer.objects.filter(made_at__lte=now - KEPT).values_list("pk", flat=True)[:_STROKE]):
        forgotten += KeptAnswer.objects.filter(pk__in=ids).delete()[0]
    return forgotten


def _is_ours(request: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [request[:16]])
        row = cursor.fetchone()
    return bool(row and row[0])


def _given_before(kept: KeptAnswer, asked: Asked) -> Answer:
    if kept.sent != asked.sent:
        raise OtherRequestError("This key was used for another body within the last day. Give every request its own.")
    return Answer(status=kept.status, body=bytes(kept.body), headers=kept.headers, is_repeated=True)
