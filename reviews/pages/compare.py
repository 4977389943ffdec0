"""What does the page show that puts two to five products side by side?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from catalog import selectors as catalog
from catalog.facets.asked import Asked as Sought
from catalog.kinds import Kind
from catalog.models import Product
from catalog.page_tags import note
from catalog.product_index import find_products
from catalog.shown_offer import ShownOffer
from catalog.side_by_side import in_words
from reviews import selectors, seo
from reviews.blocks.base import ProductFacts
from reviews.pages.compare_address import MOST, Asked, compare_url
from reviews.pages.compare_rows import ScoreRows, SpecRows, score_rows_of, spec_rows
from reviews.pages.parts import Crumb, Drawing, Page, drawing_of, home_crumb
from reviews.score_table import active_method, score_rows

_FOUND = 8
_STARTS = 5
# As many letters of a title and of a description are shown by search engines, and asked for by checkers.
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 70, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A product of the comparison. The addresses are empty where it cannot go that way."""

    facts: ProductFacts
    drawing: Drawing
    remove_url: str
    left_url: str
    right_url: str
    offer: ShownOffer | None
    placement: str

    @property
    def more_offers(self) -> int:
        """How many beside the one that is shown."""
        return max(0, len(self.facts.offers) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A product that can be put beside those that are there."""

    name: str
    kind_label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage(Page):
    """`starts` and `similar` are offered to begin with and to go on; `found` is what fits `words`."""

    headline: str
    asked: Asked
    problems: tuple[str, ...]
    columns: tuple[Column, ...]
    specs: SpecRows | None
    scores: ScoreRows | None
    starts: tuple[Addition, ...]
    similar: tuple[Addition, ...]
    found: tuple[Addition, ...]
    whole_url: str
    differences_url: str
    csv_url: str

    @property
    def slugs(self) -> str:
        """As the form of additions hands them on."""
        return ",".join(column.facts.slug for column in self.columns)

    @property
    def has_room(self) -> bool:
        return len(self.columns) < MOST

    @property
    def width(self) -> int:
        """How many columns the table has, with that of the names."""
        return len(self.columns) + 1

    @property
    def has_offers(self) -> bool:
        return any(column.offer for column in self.columns)

    @property
    def row_count(self) -> int:
        return sum(len(group.rows) for group in self.specs.groups) if self.specs else 0

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        nodes = [seo.breadcrumbs(self.crumbs)]
        if self.columns:
            nodes.append(seo.item_list(self.headline, [(one.facts.name, one.facts.url) for one in self.columns]))
        return nodes


def today_url(asked: Asked, found: dict[str, Product]) -> str:
    """Where the address as it was written leads to for good; empty when it is spelt as it should be."""
    slugs = [found[slug].slug if slug in found else slug for slug in asked.slugs]
    return asked.address(slugs) if asked.comes_from_form or slugs != list(asked.slugs) else ""


def compare_page(asked: Asked, found: dict[str, Product], *, now: datetime) -> ComparePage:
    """`found` is `catalog.selectors.products_by_slug(asked.slugs)`. A fixed number of queries."""
    products, problems = _chosen(asked, found)
    facts_by_id = selectors.facts_of(products, now=now)
    facts = [facts_by_id[one.pk] for one in products]
    slugs = [one.slug for one in products]
    names = [one.name for one in facts]
    headline = " or ".join(names) if len(names) == 2 else f"{in_words(names)} side by side" if names else "Compare"
    is_plain = len(products) > 1 and not (problems or asked.words or asked.only_differences)
    return ComparePage(
        title=_title(names),
        description=_description(names),
        canonical=compare_url(slugs),
        crumbs=_crumbs(headline, slugs),
        is_indexed=is_plain or asked == Asked(),
        headline=headline,
        asked=asked,
        problems=problems,
        columns=_columns(products, facts, asked),
        specs=spec_rows(products, facts, only_differences=asked.only_differences) if products else None,
        scores=_scores(slugs, products),
        starts=_starts() if not products else (),
        similar=_similar(products, asked) if 0 < len(products) < MOST else (),
        found=_found(asked, slugs, now=now) if asked.words and len(products) < MOST else (),
        whole_url=compare_url(slugs),
        differences_url=compare_url(slugs, only_differences=True),
        csv_url=compare_url(slugs, is_csv=True) if products else "",
    )


def _chosen(asked: Asked, found: dict[str, Product]) -> tuple[list[Product], tuple[str, ...]]:
    """The products in the order asked for, and a sentence for everything that does not fit."""
    problems = [*asked.problems]
    unknown = [slug for slug in dict.fromkeys(asked.slugs) if slug not in found]
    if unknown:
        note("products")  # it may be there tomorrow
        problems += [f"There is no product “{slug}”: it was left out." for slug in unknown]
    named = [found[slug] for slug in asked.slugs if slug in found]
    once = list({one.pk: one for one in named}.values())
    twice = [one.name for one in once if sum(other.pk == one.pk for other in named) > 1]
    if twice:
        problems.append(f"Named more than once and shown once: {in_words(twice)}.")
    if len(once) > MOST:
        problems.append(f"At most {MOST} fit side by side; left out: {in_words(one.name for one in once[MOST:])}.")
    if len(once) == 1:
        problems.append(f"A comparison needs two products; only {once[0].name} is chosen. Add another below.")
    return once[:MOST], tuple(problems)


def _title(names: Sequence[str]) -> str:
    if not names:
        return "Compare headphones and headsets"
    if len(names) == 1:
        return f"{names[0]}: compare"
    for shown in range(len(names), 1, -1):
        rest = len(names) - shown
        title = " vs ".join(names[:shown]) + (f" and {rest} more" if rest else "")
        if len(title) <= _LONGEST_TITLE:
            return title
    return title


def _description(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "Two to five headphones or headsets side by side: specs with their sources, scores and prices."
    for what in ("every spec we know, what differs, our scores and the best offers", "what differs, and what it costs"):
        text = f"{in_words(names)} side by side: {what}."
        if len(text) <= _LONGEST_DESCRIPTION:
            return text
    return f"{len(names)} models side by side: every spec we know, what differs, our scores and the best offers."


def _crumbs(headline: str, slugs: Sequence[str]) -> tuple[Crumb, ...]:
    crumbs = (home_crumb(), Crumb("Compare", reverse("compare")))
    return (*crumbs, Crumb(headline, compare_url(slugs))) if slugs else crumbs


def _columns(products: Sequence[Product], facts: Sequence[ProductFacts], asked: Asked) -> tuple[Column, ...]:
    slugs = [one.slug for one in products]
    view = replace(asked, words="", is_csv=False)

    def swapped(one: int, other: int) -> str:
        order = list(slugs)
        order[one], order[other] = order[other], order[one]
        return view.address(order)

    return tuple(
        Column(
            facts=one,
            drawing=drawing_of(product),
            remove_url=view.address([slug for slug in slugs if slug != product.slug]),
            left_url=swapped(place, place - 1) if place else "",
            right_url=swapped(place, place + 1) if place + 1 < len(slugs) else "",
            offer=one.best_offer,
            placement=f"lcompare.products.{place + 1}",
        )
        for place, (product, one) in enumerate(zip(products, facts, strict=True))
    )


def _scores(slugs: Sequence[str], products: Sequence[Product]) -> ScoreRows | None:
    if not slugs:
        return None
    note("method")
    method = active_method()
    if method is None:
        return None
    ids = [one.pk for one in products]
    return score_rows_of(method, score_rows(method, ids), ids)


# --- what can be put beside them ----------------------------------------------------------------------------------


def _starts() -> tuple[Addition, ...]:
    """Of each kind those that readers can do most with. Two queries."""
    note(*(f"kind:{kind.value}" for kind in Kind))
    rows = [
        one for kind in Kind for one in selectors.most_covered(catalog.products_of(kind), limit=_STARTS)
    ]  # fmt: skip
    return _additions(rows, (), Asked())


def _similar(products: Sequence[Product], asked: Asked) -> tuple[Addition, ...]:
    """Others of the first one's type."""
    there = {one.pk for one in products}
    rows = selectors.alternatives(products[0], limit=_STARTS + MOST)
    return _additions([one for one in rows if one.pk not in there][:_STARTS], [one.slug for one in products], asked)


def _found(asked: Asked, slugs: Sequence[str], *, now: datetime) -> tuple[Addition, ...]:
    sought = Sought(words=asked.words, sort="match")
    ids = find_products(sought, start=0, size=_FOUND + len(slugs), now=now).ids
    rows = catalog.kept_products(ids)
    fresh = [rows[pk] for pk in ids if pk in rows and rows[pk].slug not in slugs]
    return _additions(fresh[:_FOUND], slugs, asked)


def _additions(rows: Iterable[Product], slugs: Sequence[str], asked: Asked) -> tuple[Addition, ...]:
    view = replace(asked, words="", is_csv=False)
    return tuple(
        Addition(
            name=row.name,
            kind_label=Kind(row.kind).label if row.kind else "Kind not known",
            url=view.address([*slugs, row.slug]),
        )
        for row in rows
    )
