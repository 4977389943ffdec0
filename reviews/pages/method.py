"""What does the public page of the scoring method show? Everything is made from the version itself (E5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from catalog.page_tags import note
from reviews.models import MethodVersion
from reviews.pages.parts import Crumb, Page, home_crumb
from reviews.pages.weights import rank_url
from reviews.score_table import Method, method_of, public_versions
from reviews.scoring import LEAST_COVERED

_TITLE = "How we score"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionPart:
    label: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightCell:
    """`share` is in whole per cent of the use case's weights."""

    criterion: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCasePart:
    label: str
    cells: tuple[WeightCell, ...]
    # The list ranked by it; empty where the version is not the one we score by.
    rank_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    number: int
    url: str
    activated_at: datetime
    change_note: str
    is_shown: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPage(Page):
    """`number` is None before there is a method."""

    headline: str
    number: int | None
    is_active: bool
    paragraphs: tuple[str, ...]
    criteria: tuple[CriterionPart, ...]
    use_cases: tuple[UseCasePart, ...]
    versions: tuple[VersionLine, ...]
    least_covered: int = int(LEAST_COVERED * 100)


def method_page(number: int | None = None) -> MethodPage | None:
    """The version with this number, else the active one. None: there is no such version that readers know.

    Before any version was activated the page without a number says that there is none.
    """
    note("method")
    versions = list(public_versions())
    active = next((row for row in versions if row.state == MethodVersion.State.ACTIVE), None)
    shown = active if number is None else next((row for row in versions if row.number == number), None)
    if shown is None:
        return None if number is not None else _empty_page()
    return _page(shown, method_of(shown), versions)


def _page(shown: MethodVersion, method: Method, versions: list[MethodVersion]) -> MethodPage:
    is_active = shown.state == MethodVersion.State.ACTIVE
    url = reverse("method") if is_active else _url(shown)
    headline = _TITLE if is_active else f"{_TITLE}: Method {shown.number}"
    return MethodPage(
        title=headline,
        description=f"Method {shown.number}: the criteria we score products by, how each is judged, and how much it "
        "counts for which use.",
        canonical=url,
        crumbs=(home_crumb(), Crumb(headline, url)),
        headline=headline,
        number=shown.number,
        is_active=is_active,
        paragraphs=_paragraphs(shown.summary),
        criteria=tuple(CriterionPart(label=row.label, paragraphs=_paragraphs(row.how)) for row in method.criteria),
        use_cases=tuple(
            UseCasePart(
                label=use_case.label,
                cells=tuple(
                    WeightCell(criterion=row.label, share=use_case.shares[row.key])
                    for row in method.criteria
                    if use_case.weights[row.key]
                ),
                rank_url=rank_url(use_case.key) if is_active else "",
            )
            for use_case in method.use_cases
        ),
        versions=tuple(_line(row, shown) for row in versions if row.activated_at),
    )


def _line(row: MethodVersion, shown: MethodVersion) -> VersionLine:
    assert row.activated_at is not None
    return VersionLine(
        number=row.number,
        url=_url(row),
        activated_at=row.activated_at,
        change_note=row.change_note or ("The first version." if row.number == 1 else "No note was left."),
        is_shown=row.pk == shown.pk,
        is_active=row.state == MethodVersion.State.ACTIVE,
    )


def _empty_page() -> MethodPage:
    url = reverse("method")
    return MethodPage(
        title=_TITLE,
        description="Reviews name their own criteria and weights.",
        canonical=url,
        crumbs=(home_crumb(), Crumb(_TITLE, url)),
        is_indexed=False,
        headline=_TITLE,
        number=None,
        is_active=False,
        paragraphs=("There is no common method yet: each review names its own criteria and what they weigh.",),
        criteria=(),
        use_cases=(),
        versions=(),
    )


def _url(row: MethodVersion) -> str:
    return reverse("method-version", kwargs={"number": row.number})


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())
