"""What do readers see of articles and products? Rows with everything a page needs, read once.

Each function runs a fixed number of queries, however many blocks, products or articles there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from catalog import selectors as catalog
from catalog.drawing import Looks, Shape, shape_of
from catalog.kept_query import KeptQuery, Question
from catalog.kinds import Kind, ProductType
from catalog.models import AudioSpecs, Brand, Offer, Product
from catalog.models.product import ProductQuerySet
from catalog.page_addresses import page_address
from catalog.page_tags import note
from catalog.shown_offer import ShownOffer
from reviews.blocks.base import ProductFacts
from reviews.blocks.scores import overall, shown_rows
from reviews.models import Article, Revision
from reviews.models.article import ArticleQuerySet
from reviews.models.author import Author
from reviews.score_table import default_overalls, default_scores_question
from reviews.shown_pictures import picture_facts as picture_facts
from reviews.spec_words import spec_facts


@dataclass(frozen=True, slots=True)
class ReviewOf:
    """The published review of a product; `score` is None when it gives none."""

    url: str
    title: str
    score: Decimal | None


# --- articles ----------------------------------------------------------------------------------------------------


def published_articles() -> ArticleQuerySet:
    """Newest first, with what a card shows of them."""
    note("articles")
    return published_cards()


def published_cards() -> ArticleQuerySet:
    """The same for who notes more closely what is shown of them."""
    return (
        Article.objects.published()
        .select_related("author", "live_revision", "subject__brand", "subject__specs")
        .order_by("-published_at", "-id")
    )


_published_one = KeptQuery(
    lambda *, kind, slug: (
        Article.objects.published()
        .filter(kind=kind, public_slug=slug)
        .select_related("author", "reviewer", "live_revision")
    )
)


def published_article(kind: str, slug: str) -> Article | None:
    found = next(iter(_published_one.rows(kind=kind, slug=slug)), None)
    if found is not None:
        note_article(found)
    return found


def moved_article(kind: str, slug: str) -> Article | None:
    """The published article that readers knew by this address before. One query, whatever the number of its moves."""
    return Article.objects.published().filter(former_addresses__kind=kind, former_addresses__slug=slug).first()


def renamed_article(slug: str) -> Article | None:
    """The published article that had this slug last, of whatever kind. One query."""
    rows = Article.objects.published().filter(former_addresses__slug=slug)
    return rows.order_by("-former_addresses__left_at").first()


def people_of(article: Article, told: Mapping[str, Any]) -> tuple[Author, Author | None]:
    """Author and reviewer as this content (`content["article"]`) names them, whatever the working copy says.

    Needs both selected. No query where the content names the same. Who was renamed since is found by the working copy.
    """
    known = {person.slug: person for person in (article.author, article.reviewer) if person}
    wanted = {told[name] for name in ("author", "reviewer") if told.get(name)}
    if wanted - known.keys():
        known |= {person.slug: person for person in Author.objects.filter(slug__in=wanted)}
    author = known.get(told["author"], article.author)
    reviewer = known.get(told["reviewer"], article.reviewer) if told.get("reviewer") else None
    note(f"author:{author.pk}", *([f"author:{reviewer.pk}"] if reviewer else []))
    return author, reviewer


def note_article(article: Article) -> None:
    """The page being built shows something of this article: its words, its author, the drawing of its subject."""
    note(f"article:{article.pk}", f"author:{article.author_id}", f"product:{article.subject_id}")


_revisions = KeptQuery(
    lambda *, article: (
        Revision.objects.filter(article_id=article)
        .only("number", "created_at", "note", "article_id")
        .order_by("-number")[:20]
    )
)


def revisions_question(article: Article) -> Question | None:
    """What `revisions_of` will ask, for `asked_together`."""
    return _revisions.of(article=article.pk)


def revisions_of(article: Article) -> list[Revision]:
    """Newest first, without their content."""
    return _revisions.rows(article=article.pk)


def articles_showing(product: Product) -> list[Article]:
    """Published articles whose live revision shows this product, newest first. One query."""
    note(f"reviews:{product.pk}")
    shows_it = Q(live_revision__products=product) | Q(live_revision__products__merged_into=product)
    return list(published_cards().filter(shows_it).distinct())


def articles_showing_brand(brand: Brand) -> ArticleQuerySet:
    """Published articles whose live revision shows a product of this brand, newest first."""
    note("articles")
    by_it = Q(live_revision__products__brand=brand) | Q(live_revision__products__merged_into__brand=brand)
    return published_cards().filter(Exists(Article.objects.filter(by_it, pk=OuterRef("pk"))))


def articles_about(kind: Kind, product_type: ProductType | None = None) -> ArticleQuerySet:
    rows = published_articles().filter(live_revision__content__article__about_kind__in=[kind.value, ""])
    return rows.filter(live_revision__content__article__about_type=product_type.value) if product_type else rows


def authors() -> QuerySet[Author]:
    return Author.objects.all()


def people_with_articles() -> list[tuple[Author, int]]:
    """Who wrote or checked a published article, each with the number they wrote; who wrote most first. Two queries."""
    note("articles")
    published = Article.objects.published()
    written = dict(published.order_by().values_list("author").annotate(Count("pk")))
    checked = published.filter(reviewer=OuterRef("pk"))
    rows = Author.objects.filter(Q(pk__in=written) | Exists(checked))
    return sorted(((row, written.get(row.pk, 0)) for row in rows), key=lambda pair: (-pair[1], pair[0].name))


# --- products ----------------------------------------------------------------------------------------------------


_reviews = KeptQuery(
    lambda *, products: (
        Article.objects.published()
        .filter(Q(subject_id__in=products) | Q(subject__merged_into__in=products), kind=Article.ArticleKind.REVIEW)
        .select_related("live_revision", "subject")
        .order_by("published_at", "id")
    )
)


def reviews_of(product_ids: Iterable[int]) -> dict[int, ReviewOf]:
    """The newest published review of each product. One query."""
    wanted = list(product_ids)
    note(*(f"reviews:{product_id}" for product_id in wanted))
    found: dict[int, ReviewOf] = {}
    for article in _reviews.rows(products=wanted):
        assert article.subject is not None
        assert article.live_revision is not None
        score = score_of(article.live_revision.content, article.subject.pk)
        note(f"reviews:{article.subject.pk}")
        reviewed = article.subject.merged_into_id or article.subject.pk
        found[reviewed] = ReviewOf(article.get_absolute_url(), article.shown["title"], score)
    return found


def score_of(content: Mapping[str, Any], product_id: int) -> Decimal | None:
    """The overall score that a published article computes for this product."""
    for block in content["blocks"]:
        if block["kind"] == "scores" and block["products"] == [product_id]:
            return overall(shown_rows(block["data"]))
    return None


def product_facts(product_ids: Iterable[int], *, now: datetime) -> dict[int, ProductFacts]:
    """Products as blocks and pages see them, by the id asked for: of a merged record, the kept one. Five queries."""
    return facts_by_id(catalog.kept_products(product_ids), now=now)


def product_questions(product_ids: Iterable[int]) -> tuple[Question | None, ...]:
    """What `product_facts` will ask about these, for `asked_together`, as long as none was merged into another."""
    wanted = list(product_ids)
    return *catalog.product_questions(wanted), _reviews.of(products=wanted), default_scores_question(wanted)


def facts_by_id(rows: Mapping[int, Product], *, now: datetime) -> dict[int, ProductFacts]:
    """The same for rows of `catalog.selectors.kept_products`. Four queries."""
    facts = facts_of({row.pk: row for row in rows.values()}.values(), now=now)
    return {asked: facts[row.pk] for asked, row in rows.items()}


def facts_of(products: Iterable[Product], *, now: datetime) -> dict[int, ProductFacts]:
    """The same for rows with brand and specs selected. Four queries beyond the rows' own."""
    rows = list(products)
    ids = [row.pk for row in rows]
    note(*(f"{what}:{product_id}" for product_id in ids for what in ("product", "scores")))
    offers = catalog.shown_offers(ids, now=now)
    reviews = reviews_of(ids)
    by_method = default_overalls(ids)
    return {row.pk: _facts(row, offers.get(row.pk, ()), reviews.get(row.pk), by_method.get(row.pk)) for row in rows}


def _facts(
    product: Product, offers: tuple[ShownOffer, ...], review: ReviewOf | None, by_method: Decimal | None
) -> ProductFacts:
    # What a review says counts as long as it stands: a link to it must not name another number than the review does.
    in_review = review.score if review else None
    return ProductFacts(
        product_id=product.pk,
        slug=product.slug,
        name=product.name,
        brand=product.brand.name,
        kind=product.kind or "",
        kind_label=Kind(product.kind).label if product.kind else "Kind not known",
        type_labels=tuple(name.label for name in product.type_names),
        url=product.get_absolute_url(),
        picture=page_address("picture", product.slug),
        summary=product.summary,
        is_discontinued=product.status == Product.Status.DISCONTINUED,
        specs=spec_facts(specs_of(product)),
        offers=offers,
        review_url=review.url if review else "",
        overall_score=by_method if in_review is None else in_review,
    )


def specs_of(product: Product) -> AudioSpecs | None:
    """None when nothing is known. Needs `specs` selected."""
    return getattr(product, "specs", None)


def shape(product: Product) -> Shape:
    """Which drawing stands for the product. Needs `specs` selected."""
    specs = specs_of(product)
    return shape_of(
        Looks(
            type=product.type,
            form_factor=specs.form_factor if specs else None,
            enclosure=specs.enclosure if specs else None,
            ears=specs.ears if specs else None,
            wireless=specs.wireless if specs else None,
        )
    )


def product_by_slug(slug: str) -> Product | None:
    found = catalog.products().filter(slug=slug).prefetch_related("codes", "evidence").first()
    if found is not None:
        note(f"product:{found.pk}")
    return found


def alternatives(product: Product, *, limit: int = 4) -> list[Product]:
    """Other current products of the same type: those with offers first, the newest of them first. One query."""
    if not product.type:
        return []
    note(f"type:{product.type}")
    return list(
        catalog.products_of(None, ProductType(product.type))
        .filter(status=Product.Status.CURRENT)
        .exclude(pk=product.pk)
        .annotate(has_offers=Exists(Offer.objects.buyable().filter(product=OuterRef("pk"))))
        .order_by("-has_offers", F("specs__release_year").desc(nulls_last=True), "brand__name", "model")[:limit]
    )


def most_covered(rows: ProductQuerySet, *, limit: int) -> list[Product]:
    """The current products that readers can do most with: reviewed ones first, then those with offers. One query."""
    # Who loses its last offer either stands here, and is noted, or stays behind those who do.
    note("articles")
    reviewed = Article.objects.published().filter(kind=Article.ArticleKind.REVIEW, subject=OuterRef("pk"))
    offered = Offer.objects.buyable().filter(product=OuterRef("pk"))
    return list(
        rows.filter(status=Product.Status.CURRENT)
        .annotate(is_reviewed=Exists(reviewed), has_offers=Exists(offered))
        .order_by("-is_reviewed", "-has_offers", "-specs__release_year", "brand__name", "model")[:limit]
    )
