"""Which rules come into force: those that ship with the code, a draft that was tried and approved, or older ones?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import Error, connection, transaction
from django.db.models import Max, Model

from catalog.services.page_changes import announce
from recommender import rules, rules_in_force
from recommender.models import RuleSetVersion, RulesInForce

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RulesRefusedError(Exception):
    """Nothing was changed. `problems` says why, and what to do, line by line."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@transaction.atomic
def keep_shipped(*, now: datetime) -> RuleSetVersion:
    """Write down the rules that ship with this code, once, so that they can be looked up when the code has others."""
    _alone()
    fingerprint = rules.shipped().version
    found = RuleSetVersion.objects.filter(is_shipped=True, fingerprint=fingerprint).first()
    return found or add_version(
        texts=rules.shipped_texts(), fingerprint=fingerprint, now=now, is_shipped=True, note="Shipped with the code."
    )


@transaction.atomic
def add_version(
    *,
    texts: Mapping[str, str],
    fingerprint: str,
    now: datetime,
    note: str,
    is_shipped: bool = False,
    drafted_by: str = "",
    approved_by: str = "",
    published_by: str = "",
) -> RuleSetVersion:
    """The next number; it decides nothing until it is put into force. `now` is aware, UTC."""
    _alone()
    last = RuleSetVersion.objects.aggregate(last=Max("number"))["last"] or 0
    return RuleSetVersion.objects.create(
        number=last + 1,
        fingerprint=fingerprint,
        texts=dict(texts),
        note=note,
        is_shipped=is_shipped,
        drafted_by=drafted_by,
        approved_by=approved_by,
        published_by=published_by,
        published_at=now,
    )


@transaction.atomic
def put_in_force(*, version: RuleSetVersion, by: User, now: datetime, message: str = "") -> None:
    """Move the pointer. Every process decides by this version within two seconds, this one as soon as it commits."""
    _alone()
    if version_in_force() == version:
        raise RulesRefusedError(f"{version} decide already. Choose another version.")
    try:
        rules.ruleset_of(version.texts)
    except rules.RulesError as error:
        raise RulesRefusedError(
            f"{version} cannot be used by the code of today. Draft the change you miss again.", *str(error).splitlines()
        ) from error
    RulesInForce.objects.update_or_create(
        id=1, defaults={"version": version, "since": now, "put_by": by.get_username()}
    )
    write_down(version, by, message or "Put back into force.")
    announce("rules")
    transaction.on_commit(_hear_of_it)


def version_in_force() -> RuleSetVersion | None:
    """What the pointer says; without one, the version that ships with this code; None when that was never kept."""
    pointer = RulesInForce.objects.select_related("version").first()
    if pointer is not None:
        return pointer.version
    return RuleSetVersion.objects.filter(is_shipped=True, fingerprint=rules.shipped().version).first()


def write_down(row: Model, by: User, message: str) -> None:
    """A line in the log of changes, in the transaction of the change."""
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=CHANGE,
        change_message=message,
    )


def _alone() -> None:
    """Two who publish at once come one after the other: the second sees what the first did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('recommender.rules'))")


def _hear_of_it() -> None:
    try:
        rules_in_force.refresh()
    except Error:  # it is committed; the thread that looks every second will see it
        return
