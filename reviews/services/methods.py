"""How does a version of the scoring method come to be, change while it is a draft, and come into force?

A draft begins as a copy of the active version with its scores. What is active or retired is never changed: the
database refuses it (`reviews/migrations/0009`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.admin.models import CHANGE
from django.db import transaction
from django.db.models import Max

from catalog.services.page_changes import announce
from reviews.models import Criterion, MethodVersion, Score, UseCase, Weight
from reviews.score_table import active_version
from reviews.services.audit import write_log

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_CRITERIA, MOST_USE_CASES, HEAVIEST = 15, 10, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionInput:
    """`key` stays the same from version to version: scores are carried over by it."""

    key: str
    label: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCaseInput:
    """`weights` by the criterion's key, 0 to 100; what is not named does not count."""

    key: str
    label: str
    weights: Mapping[str, int] = field(default_factory=dict)


class MethodError(Exception):
    """The version cannot be saved or activated; `problems` says why, one sentence each, and nothing was changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@transaction.atomic
def prepare_version(*, by: User | None = None) -> MethodVersion:
    """The next version: a copy of the active one, scores included; the first one is empty.

    One draft at a time. Raises `MethodError`.
    """
    waiting = MethodVersion.objects.filter(state=MethodVersion.State.DRAFT).first()
    if waiting is not None:
        raise MethodError([f"Method {waiting.number} is being prepared already: change, activate or discard it first."])
    highest = MethodVersion.objects.aggregate(number=Max("number"))["number"] or 0
    before = active_version()
    draft = MethodVersion.objects.create(number=highest + 1, summary=before.summary if before else "")
    if before is not None:
        _copy(before, draft)
    write_log(draft, by, "Prepared" + (f" from Method {before.number}." if before else "."), CHANGE)
    return draft


def _copy(before: MethodVersion, draft: MethodVersion) -> None:
    criteria = {
        row.pk: Criterion(version=draft, key=row.key, label=row.label, how=row.how, position=row.position)
        for row in before.criteria.all()
    }
    Criterion.objects.bulk_create(criteria.values())
    use_cases = {
        row.pk: UseCase(version=draft, key=row.key, label=row.label, position=row.position)
        for row in before.use_cases.all()
    }
    UseCase.objects.bulk_create(use_cases.values())
    Weight.objects.bulk_create(
        Weight(use_case=use_cases[row.use_case_id], criterion=criteria[row.criterion_id], weight=row.weight)
        for row in Weight.objects.filter(use_case__version=before)
    )
    scores = list(Score.objects.filter(criterion__version=before))
    for score in scores:
        score.pk, score.criterion = None, criteria[score.criterion_id]
    Score.objects.bulk_create(scores, batch_size=2000)


@transaction.atomic
def save_version(
    *,
    version: MethodVersion,
    summary: str,
    change_note: str,
    criteria: Sequence[CriterionInput],
    use_cases: Sequence[UseCaseInput],
    by: User | None = None,
) -> bool:
    """Makes the draft what is given, in this order; whether that changed anything. Raises `MethodError`.

    Where a criterion is judged in another way than in the active version, its scores have to be confirmed.
    """
    draft = _locked_draft(version)
    if problems := _problems(summary, criteria, use_cases):
        raise MethodError(problems)
    changed = (draft.summary, draft.change_note) != (summary, change_note)
    if changed:
        draft.summary, draft.change_note = summary, change_note
        draft.save(update_fields=["summary", "change_note"])
    rows = {row.key: row for row in draft.criteria.all()}
    changed = _save_criteria(draft, rows, criteria) or changed
    changed = _save_use_cases(draft, rows, use_cases) or changed
    if changed:
        write_log(draft, by, "Changed criteria, use cases, weights or words.", CHANGE)
    version.refresh_from_db()
    return changed


def _locked_draft(version: MethodVersion) -> MethodVersion:
    row = MethodVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != MethodVersion.State.DRAFT:
        raise MethodError([f"Method {row.number} is {row.get_state_display().lower()} and stays as it is."])
    return row


def _problems(summary: str, criteria: Sequence[CriterionInput], use_cases: Sequence[UseCaseInput]) -> list[str]:
    found = [] if summary.strip() else ["Summary: say how you test and score; it stands on the public page."]
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        found.append(f"Criteria: there are {len(criteria)}; a method takes 1 to {MOST_CRITERIA}.")
    if not 1 <= len(use_cases) <= MOST_USE_CASES:
        found.append(f"Use cases: there are {len(use_cases)}; a method takes 1 to {MOST_USE_CASES}.")
    found += _row_problems(criteria, "Criterion")
    found += _row_problems(use_cases, "Use case")
    found += [f"Criterion “{row.label}”: say how it is judged." for row in criteria if not row.how.strip()]
    known = {row.key for row in criteria}
    for row in use_cases:
        wrong = [weight for weight in row.weights.values() if not 0 <= weight <= HEAVIEST]
        if wrong:
            found.append(f"Use case “{row.label}”: a weight is a whole number from 0 to {HEAVIEST}, not {wrong[0]}.")
        elif not any(weight for key, weight in row.weights.items() if key in known):
            found.append(f"Use case “{row.label}”: give at least one criterion a weight.")
    return found


def _row_problems(rows: Sequence[CriterionInput | UseCaseInput], what: str) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        twice = any(other.key == row.key or other.label == row.label for other in rows[: number - 1])
        if not row.label or not row.key:
            yield f"{what} {number}: give it a name."
        elif twice:
            yield f"{what} {number} (“{row.label}”) is there twice."


def _save_criteria(draft: MethodVersion, rows: dict[str, Criterion], given: Sequence[CriterionInput]) -> bool:
    """Whether anything changed; `rows` is afterwards what is stored."""
    gone = [rows.pop(key) for key in set(rows) - {one.key for one in given}]
    Score.objects.filter(criterion__in=gone).delete()
    Criterion.objects.filter(pk__in=[row.pk for row in gone]).delete()
    changed = bool(gone)
    before = active_version()
    judged = dict(before.criteria.values_list("key", "how")) if before else {}
    for position, one in enumerate(given):
        row = rows.get(one.key) or Criterion(version=draft, key=one.key)
        if row.pk and (row.label, row.how, row.position) == (one.label, one.how, position):
            continue
        if row.pk and row.how != one.how and one.key in judged:
            row.scores.update(is_confirmed=_same_words(judged[one.key], one.how))
        row.label, row.how, row.position = one.label, one.how, position
        row.save()
        rows[one.key], changed = row, True
    return changed


def _same_words(one: str, other: str) -> bool:
    return one.split() == other.split()


def _save_use_cases(draft: MethodVersion, criteria: Mapping[str, Criterion], given: Sequence[UseCaseInput]) -> bool:
    rows = {row.key: row for row in draft.use_cases.all()}
    gone = [rows.pop(key).pk for key in set(rows) - {one.key for one in given}]
    changed = bool(UseCase.objects.filter(pk__in=gone).delete()[0]) if gone else False
    stored: dict[int, dict[int, int]] = {}
    for use_case, criterion, weight in Weight.objects.filter(use_case__version=draft).values_list(
        "use_case", "criterion", "weight"
    ):
        stored.setdefault(use_case, {})[criterion] = weight
    for position, one in enumerate(given):
        row = rows.get(one.key) or UseCase(version=draft, key=one.key)
        if row.pk is None or (row.label, row.position) != (one.label, position):
            row.label, row.position = one.label, position
            row.save()
            changed = True
        wanted = {criteria[key].pk: weight for key, weight in one.weights.items() if key in criteria and weight}
        if stored.get(row.pk, {}) != wanted:
            row.weights.all().delete()
            Weight.objects.bulk_create(
                Weight(use_case=row, criterion_id=criterion, weight=weight) for criterion, weight in wanted.items()
            )
            changed = True
    return changed


@transaction.atomic
def discard_version(*, version: MethodVersion) -> None:
    """Takes a draft away with the scores that were entered in it. Raises `MethodError` for what is no draft."""
    draft = _locked_draft(version)
    Score.objects.filter(criterion__version=draft).delete()
    draft.delete()


@transaction.atomic
def activate_version(*, version: MethodVersion, now: datetime, by: User | None = None) -> MethodVersion:
    """From now on pages that are published are scored by this version; the one before is retired. `now` is aware.

    What is published already names the version it used and stays. Raises `MethodError`.
    """
    draft = _locked_draft(version)
    if problems := _not_ready(draft):
        raise MethodError(problems)
    MethodVersion.objects.filter(state=MethodVersion.State.ACTIVE).update(state=MethodVersion.State.RETIRED)
    draft.state, draft.activated_at, draft.activated_by = MethodVersion.State.ACTIVE, now, by
    draft.save(update_fields=["state", "activated_at", "activated_by"])
    write_log(draft, by, "Activated.", CHANGE)
    announce("method")
    version.refresh_from_db()
    return draft


def _not_ready(draft: MethodVersion) -> list[str]:
    found = []
    if not draft.criteria.exists() or not draft.use_cases.exists():
        found.append("It has no criteria or no use cases yet.")
    if draft.number > 1 and not draft.change_note.strip():
        found.append("Change note: say what is different from the version before; it stands in the public change log.")
    return found
