"""What does the page show that lists, narrows and sorts all products?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from catalog import selectors as catalog
from catalog.facets.asked import Found
from catalog.facets.choices import BY_KEY, SCORE_FOR, SORTS
from catalog.models import Product
from catalog.product_index import find_products
from catalog.shopper import shopper
from reviews import selectors, seo
from reviews.pages.catalogue import filters, products, said
from reviews.pages.catalogue.address import Address, no_such_order, no_such_value
from reviews.pages.catalogue.filters import Filter, FilterGroup
from reviews.pages.catalogue.products import Column, ColumnChoice, Hit
from reviews.pages.catalogue.question import BY_MATCH, Question
from reviews.pages.catalogue.said import Chip, Exit, Understood
from reviews.pages.parts import Crumb, Page, home_crumb

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Order:
    """`key` is empty for the order that is taken where none is chosen: new words then bring their own."""

    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the list; 0 stands for those between that are not named."""

    number: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage(Page):
    """`past_the_end` is the page that was asked for and is not there; empty otherwise."""

    headline: str
    question: Question
    problems: tuple[str, ...]
    first_filters: tuple[Filter, ...]
    filter_groups: tuple[FilterGroup, ...]
    orders: tuple[Order, ...]
    chips: tuple[Chip, ...]
    understood: Understood | None
    exits: tuple[Exit, ...]
    hub_name: str
    hub_url: str
    hits: tuple[Hit, ...]
    columns: tuple[Column, ...]
    column_choices: tuple[ColumnChoice, ...]
    count: int
    pages: tuple[PageLink, ...]
    page_count: int
    previous_url: str
    next_url: str
    past_the_end: str
    cards_url: str
    table_url: str

    @property
    def has_offers(self) -> bool:
        return any(hit.offer for hit in self.hits)

    @property
    def found(self) -> str:
        return said.products(self.count) if self.count else "No product fits"

    @property
    def first(self) -> int:
        return (self.question.number - 1) * PER_PAGE + 1 if self.hits else 0

    @property
    def last(self) -> int:
        return self.first + len(self.hits) - 1

    @property
    def address(self) -> str:
        """The one address of what is shown."""
        return self.question.url

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        listed = seo.product_list(self.headline, [hit.card for hit in self.hits])
        return [seo.breadcrumbs(self.crumbs), listed] if self.hits else [seo.breadcrumbs(self.crumbs)]


def catalogue_page(address: Address, *, now: datetime) -> CataloguePage:
    """Unknown values are named on the page and left out. A fixed number of queries, and one search more for these."""
    question, problems = address.question, address.problems
    found = _find(question, now=now)
    known, more_problems = _known(question, found)
    if known != question:
        question, found = known, _find(known, now=now)
    problems += more_problems
    page_count = max(1, -(-found.count // PER_PAGE))
    is_past = question.number > page_count
    shown = [] if is_past else _products(found)
    facts = selectors.facts_of(shown, now=now)
    is_whole = question.is_plain and not problems and not is_past
    hub = "" if problems or is_past else said.hub_of_the_same(question)
    name = said.headline(question, found)
    return CataloguePage(
        title=_title(question, name),
        description=_description(question, name, found.count),
        canonical=hub or question.url,
        crumbs=_crumbs(question, name),
        is_indexed=is_whole or bool(hub),
        headline=name,
        question=question,
        problems=problems,
        first_filters=filters.first_filters(question, found, shopper=shopper()),
        filter_groups=filters.filter_groups(question, found, shopper=shopper()),
        orders=_orders(question, found.labels.get("use_case", {})),
        chips=said.chips(question, found, currency=shopper().currency),
        understood=said.understood(question, found),
        exits=said.exits(question, found, currency=shopper().currency),
        hub_name=said.hub(question, found)[0],
        hub_url=said.hub(question, found)[1],
        hits=products.hits(
            shown, facts, question, place=f"{'lproducts' if question.is_plain else 'lfound'}.{question.number}"
        ),
        columns=products.columns(question) if question.is_table else (),
        column_choices=products.column_choices(question) if question.is_table else (),
        count=found.count,
        pages=_pages(question, page_count),
        page_count=page_count,
        previous_url=question.on_page(min(question.number - 1, page_count)).url if question.number > 1 else "",
        next_url=question.on_page(question.number + 1).url if question.number < page_count else "",
        past_the_end=str(question.number) if is_past else "",
        cards_url=replace(question, is_table=False).url,
        table_url=replace(question, is_table=True).url,
    )


def _find(question: Question, *, now: datetime) -> Found:
    start = (question.number - 1) * PER_PAGE
    return find_products(question.asked(shopper()), start=start, size=PER_PAGE, now=now)


def _products(found: Found) -> list[Product]:
    rows = {row.pk: row for row in catalog.products().filter(pk__in=found.ids)}
    return [rows[pk] for pk in found.ids if pk in rows]


def _known(question: Question, found: Found) -> tuple[Question, tuple[str, ...]]:
    """The question without brands, merchants and uses that there are not, and a sentence for each."""
    problems, known = [], question
    for key, values in question.choices.items():
        facet = BY_KEY[key]
        if facet.is_open:
            unknown = [value for value in values if value not in found.labels.get(key, {})]
            problems += [no_such_value(facet, value) for value in unknown]
            for value in unknown:
                known = replace(known.without(key, value), number=question.number)
    use_cases = found.labels.get("use_case", {})
    if known.sort.startswith(SCORE_FOR) and known.sort.removeprefix(SCORE_FOR) not in use_cases:
        problems.append(no_such_order(known.sort))
        known = replace(known, sort="")
    return known, tuple(problems)


def _orders(question: Question, use_cases: Mapping[str, str]) -> tuple[Order, ...]:
    keys = {key: label for key, label in SORTS.items() if key != BY_MATCH or question.words}
    keys |= {f"{SCORE_FOR}{key}": f"Our score: {label.lower()}" for key, label in use_cases.items()}
    taken = replace(question, sort="").order
    return tuple(Order("" if key == taken else key, label, key == question.order) for key, label in keys.items())


def _pages(question: Question, count: int) -> tuple[PageLink, ...]:
    """The first, the last and those around; a gap of more than one page is a gap."""
    now = min(question.number, count)
    named = sorted({1, count, *range(max(1, now - 1), min(count, now + 1) + 1)})
    links: list[PageLink] = []
    for number in named:
        gap = number - links[-1].number if links else 1
        if gap == 2:
            links.append(PageLink(number - 1, question.on_page(number - 1).url))
        elif gap > 2:
            links.append(PageLink(0, ""))
        links.append(PageLink(number, question.on_page(number).url))
    return tuple(links) if count > 1 else ()


def _title(question: Question, name: str) -> str:
    base = f"All {name[0].lower()}{name[1:]}" if not question.is_narrowed else name
    if question.words:
        base = f"{name}: {question.words}"
    return base if question.number == 1 else f"{base}, page {question.number}"


def _description(question: Question, name: str, count: int) -> str:
    if not question.is_narrowed:
        return (
            "Every headphone and headset we know: filter by any spec, price, score or stock, and compare what is left."
        )
    return f"{name}: {count} found. Filter by any spec, price, score or stock, and compare what is left."


def _crumbs(question: Question, name: str) -> tuple[Crumb, ...]:
    crumbs = (home_crumb(), Crumb("Products", reverse("products")))
    return crumbs if question.is_plain or name == "Products" else (*crumbs, Crumb(name, question.url))
