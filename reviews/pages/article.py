"""What does the page of a guide, a review or a "best of" show?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from catalog import selectors as catalog
from catalog.kinds import Kind, ProductType
from catalog.shown_offer import ShownOffer
from reviews import block_fields, rich_text, selectors, seo, shown_pictures
from reviews.block_numbers import numbers_of
from reviews.blocks import BLOCKS
from reviews.blocks.base import Heading, PictureFacts, ProductFacts, Surroundings
from reviews.blocks.faq import FaqView, Question
from reviews.blocks.pros_cons import ProsConsView
from reviews.models import Article, Revision
from reviews.models.author import Author
from reviews.named_products import named
from reviews.pages.parts import (
    SECTION_NAMES,
    ArticleCard,
    Crumb,
    Drawing,
    Page,
    article_cards,
    drawing_about,
    drawing_of,
    home_crumb,
    hub_url,
    type_name,
)
from reviews.shown_pictures import SharedPicture

CURRENCY = "USD"
_SECTION_WORDS = {"guide": "guides", "review": "reviews", "best_of": "best"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBox:
    name: str
    url: str
    role: str
    bio: str
    tests: tuple[str, ...]
    initials: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBlock:
    """`number` is the one its links are counted by (`reviews.block_numbers`)."""

    number: int
    kind: str
    template: str
    view: object


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage(Page):
    headline: str
    kind: str
    kind_label: str
    section: Crumb
    standfirst: str
    author: PersonBox
    reviewer: PersonBox | None
    published_at: datetime
    revised_at: datetime
    obtained: str
    subject: ProductFacts | None
    drawing: Drawing
    # The article's own picture, where it has one, stands instead of the drawing.
    lead: PictureFacts | None
    shared_picture: SharedPicture | None
    score: Decimal | None
    blocks: tuple[ShownBlock, ...]
    contents: tuple[Heading, ...]
    questions: tuple[Question, ...]
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    picks: tuple[ProductFacts, ...]
    # Every product that the subject or a block names, by the id it is named by.
    facts: Mapping[int, ProductFacts]
    changes: tuple[Change, ...]
    related: tuple[ArticleCard, ...]
    placement: str
    needs_disclosure: bool
    currency: str = CURRENCY
    og_type: str = "article"
    social_card: str = "img/cards/site.png"

    @property
    def is_revised(self) -> bool:
        """Whether it changed on a later day than that of its first publication."""
        return self.revised_at.date() > self.published_at.date()

    @property
    def offers(self) -> tuple[ShownOffer, ...]:
        """The subject's offers, in the table at the end of a review."""
        return self.subject.offers if self.subject else ()

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return seo.article_nodes(self)


def article_page(article: Article, *, now: datetime) -> ArticlePage:
    """The article as published. Needs author, reviewer and live revision selected."""
    revision = article.live_revision
    assert revision is not None
    return page_of_content(article, revision.content, now=now)


def page_of_content(article: Article, content: Mapping[str, Any], *, now: datetime) -> ArticlePage:
    """The page of any content in the form of `Revision.content`, for readers and for previews."""
    told = content["article"]
    numbered = _installed(content["blocks"])
    stored = [block for _, block in numbered]
    ids = {pk for block in stored for pk in block["products"]}
    if told["subject"]:
        ids.add(told["subject"])
    rows = catalog.kept_products(ids)
    facts = selectors.facts_by_id(rows, now=now)
    placement = f"a{article.pk}"
    url = reverse(f"article-{told['kind'].replace('_', '-')}", kwargs={"slug": told["slug"]})
    pictures = shown_pictures.pictures_of_page(_pictures(stored), lead_id=told.get("picture"))
    blocks = _blocks(numbered, facts, pictures.facts, placement=placement, page_url=url, now=now)
    views = [block.view for block in blocks]
    subject = facts.get(told["subject"]) if told["subject"] else None
    # What speaks for or against a rival is no word about the subject.
    notes = [view for view in views if isinstance(view, ProsConsView) and view.product in (None, subject)]
    published_at = article.published_at or now
    section = Crumb(SECTION_NAMES[told["kind"]], reverse("articles", kwargs={"section": _SECTION_WORDS[told["kind"]]}))
    return ArticlePage(
        title=told["seo_title"] or told["title"],
        description=told["seo_description"] or told["standfirst"],
        canonical=url,
        crumbs=_crumbs(told, section, url),
        headline=told["title"],
        kind=told["kind"],
        kind_label=Article.ArticleKind(told["kind"]).label,
        section=section,
        standfirst=told["standfirst"],
        author=person_box(article.author),
        reviewer=person_box(article.reviewer) if article.reviewer else None,
        published_at=published_at,
        revised_at=article.revised_at or published_at,
        obtained=Article.Obtained(told["obtained"]).label if told["obtained"] else "",
        subject=subject,
        drawing=(
            drawing_of(rows[told["subject"]]) if subject else drawing_about(told["about_kind"], told["about_type"])
        ),
        lead=pictures.lead,
        shared_picture=pictures.shared,
        score=selectors.score_of(content, told["subject"]) if subject else None,
        blocks=blocks,
        contents=_contents(views),
        questions=tuple(item for view in views if isinstance(view, FaqView) for item in view.items),
        pros=notes[0].pros if notes else (),
        cons=notes[0].cons if notes else (),
        picks=_picks(stored, facts),
        facts=facts,
        changes=tuple(Change(row.created_at, row.note or _note(row)) for row in selectors.revisions_of(article)),
        related=_related(article, told, ids),
        placement=placement,
        needs_disclosure=not _discloses(stored) and any(one.offers for one in facts.values()),
    )


def _related(article: Article, told: Mapping[str, Any], ids: Iterable[int]) -> tuple[ArticleCard, ...]:
    found = selectors.related_articles(article, ids, about_kind=told["about_kind"], about_type=told["about_type"])
    return article_cards(found, with_score=False)


def _crumbs(told: Mapping[str, Any], section: Crumb, url: str) -> tuple[Crumb, ...]:
    """Home, the hub it belongs to (else its section), itself."""
    middle = [section]
    if told["about_kind"]:
        kind = Kind(told["about_kind"])
        middle = [Crumb(kind.plural, hub_url(kind))]
        if told["about_type"] and ProductType(told["about_type"]).kind is kind:
            name = ProductType(told["about_type"])
            middle.append(Crumb(type_name(name), hub_url(kind, name)))
    return (home_crumb(), *middle, Crumb(told["title"], url))


def _installed(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    """The blocks whose kind we still know, each with its number.

    A kind may be removed after publication, and then the rest of the article is worth more than an error page. The
    numbers stay, since the places of links name them.
    """
    return [
        (number, block) for number, block in zip(numbers_of(blocks), blocks, strict=True) if block["kind"] in BLOCKS
    ]


def _blocks(
    numbered: Sequence[tuple[int, Mapping[str, Any]]],
    facts: Mapping[int, ProductFacts],
    pictures: Mapping[int, PictureFacts],
    *,
    placement: str,
    page_url: str,
    now: datetime,
) -> tuple[ShownBlock, ...]:
    links = selectors.own_addresses(_own_links(block for _, block in numbered))
    shown: list[ShownBlock] = []
    taken: set[str] = set()
    for number, block in numbered:
        here = Surroundings(
            placement=f"{placement}.{number}",
            today=now.date(),
            disclosure_url=reverse("disclosure"),
            page_url=page_url,
            links=links,
            heading_level=3 if taken else 2,
            taken_ids=frozenset(taken),
            pictures=pictures,
        )
        view = BLOCKS[block["kind"]].build(block["data"], _facts_in(block, facts), here)
        taken.update(heading.id for heading in headings_of(view))
        shown.append(ShownBlock(number=number, kind=block["kind"], template=f"blocks/{block['kind']}.html", view=view))
    return tuple(shown)


def _facts_in(block: Mapping[str, Any], facts: Mapping[int, ProductFacts]) -> list[ProductFacts]:
    """The products the block names, in order; two that became one are shown once."""
    return list({facts[pk].product_id: facts[pk] for pk in named(block)}.values())


def _pictures(stored: Iterable[Mapping[str, Any]]) -> set[int]:
    return {pk for block in stored for pk in block.get("pictures", ())}


def _own_links(stored: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        target
        for block in stored
        for text in block_fields.rich_texts(BLOCKS[block["kind"]].fields, block["data"])
        for target in rich_text.own_links(text)
    ]


def headings_of(view: object) -> tuple[Heading, ...]:
    headings: tuple[Heading, ...] = getattr(view, "headings", ())
    return headings


def _contents(views: Iterable[object]) -> tuple[Heading, ...]:
    """The headings of the second level; a page with fewer than three needs no list of them."""
    found = tuple(heading for view in views for heading in headings_of(view) if heading.level == 2 and heading.id)
    return found if len(found) >= 3 else ()


def _picks(stored: Iterable[Mapping[str, Any]], facts: Mapping[int, ProductFacts]) -> tuple[ProductFacts, ...]:
    """The products that have a card of their own, in order."""
    ids = [pk for block in stored if block["kind"] == "product_card" for pk in block["products"]]
    return tuple({facts[pk].product_id: facts[pk] for pk in ids}.values())


def _discloses(stored: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a disclosure stands before the first block that carries offers."""
    for block in stored:
        if block["kind"] == "disclosure":
            return True
        if BLOCKS[block["kind"]].carries_offers and block["products"]:
            return False
    return False


def _note(revision: Revision) -> str:
    return "First published." if revision.number == 1 else "Revised."


def person_box(author: Author) -> PersonBox:
    return PersonBox(
        name=author.name,
        url=author.get_absolute_url(),
        role=author.role,
        bio=author.bio,
        tests=tuple(author.tests),
        initials="".join(word[0] for word in author.name.split()[:2]).upper(),
    )
