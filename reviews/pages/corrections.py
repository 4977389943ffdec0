"""What did we get wrong? All corrections, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.urls import reverse
from django.utils import timezone

from catalog.page_tags import note
from reviews.corrections import ShownCorrection, published_corrections, shown
from reviews.pages.parts import Crumb, Page, home_crumb

ON_ONE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedArticle:
    title: str
    url: str
    correction: ShownCorrection


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsPage(Page):
    """`newer` and `older` are addresses, empty at either end."""

    headline: str
    rows: tuple[CorrectedArticle, ...]
    total: int
    number: int
    pages: int
    newer: str
    older: str


def corrections_page(number: str, *, now: datetime) -> CorrectionsPage | None:
    """The page of this number, from 1; None where there is none. Two queries, however many there are."""
    note("articles")
    try:
        found = Paginator(published_corrections(), ON_ONE).page(number)
    except (EmptyPage, PageNotAnInteger):
        return None
    url, today = reverse("corrections"), timezone.localdate(now)
    return CorrectionsPage(
        title="Corrections" if found.number == 1 else f"Corrections, page {found.number}",
        description="What we got wrong in our articles, what is right, since when, and who told us.",
        canonical=url if found.number == 1 else f"{url}?page={found.number}",
        crumbs=(home_crumb(), Crumb("Corrections", url)),
        headline="Corrections",
        rows=tuple(
            CorrectedArticle(
                title=row.article.shown["title"],
                url=row.article.get_absolute_url(),
                correction=shown(row, today=today),
            )
            for row in found
        ),
        total=found.paginator.count,
        number=found.number,
        pages=found.paginator.num_pages,
        newer=_address(url, found.number - 1) if found.has_previous() else "",
        older=_address(url, found.number + 1) if found.has_next() else "",
    )


def _address(url: str, number: int) -> str:
    return url if number == 1 else f"{url}?page={number}"
