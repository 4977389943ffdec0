"""What does the list of all scored products for one use show, ranked by our weights or the reader's?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from catalog import selectors as catalog
from catalog.facets.choices import SCORE_FOR
from catalog.page_tags import note
from reviews import seo
from reviews.models import Score
from reviews.pages.parts import Crumb, Page, home_crumb
from reviews.pages.weights import OwnWeights, Weighable, rank_url, weighed
from reviews.score_table import Method, UseCaseFacts, active_method, score_rows

# More are not listed, and the page says so: the catalogue sorts all of them by our score for the use.
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class UseCaseLink:
    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RankPage(Page):
    headline: str
    weights: OwnWeights
    use_cases: tuple[UseCaseLink, ...]
    count: int
    # How many are ranked, and how many apart, beyond those that are listed.
    left_out: int
    apart_left_out: int
    all_url: str

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        """A list for machines is ours alone: nobody's own weights are told to searchers as our ranking."""
        nodes = [seo.breadcrumbs(self.crumbs)]
        if not self.weights.is_weighted and self.weights.lines:
            nodes.append(seo.item_list(self.headline, [(line.name, line.url) for line in self.weights.lines]))
        return nodes


def ranked_use_case(key: str) -> tuple[Method, UseCaseFacts] | None:
    """The active method with its use case of this key; None when there is none. Four queries at most."""
    note("method")
    method = active_method()
    use_case = method.use_case(key) if method else None
    return (method, use_case) if method and use_case else None


def rank_page(written: Sequence[str], *, method: Method, use_case: UseCaseFacts) -> RankPage:
    """`written` are the values of the address's parameter. Two queries."""
    note("scores")
    criteria = [criterion.pk for criterion in method.criteria]
    scored = Score.objects.filter(criterion__in=criteria, is_confirmed=True).values("product")
    rows = list(catalog.products().filter(pk__in=scored).order_by("brand__name", "model", "pk"))
    note(*(f"product:{row.pk}" for row in rows))
    url, headline = rank_url(use_case.key), f"Ranked for: {use_case.label}"
    found = weighed(
        [Weighable(product_id=row.pk, slug=row.slug, name=row.name, url=row.get_absolute_url()) for row in rows],
        score_rows(method, [row.pk for row in rows]),
        written,
        method=method,
        use_case=use_case,
        action=url,
    )
    return RankPage(
        title=headline,
        description=f"All products we scored, ranked for “{use_case.label}” by our weights or by your own.",
        canonical=url,
        crumbs=(home_crumb(), Crumb("How we score", reverse("method")), Crumb(use_case.label, url)),
        is_indexed=not (found.is_weighted or found.problems),
        headline=headline,
        weights=_cut(found),
        use_cases=tuple(UseCaseLink(one.label, rank_url(one.key), one.key == use_case.key) for one in method.use_cases),
        count=len(found.lines),
        left_out=max(0, len(found.lines) - MOST_LISTED),
        apart_left_out=max(0, len(found.apart) - MOST_LISTED),
        all_url=f"{reverse('products')}?{urlencode({'sort': SCORE_FOR + use_case.key})}",
    )


def _cut(found: OwnWeights) -> OwnWeights:
    return replace(found, lines=found.lines[:MOST_LISTED], apart=found.apart[:MOST_LISTED])
