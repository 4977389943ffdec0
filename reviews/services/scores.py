"""How does a product's score on a criterion get in, with what it rests on, and whose hand was it?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.models import Product
from catalog.services.page_changes import announce
from reviews.models import Author, Criterion, MethodVersion, Score
from reviews.services.audit import write_log

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# So many changes are told one by one in the history; more are counted.
TOLD = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreInput:
    """A cell of the grid. `value` None takes the score away.

    `seen` is the mark of the score that the editor saw when typing; None: whatever stands there is replaced.
    """

    product_id: int
    criterion: str
    value: Decimal | None
    evidence: str = ""
    evidence_url: str = ""
    tester: Author | None = None
    scored_on: date
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """What keeps one cell from being saved. `theirs` is what somebody else saved meanwhile."""

    product_id: int
    criterion: str
    message: str
    theirs: Score | None = None
    is_conflict: bool = False


class ScoresError(Exception):
    """Nothing was saved; `problems` says which cells are wrong, or were changed by somebody else meanwhile."""

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = list(problems)


def mark_of(score: Score | None) -> str:
    """What a form remembers of the score it showed, to tell later whether it is still the same."""
    if score is None:
        return "-"
    told = (score.value, score.evidence, score.evidence_url, score.is_confirmed, score.tester_id, score.scored_on)
    return hashlib.sha256(repr(tuple(map(str, told))).encode()).hexdigest()[:12]


@transaction.atomic
def save_scores(*, version: MethodVersion, scores: Iterable[ScoreInput], by: User | None = None) -> int:
    """All of them or none; how many cells are different now. Raises `ScoresError`.

    What is saved is confirmed. A score saved in the active version goes into the draft of the next one too, where
    that still has the same.
    """
    locked = MethodVersion.objects.select_for_update().get(pk=version.pk)
    given = {(one.product_id, one.criterion): one for one in scores}
    criteria = {row.key: row for row in locked.criteria.all()}
    there = _stored(criteria.values(), {product for product, _ in given})
    problems = [problem for one in given.values() for problem in _problems(one, locked, criteria, there)]
    if problems:
        raise ScoresError(problems)
    changed = [one for place, one in given.items() if not _is_same(one, there.get(place))]
    for one in changed:
        _write(one, criteria[one.criterion], there.get((one.product_id, one.criterion)))
    if changed:
        _carry_on(locked, criteria, changed, there)
        _tell(locked, changed, there, by)
        announce(*(f"scores:{one.product_id}" for one in changed))
    return len(changed)


def _stored(criteria: Iterable[Criterion], products: Iterable[int]) -> dict[tuple[int, str], Score]:
    keys = {row.pk: row.key for row in criteria}
    rows = Score.objects.select_for_update().filter(criterion__in=keys, product__in=list(products))
    return {(row.product_id, keys[row.criterion_id]): row for row in rows.order_by("pk")}


def _problems(
    one: ScoreInput,
    version: MethodVersion,
    criteria: Mapping[str, Criterion],
    there: Mapping[tuple[int, str], Score],
) -> Iterable[CellProblem]:
    def problem(message: str, **more: object) -> CellProblem:
        return CellProblem(product_id=one.product_id, criterion=one.criterion, message=message, **more)  # type: ignore[arg-type]

    criterion, stored = criteria.get(one.criterion), there.get((one.product_id, one.criterion))
    if version.state == MethodVersion.State.RETIRED:
        yield problem(f"Method {version.number} is retired: its scores stay as they were.")
        return
    if criterion is None:
        yield problem(f"Method {version.number} has no criterion “{one.criterion}”; it has {', '.join(criteria)}.")
        return
    if one.seen is not None and one.seen != mark_of(stored) and not _is_same(one, stored):
        theirs = f"{stored.value}, “{stored.evidence}”" if stored else "no score"
        yield problem(
            f"Somebody saved {theirs} here meanwhile. Save again to replace it.", theirs=stored, is_conflict=True
        )
    if one.value is None:
        return
    row = Score(product_id=one.product_id, criterion=criterion)
    _fill(row, one)
    try:
        row.clean_fields(exclude=["product", "criterion", "tester"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield problem(f"{_WORDS.get(name, name)}: {' '.join(messages)}")


_WORDS = {"value": "Score", "evidence": "Evidence", "evidence_url": "Address", "scored_on": "Day"}


def _is_same(one: ScoreInput, stored: Score | None) -> bool:
    if stored is None or one.value is None:
        return stored is None and one.value is None
    told = (stored.value, stored.evidence, stored.evidence_url, stored.is_confirmed)
    if told != (one.value, one.evidence, one.evidence_url, True):
        return False
    return (stored.tester_id, stored.scored_on) == (one.tester.pk if one.tester else None, one.scored_on)


def _fill(row: Score, one: ScoreInput) -> None:
    assert one.value is not None
    row.value, row.evidence, row.evidence_url = one.value, one.evidence, one.evidence_url
    row.tester, row.scored_on, row.is_confirmed = one.tester, one.scored_on, True


def _write(one: ScoreInput, criterion: Criterion, stored: Score | None) -> None:
    if one.value is None:
        Score.objects.filter(product=one.product_id, criterion=criterion).delete()
        return
    row = Score(pk=stored.pk if stored else None, product_id=one.product_id, criterion=criterion)
    _fill(row, one)
    row.save()


def _carry_on(
    version: MethodVersion,
    criteria: Mapping[str, Criterion],
    changed: Sequence[ScoreInput],
    there: Mapping[tuple[int, str], Score],
) -> None:
    """Into the draft of the next version, where the criterion is judged alike and nobody scored otherwise there."""
    if version.state != MethodVersion.State.ACTIVE:
        return
    later = {
        row.key: row
        for row in Criterion.objects.filter(version__state=MethodVersion.State.DRAFT)
        if row.key in criteria and row.how == criteria[row.key].how
    }
    in_draft = _stored(later.values(), {one.product_id for one in changed})
    for one in changed:
        place = (one.product_id, one.criterion)
        if one.criterion in later and mark_of(in_draft.get(place)) == mark_of(there.get(place)):
            _write(one, later[one.criterion], in_draft.get(place))


def _tell(
    version: MethodVersion,
    changed: Sequence[ScoreInput],
    there: Mapping[tuple[int, str], Score],
    by: User | None,
) -> None:
    if by is None:
        return
    slugs = dict(Product.objects.filter(pk__in={one.product_id for one in changed}).values_list("pk", "slug"))
    told = []
    for one in changed[:TOLD]:
        before = there.get((one.product_id, one.criterion))
        was, now = ("–" if value is None else str(value) for value in (before and before.value, one.value))
        told.append(f"{slugs.get(one.product_id, one.product_id)} {one.criterion} {was} → {now}")
    more = f" and {len(changed) - TOLD} more" if len(changed) > TOLD else ""
    write_log(version, by, f"Scores: {'; '.join(told)}{more}.")


@transaction.atomic
def confirm_scores(*, version: MethodVersion, criterion: str, by: User | None = None) -> int:
    """Says of all scores of a criterion that they hold as it is judged now; how many had to be confirmed."""
    locked = MethodVersion.objects.select_for_update().get(pk=version.pk)
    rows = Score.objects.filter(criterion__version=locked, criterion__key=criterion, is_confirmed=False)
    count = rows.update(is_confirmed=True) if locked.state != MethodVersion.State.RETIRED else 0
    if count:
        write_log(locked, by, f"Scores: {count} of “{criterion}” confirmed as it is judged now.")
        announce("method")
    return count
