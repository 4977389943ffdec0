"""How does an editor fill in a draft of the method: its words, criteria, use cases, and the grid of weights?

One form of plain fields, which works without a script: an empty row and an empty column stand at the end, and what is
typed comes back as it was when something is wrong with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.text import slugify

from reviews.models import MethodVersion
from reviews.score_table import Method, method_of
from reviews.scoring import shares
from reviews.services.methods import CriterionInput, UseCaseInput

# A number in a cell that is longer is no weight, and need not be read.
_MOST_DIGITS = 4
STALE = "Somebody saved this draft meanwhile. What you typed is below; save again to put it in the place of theirs."


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """`key` is empty in a row that is new; `index` is its number in the names of its fields."""

    index: int
    key: str = ""
    label: str = ""
    how: str = ""
    place: str = ""
    is_removed: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.key or self.label or self.how)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCaseRow:
    index: int
    key: str = ""
    label: str = ""
    place: str = ""
    is_removed: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.key or self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`share` is what the weight comes to, in whole per cent of its column; None where the column has no weights."""

    name: str
    label: str
    text: str
    share: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodForm:
    """`weights` are as typed, by the numbers of criterion and use case."""

    summary: str
    change_note: str
    criteria: tuple[CriterionRow, ...]
    use_cases: tuple[UseCaseRow, ...]
    weights: Mapping[tuple[int, int], str]
    seen: str

    @property
    def grid(self) -> list[tuple[CriterionRow, list[Cell]]]:
        columns = {row.index: self._shares(row.index) for row in self.use_cases}
        return [
            (
                criterion,
                [
                    Cell(
                        name=f"w-{criterion.index}-{use_case.index}",
                        label=f"{criterion.label or 'New criterion'} for {use_case.label or 'the new use case'}",
                        text=self.weights.get((criterion.index, use_case.index), ""),
                        share=columns[use_case.index].get(criterion.index),
                    )
                    for use_case in self.use_cases
                ],
            )
            for criterion in self.criteria
        ]

    def _shares(self, use_case: int) -> dict[int, int]:
        rows = [row.index for row in self.criteria if not row.is_removed]
        typed = [_whole(self.weights.get((row, use_case), "")) or 0 for row in rows]
        return dict(zip(rows, shares(typed), strict=True)) if any(typed) else {}

    def inputs(self) -> tuple[list[CriterionInput], list[UseCaseInput], list[str]]:
        """What is to be saved, and which cells are no numbers."""
        criteria = {row.index: row for row in _in_order(self.criteria)}
        use_cases = {row.index: row for row in _in_order(self.use_cases)}
        keys = _keys(criteria)
        problems: list[str] = []
        columns: dict[int, dict[str, int]] = {index: {} for index in use_cases}
        for (row, column), text in self.weights.items():
            if row not in criteria or column not in use_cases or not text:
                continue
            number = _whole(text)
            if number is None:
                where = f"Weight of “{criteria[row].label}” for “{use_cases[column].label}”"
                problems.append(f"{where}: {text!r} is not a whole number from 0 to 100.")
            else:
                columns[column][keys[row]] = number
        words = [CriterionInput(key=keys[index], label=row.label, how=row.how) for index, row in criteria.items()]
        own_keys = _keys(use_cases)
        uses = [
            UseCaseInput(key=own_keys[index], label=row.label, weights=columns[index])
            for index, row in use_cases.items()
        ]
        return words, uses, problems


Row = TypeVar("Row", CriterionRow, UseCaseRow)


def form_of(version: MethodVersion) -> MethodForm:
    """As it is stored. Three queries."""
    method = method_of(version)
    return MethodForm(
        summary=version.summary,
        change_note=version.change_note,
        criteria=(
            *(
                CriterionRow(index=i, key=row.key, label=row.label, how=row.how, place=str(i + 1))
                for i, row in enumerate(method.criteria)
            ),
            CriterionRow(index=len(method.criteria), place=str(len(method.criteria) + 1)),
        ),
        use_cases=(
            *(
                UseCaseRow(index=i, key=row.key, label=row.label, place=str(i + 1))
                for i, row in enumerate(method.use_cases)
            ),
            UseCaseRow(index=len(method.use_cases), place=str(len(method.use_cases) + 1)),
        ),
        weights={
            (i, j): str(use_case.weights[row.key])
            for j, use_case in enumerate(method.use_cases)
            for i, row in enumerate(method.criteria)
            if use_case.weights[row.key]
        },
        seen=mark_of(version, method),
    )


def form_from(data: Mapping[str, str]) -> MethodForm:
    """As it was typed."""

    def text(name: str) -> str:
        return data.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()

    def indices(letter: str) -> list[int]:
        return [number for number in range(50) if f"{letter}-{number}-label" in data]

    criteria = tuple(
        CriterionRow(
            index=i,
            key=slugify(text(f"c-{i}-key"))[:40],
            label=text(f"c-{i}-label")[:60],
            how=text(f"c-{i}-how"),
            place=text(f"c-{i}-place"),
            is_removed=f"c-{i}-remove" in data,
        )
        for i in indices("c")
    )
    use_cases = tuple(
        UseCaseRow(
            index=j,
            key=slugify(text(f"u-{j}-key"))[:40],
            label=text(f"u-{j}-label")[:60],
            place=text(f"u-{j}-place"),
            is_removed=f"u-{j}-remove" in data,
        )
        for j in indices("u")
    )
    weights = {(i.index, j.index): text(f"w-{i.index}-{j.index}") for i in criteria for j in use_cases}
    return MethodForm(
        summary=text("summary"),
        change_note=text("change_note"),
        criteria=criteria,
        use_cases=use_cases,
        weights=weights,
        seen=text("seen"),
    )


def mark_of(version: MethodVersion, method: Method | None = None) -> str:
    """What a form remembers of the draft it showed."""
    told = (version.summary, version.change_note, repr(method or method_of(version)))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _in_order(rows: tuple[Row, ...]) -> list[Row]:
    kept = [row for row in rows if not row.is_empty and not row.is_removed]
    return sorted(kept, key=lambda row: (_whole(row.place) or 0, row.index))


def _keys(rows: Mapping[int, CriterionRow] | Mapping[int, UseCaseRow]) -> dict[int, str]:
    """Those there are stay; a new one comes from the label, with a number where that is taken."""
    taken = {row.key for row in rows.values() if row.key}
    found: dict[int, str] = {}
    for index, row in rows.items():
        key = row.key
        if not key:
            stem = slugify(row.label)[:36] or "row"
            free = (stem, *(f"{stem}-{number}" for number in range(2, 100)))
            key = next(one for one in free if one not in taken)
            taken.add(key)
        found[index] = key
    return found


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
