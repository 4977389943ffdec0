"""What does a product's page show?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog import selectors as catalog
from catalog.alert_pages import AlertForm, alert_form
from catalog.deal import PRIOR_WINDOW, deal
from catalog.kinds import Kind
from catalog.models import Product, ProductCode
from catalog.prices.history import PriceHistory
from catalog.prices.statistics import WINDOWS
from catalog.reading import Condition
from catalog.shopper import DEFAULT_CURRENCY, shopper
from catalog.shown_offer import ShownOffer, Trouble, WithoutPrice
from catalog.spec_sheet import SPECS
from reviews import selectors, seo
from reviews.blocks.base import ProductFacts
from reviews.models import Article
from reviews.pages.compare_address import compare_url
from reviews.pages.deal_words import DealWords, deal_words
from reviews.pages.parts import (
    ArticleCard,
    Crumb,
    Drawing,
    Page,
    article_cards,
    drawing_of,
    home_crumb,
    hub_url,
    type_name,
)
from reviews.pages.price_chart import PriceChart, StatisticsLine, price_chart, since, statistics_lines
from reviews.pages.product_alternatives import LOOKED_AT, Alternatives, alternatives_of
from reviews.pages.product_scores import ProductScores, method_of_pages, product_scores
from reviews.pages.spec_lines import Source, SpecGroup, evidence_of, spec_groups, usual_source

CURRENCY = DEFAULT_CURRENCY
CHARTED = timedelta(days=90)
_WHY_WITHOUT = {
    WithoutPrice.TERMS: "this shop shows its price only itself",
    WithoutPrice.NOT_READ: "its price could not be read yet",
    WithoutPrice.TOO_OLD: "the price we last read is too old to be shown",
    WithoutPrice.NOT_SOLD: "it names no price at the moment",
    WithoutPrice.NO_PAGE: "its page does not lead to the item at the moment",
}
_TROUBLES = {
    Trouble.GONE: "The shop’s page for it is gone",
    Trouble.SOLD_OUT: "Sold out at the shop",
    Trouble.ELSEWHERE: "The shop’s address leads to another site",
    Trouble.UNSAID: "The shop’s page did not lead to the item",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    offer: ShownOffer
    placement: str

    @property
    def why_without(self) -> str:
        """Why no price stands here; empty when one does. What could not be read is never called sold out."""
        why = self.offer.without_price
        return "" if why is None else _WHY_WITHOUT[why]


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledRow:
    """An offer whose link leads nowhere: what is wrong, and where our links to it lead meanwhile."""

    offer: ShownOffer
    placement: str
    what: str
    checked_at: datetime
    led_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBox:
    title: str
    url: str
    author: str
    published_at: datetime
    standfirst: str
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeLink:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage(Page):
    facts: ProductFacts
    drawing: Drawing
    types: tuple[TypeLink, ...]
    offers: tuple[OfferRow, ...]
    troubled: tuple[TroubledRow, ...]
    chart: PriceChart | None
    statistics: tuple[StatisticsLine, ...]
    deal: DealWords | None
    groups: tuple[SpecGroup, ...]
    usual_source: Source | None
    unknown: tuple[str, ...]
    review: ReviewBox | None
    scores: ProductScores | None
    articles: tuple[ArticleCard, ...]
    alternatives: Alternatives
    # The page of comparisons, with this product on it.
    compare_url: str
    brand_url: str
    gtins: tuple[str, ...]
    mpns: tuple[str, ...]
    disclaimers: tuple[str, ...]
    # None where no shop that sells it allows alerts.
    alert: AlertForm | None = None
    currency: str = CURRENCY
    og_type: str = "product"

    @property
    def has_far_shops(self) -> bool:
        """Whether offers stand last because their shops do not deliver to the reader."""
        return any(row.offer.not_to for row in self.offers)

    @property
    def month(self) -> StatisticsLine | None:
        """The low of 30 days, or of the longest time below that we have been watching."""
        return next((line for line in reversed(self.statistics) if line.days <= PRIOR_WINDOW.days), None)

    @property
    def alternatives_disclose(self) -> bool:
        """Whether the first paid links are those of the alternatives, so that the disclosure has to stand there."""
        return not (self.offers or self.troubled) and any(card.offer for card in self.alternatives.cards)

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return seo.product_nodes(self)


def product_page(product: Product, *, now: datetime) -> ProductPage:
    """Needs brand and specs selected, codes and evidence prefetched."""
    pool = selectors.alternatives(product, limit=LOOKED_AT)
    facts_by_id = selectors.facts_of([product, *pool], now=now)
    method = method_of_pages()
    facts = facts_by_id[product.pk]
    articles = selectors.articles_showing(product)
    evidence = evidence_of(product, facts)
    usual = usual_source(evidence, facts)
    history = catalog.price_history(product.pk, since=now - max(WINDOWS))
    currency = _currency(history)
    return ProductPage(
        title=f"{facts.name}: specs and prices",
        description=_description(facts),
        canonical=facts.url,
        crumbs=_crumbs(product, facts),
        facts=facts,
        drawing=drawing_of(product),
        types=tuple(TypeLink(label=type_name(name), url=hub_url(name.kind, name)) for name in product.type_names),
        offers=tuple(
            OfferRow(offer=offer, placement=f"p{product.pk}.offers.{position}")
            for position, offer in enumerate(facts.offers, 1)
        ),
        troubled=_troubled(product.pk, len(facts.offers), now=now),
        chart=price_chart(since(history, now - CHARTED), now=now, currency=currency),
        statistics=statistics_lines(history, now=now, currency=currency),
        deal=_deal(history, facts.offers, now=now, currency=currency),
        groups=spec_groups(facts, evidence, usual),
        usual_source=usual,
        unknown=tuple(spec.label for spec in SPECS if facts.specs[spec.key].value is None),
        review=_review(product, articles),
        scores=product_scores(product.pk, method),
        articles=article_cards(articles),
        alternatives=alternatives_of(product, pool, facts_by_id, method=method, currency=shopper().currency),
        compare_url=compare_url([product.slug]),
        alert=alert_form(product, facts.offers, shopper()),
        currency=shopper().currency,
        brand_url=product.brand.get_absolute_url(),
        gtins=_codes(product, ProductCode.Scheme.GTIN),
        mpns=_codes(product, ProductCode.Scheme.MPN),
        disclaimers=tuple(dict.fromkeys(offer.disclaimer for offer in facts.offers if offer.disclaimer)),
    )


def _troubled(product_id: int, shown: int, *, now: datetime) -> tuple[TroubledRow, ...]:
    found = [
        (offer, offer.trouble) for offer in catalog.troubled_offers(product_id, now=now) if offer.trouble is not None
    ]
    return tuple(
        TroubledRow(
            offer=offer,
            placement=f"p{product_id}.offers.{position}",
            what=_TROUBLES[trouble.trouble],
            checked_at=trouble.checked_at,
            led_to=trouble.led_to,
        )
        for position, (offer, trouble) in enumerate(found, shown + 1)
    )


def _currency(history: Sequence[PriceHistory]) -> str:
    """That of the reader, where a history is known in it; prices of former days are never converted."""
    wanted = shopper().currency
    return wanted if any(one.currency == wanted for one in history) else CURRENCY


def _deal(
    history: Sequence[PriceHistory], offers: Sequence[ShownOffer], *, now: datetime, currency: str
) -> DealWords | None:
    """The verdict on the first offer that can be ordered new, at a price shown above, from a shop with a history."""
    ours = [(one.merchant, found) for one in history if one.currency == currency and (found := deal(one, now=now))]
    for offer in offers:
        if offer.not_to:
            continue
        if offer.price is None or offer.condition is not Condition.NEW or not offer.availability.can_be_ordered:
            continue
        for merchant, found in ours:
            # What the page shows and what the history ends with are the same, or nothing is said.
            if merchant == offer.merchant and found.amount == offer.price.amount:
                return deal_words(found)
    return None


def _description(facts: ProductFacts) -> str:
    said = facts.summary or f"{facts.name} ({facts.kind_label.lower()})."
    return f"{said} Specs with their sources, and the prices of {len(facts.offers)} offers."[:300]


def _crumbs(product: Product, facts: ProductFacts) -> tuple[Crumb, ...]:
    crumbs = [home_crumb()]
    if product.kind:
        kind = Kind(product.kind)
        crumbs.append(Crumb(kind.plural, hub_url(kind)))
        crumbs += [Crumb(type_name(name), hub_url(kind, name)) for name in product.type_names[:1]]
    return (*crumbs, Crumb(facts.name, facts.url))


def _review(product: Product, articles: list[Article]) -> ReviewBox | None:
    """The newest review of this product among the articles that show it."""
    for article in articles:
        if article.kind == Article.ArticleKind.REVIEW and article.subject_id == product.pk and article.published_at:
            return ReviewBox(
                title=article.shown["title"],
                url=article.get_absolute_url(),
                author=article.author.name,
                published_at=article.published_at,
                standfirst=article.shown["standfirst"],
                score=selectors.score_of(_content(article), article.subject_id),
            )
    return None


def _content(article: Article) -> Mapping[str, Any]:
    assert article.live_revision is not None
    content: Mapping[str, Any] = article.live_revision.content
    return content


def _codes(product: Product, scheme: str) -> tuple[str, ...]:
    return tuple(code.value for code in product.codes.all() if code.scheme == scheme)
