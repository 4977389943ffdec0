"""What does the page of a guide, a review or a "best of" show?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from catalog import selectors as catalog
from catalog.kept_query import asked_together
from catalog.shown_offer import ShownOffer
from reviews import own_links, selectors, seo, shown_pictures
from reviews.blocks.base import Heading, PictureFacts, ProductFacts, Surroundings
from reviews.blocks.faq import FaqView, Question
from reviews.blocks.pros_cons import ProsConsView
from reviews.blocks.video import VideoView
from reviews.corrections import ShownCorrection, corrections_of
from reviews.models import Article, Revision
from reviews.pages.article_blocks import (
    ShownBlock,
    Stored,
    contents_of,
    discloses,
    installed,
    own_links_in,
    picks_of,
    pictures_in,
    price_slugs_in,
    products_in,
    shown_blocks,
)
from reviews.pages.article_crumbs import crumbs_of
from reviews.pages.article_questions import article_questions
from reviews.pages.comment_parts import Comments
from reviews.pages.comments import article_comments
from reviews.pages.method_note import MethodNote, method_note, weighed
from reviews.pages.parts import (
    SECTION_NAMES,
    ArticleCard,
    Crumb,
    Drawing,
    Page,
    article_cards,
    drawing_about,
    drawing_of,
    markdown_url,
)
from reviews.pages.person_box import PersonBox, person_box
from reviews.pages.remark_parts import Remarks, article_remarks
from reviews.pages.weights import OwnWeights
from reviews.pages.weights_article import article_weights
from reviews.related_articles import related_articles
from reviews.shown_pictures import SharedPicture

CURRENCY = "USD"
_SECTION_WORDS = {"guide": "guides", "review": "reviews", "best_of": "best"}


@dataclass(frozen=True, slots=True)
class Change:
    """A revision, or (`correction`) something that was wrong until then."""

    at: datetime
    note: str
    correction: ShownCorrection | None = None


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
    # Whose weights its products' scores follow; None where the article has no use case.
    method: MethodNote | None
    # The list that readers weigh themselves, beside the editor's own order; None where there is nothing to weigh.
    weights: OwnWeights | None
    blocks: tuple[ShownBlock, ...]
    contents: tuple[Heading, ...]
    questions: tuple[Question, ...]
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    picks: tuple[ProductFacts, ...]
    # Every product that the subject or a block names, by the id it is named by.
    facts: Mapping[int, ProductFacts]
    changes: tuple[Change, ...]
    # Newest first; each stands among the changes too.
    corrections: tuple[ShownCorrection, ...]
    related: tuple[ArticleCard, ...]
    placement: str
    needs_disclosure: bool
    # Of an article that readers see; a draft has none.
    comments: Comments | None = None
    remarks: Remarks | None = None
    currency: str = CURRENCY
    og_type: str = "article"
    social_card: str = "img/cards/site.png"

    @property
    def is_revised(self) -> bool:
        """Whether it changed on a later day than that of its first publication."""
        return self.revised_at.date() > self.published_at.date()

    @property
    def markdown_url(self) -> str:
        return markdown_url(self.canonical)

    @property
    def offers(self) -> tuple[ShownOffer, ...]:
        """The subject's offers, in the table at the end of a review."""
        return self.subject.offers if self.subject else ()

    @property
    def frame_origins(self) -> tuple[str, ...]:
        """Where the players of its videos come from, once a reader asks for one: nobody else may fill a frame here."""
        return tuple(dict.fromkeys(one for block in self.blocks for one in getattr(block.view, "frame_origins", ())))

    @property
    def pictures(self) -> tuple[PictureFacts, ...]:
        """Of all its blocks, each once."""
        found = [one for block in self.blocks for one in getattr(block.view, "pictures", ())]
        return tuple({one.picture_id: one for one in found}.values())

    @property
    def videos(self) -> tuple[VideoView, ...]:
        return tuple(block.view for block in self.blocks if isinstance(block.view, VideoView))

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return seo.article_nodes(self)


def article_page(article: Article, *, now: datetime, weights: Sequence[str] = ()) -> ArticlePage:
    """The article as published; `weights` are a reader's own. Needs author, reviewer and live revision selected."""
    revision = article.live_revision
    assert revision is not None
    return page_of_content(article, revision.content, now=now, weights=weights)


def page_of_content(
    article: Article,
    content: Mapping[str, Any],
    *,
    now: datetime,
    weights: Sequence[str] = (),
    is_draft: bool = False,
) -> ArticlePage:
    """The page of any content in the form of `Revision.content`, for readers and, as a draft, for previews."""
    numbered = installed(content["blocks"])
    stored = [block for _, block in numbered]
    prices = catalog.ids_by_slug(price_slugs_in(stored))
    subject = content["article"]["subject"]
    ids = {*products_in(stored), *([subject] if subject else [])}
    with asked_together(*article_questions(article, {*ids, *prices.values()})):
        return _page(article, content, numbered, ids, prices, now=now, weights=weights, is_draft=is_draft)


def _page(
    article: Article,
    content: Mapping[str, Any],
    numbered: Sequence[tuple[int, Stored]],
    ids: Iterable[int],
    prices: Mapping[str, int],
    *,
    now: datetime,
    weights: Sequence[str],
    is_draft: bool,
) -> ArticlePage:
    told = content["article"]
    stored = [block for _, block in numbered]
    rows = catalog.kept_products({*ids, *prices.values()})
    facts = weighed(selectors.facts_by_id(rows, now=now), content)
    author, reviewer = selectors.people_of(article, told)
    url = reverse(f"article-{told['kind'].replace('_', '-')}", kwargs={"slug": told["slug"]})
    pictures = shown_pictures.pictures_of_page(pictures_in(stored), lead_id=told.get("picture"))
    priced = {slug: facts[pk] for slug, pk in prices.items() if pk in facts}
    surroundings = _surroundings(article, url, stored, facts, pictures.facts, priced, today=now.date())
    blocks = shown_blocks(numbered, surroundings)
    views = [block.view for block in blocks]
    own = article_weights(content, facts, weights, url=url)
    subject = facts.get(told["subject"]) if told["subject"] else None
    # What speaks for or against a rival is no word about the subject.
    notes = [view for view in views if isinstance(view, ProsConsView) and view.product in (None, subject)]
    published_at = article.published_at or now
    comments = None if is_draft else article_comments(article)
    corrections = corrections_of(article, is_draft=is_draft, today=timezone.localdate(now))
    section = Crumb(SECTION_NAMES[told["kind"]], reverse("articles", kwargs={"section": _SECTION_WORDS[told["kind"]]}))
    return ArticlePage(
        title=told["seo_title"] or told["title"],
        description=told["seo_description"] or told["standfirst"],
        canonical=url,
        crumbs=crumbs_of(told, section, url),
        is_indexed=not (own and (own.is_weighted or own.problems)),
        headline=told["title"],
        kind=told["kind"],
        kind_label=Article.ArticleKind(told["kind"]).label,
        section=section,
        standfirst=told["standfirst"],
        author=person_box(author),
        reviewer=person_box(reviewer) if reviewer else None,
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
        method=method_note(content),
        weights=own,
        blocks=blocks,
        contents=contents_of(views),
        questions=tuple(item for view in views if isinstance(view, FaqView) for item in view.items),
        pros=notes[0].pros if notes else (),
        cons=notes[0].cons if notes else (),
        picks=picks_of(stored, facts),
        facts=facts,
        changes=_changes(article, corrections),
        corrections=corrections,
        related=_related(article, told, ids),
        placement=surroundings.placement,
        comments=comments,
        remarks=_remarks(article, comments, blocks),
        needs_disclosure=not discloses(stored) and any(one.offers for one in facts.values()),
    )


def _surroundings(
    article: Article,
    url: str,
    stored: Sequence[Stored],
    facts: Mapping[int, ProductFacts],
    pictures: Mapping[int, PictureFacts],
    priced: Mapping[str, ProductFacts],
    *,
    today: date,
) -> Surroundings:
    return Surroundings(
        placement=f"a{article.pk}",
        today=today,
        disclosure_url=reverse("disclosure"),
        choose_url=reverse("choose"),
        how_we_work_url=reverse("how-we-work"),
        compare_url=reverse("compare"),
        page_url=url,
        links=own_links.own_addresses(own_links_in(stored)),
        products=facts,
        pictures=pictures,
        priced=priced,
    )


def _remarks(article: Article, comments: Comments | None, blocks: Sequence[ShownBlock]) -> Remarks | None:
    keys = [block.key for block in blocks]
    return article_remarks(article, total=comments.remarks, blocks=keys) if comments else None


def _related(article: Article, told: Mapping[str, Any], ids: Iterable[int]) -> tuple[ArticleCard, ...]:
    found = related_articles(article, ids, about_kind=told["about_kind"], about_type=told["about_type"])
    return article_cards(found, with_score=False)


def _changes(article: Article, corrections: Iterable[ShownCorrection]) -> tuple[Change, ...]:
    """Revisions and corrections, newest first; a correction stands at the end of its day."""
    found = [Change(row.created_at, row.note or _note(row)) for row in selectors.revisions_of(article)]
    found += [Change(datetime.combine(one.day, time.max, UTC), "", one) for one in corrections]
    return tuple(sorted(found, key=lambda change: change.at, reverse=True))


def _note(revision: Revision) -> str:
    return "First published." if revision.number == 1 else "Revised."
