"""Which rows does a comparison have, by which measures, and how is each value known?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from catalog.kinds import Kind
from catalog.models import Product
from catalog.models.specs import MicGrade
from catalog.side_by_side import Difference, Shared, Side, best_places, best_word, difference, remarks, shared
from catalog.spec_pictures import SpecPicture, picture_of
from catalog.spec_sheet import GROUPS, SPECS, Better
from reviews.blocks.base import ProductFacts, SpecFact
from reviews.models import Score
from reviews.pages.spec_lines import Evidence, evidence_of
from reviews.score_table import Method, overalls_of
from reviews.selectors import specs_of

# How a value is known: as a sign in the table, and in words for who does not see it and in the key below it.
MEASURED, SAID, DISPUTED = "measured", "said by a source", "sources disagree"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareCell:
    """`remark` names the best value; `known_by` is MEASURED, SAID, DISPUTED or empty where no source is named."""

    value: str
    state: str
    remark: str = ""
    known_by: str = ""
    source: str = ""
    picture: SpecPicture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRow:
    label: str
    cells: tuple[CompareCell, ...]
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareGroup:
    name: str
    rows: tuple[CompareRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecRows:
    """`unknown`: labels of what is known of none of them; `same`: of rows that a view of differences leaves out.

    `open_labels`: of those it leaves out because too little is known to tell. `left_out`: what is no shared measure.
    """

    groups: tuple[CompareGroup, ...]
    unknown: tuple[str, ...]
    same: tuple[str, ...]
    open_labels: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def ways_known(self) -> frozenset[str]:
        """The marks that are used, for the key."""
        return frozenset(cell.known_by for group in self.groups for row in group.rows for cell in row.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCell:
    score: Decimal | None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    label: str
    cells: tuple[ScoreCell, ...]
    is_overall: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRows:
    """All by one version of the method, whose page is `url`."""

    number: int
    url: str
    overalls: tuple[ScoreRow, ...]
    criteria: tuple[ScoreRow, ...]


def spec_rows(products: Sequence[Product], facts: Sequence[ProductFacts], *, only_differences: bool) -> SpecRows:
    """Needs `evidence` prefetched."""
    found = shared([_side(product, one) for product, one in zip(products, facts, strict=True)])
    evidence = [evidence_of(product, one) for product, one in zip(products, facts, strict=True)]
    rows: dict[str, list[CompareRow]] = {group: [] for group in GROUPS}
    unknown: list[str] = []
    same: list[str] = []
    open_labels: list[str] = []
    for spec in SPECS:
        if spec.key not in found.keys:
            continue
        row = _spec_row(spec.key, spec.label, [one.specs for one in facts], evidence)
        if all(cell.state == "unknown" for cell in row.cells):
            unknown.append(spec.label)
        elif only_differences and row.difference is not Difference.DIFFERS:
            (open_labels if row.difference is Difference.OPEN else same).append(spec.label)
        else:
            rows[spec.group].append(row)
    return SpecRows(
        groups=tuple(CompareGroup(name=name, rows=tuple(one)) for name, one in rows.items() if one),
        unknown=tuple(unknown),
        same=tuple(same),
        open_labels=tuple(open_labels),
        left_out=_left_out(found, facts),
    )


def _side(product: Product, facts: ProductFacts) -> Side:
    specs = specs_of(product)
    grade = specs.mic_grade if specs else None
    return Side(
        name=facts.name,
        kind=Kind(product.kind) if product.kind else None,
        has_microphone=None if grade is None else grade != MicGrade.NONE,
    )


def _left_out(found: Shared, facts: Sequence[ProductFacts]) -> tuple[str, ...]:
    return found.left_out if len(facts) > 1 else ()


def _spec_row(
    key: str, label: str, sheets: Sequence[Mapping[str, SpecFact]], evidence: Sequence[Mapping[str, Evidence]]
) -> CompareRow:
    facts = [sheet[key] for sheet in sheets]
    said = remarks(key, facts)
    return CompareRow(
        label=label,
        cells=tuple(
            _cell(fact, remark, sources.get(key), picture_of(key, sheet))
            for fact, remark, sources, sheet in zip(facts, said, evidence, sheets, strict=True)
        ),
        difference=difference(facts),
    )


def _cell(fact: SpecFact, remark: str, evidence: Evidence | None, picture: SpecPicture | None) -> CompareCell:
    if fact.value is None:
        return CompareCell(value="Unknown", state="unknown")
    return CompareCell(
        value=fact.value,
        state=fact.state,
        remark=remark,
        known_by=_known_by(evidence),
        source=_source(evidence),
        picture=picture,
    )


def _known_by(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    if evidence.dissents:
        return DISPUTED
    return MEASURED if evidence.source.is_measured else SAID


def _source(evidence: Evidence | None) -> str:
    return f"{evidence.source.name}, {evidence.source.checked_on.isoformat()}" if evidence else ""


def score_rows_of(method: Method, given: Mapping[int, Mapping[str, Score]], ids: Sequence[int]) -> ScoreRows | None:
    """None where none of the products has a score of this version."""
    if not any(given.get(product_id) for product_id in ids):
        return None
    overalls = []
    for use_case in method.use_cases:
        by_id = overalls_of(given, use_case, ids)
        overalls.append(_score_row(use_case.label, [by_id[one].value for one in ids], is_overall=True))
    criteria = [
        _score_row(criterion.label, [_value(given.get(one, {}).get(criterion.key)) for one in ids])
        for criterion in method.criteria
    ]
    return ScoreRows(
        number=method.number,
        url=reverse("method"),
        overalls=tuple(row for row in overalls if _is_scored(row)),
        criteria=tuple(filter(_is_scored, criteria)),
    )


def _value(score: Score | None) -> Decimal | None:
    return score.value if score else None


def _is_scored(row: ScoreRow) -> bool:
    return any(cell.score is not None for cell in row.cells)


def _score_row(label: str, scores: Sequence[Decimal | None], *, is_overall: bool = False) -> ScoreRow:
    places = best_places(scores, Better.HIGHER)
    return ScoreRow(
        label=label,
        cells=tuple(
            ScoreCell(score=score, remark=best_word("highest", places) if place in places else "")
            for place, score in enumerate(scores)
        ),
        is_overall=is_overall,
    )
