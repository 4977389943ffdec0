"""How do the demo's authors, articles and accounts get in without undoing what an editor did since?"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from catalog.models import Product
from demo import accounts, content
from demo.content import ContentError
from demo.drawn_pictures import picture_named
from demo.referred_products import slugs_in, with_ids
from reviews.desk.publishing import publish_article
from reviews.models import Article, Author
from reviews.services.articles import ArticleError, BlockInput, save_article
from reviews.services.authors import save_author
from reviews.services.drafts import draft_content, is_same


def fill_authors() -> int:
    """Authors that are not there yet; how many that were. One that is there may have been edited and stays."""
    present = set(Author.objects.values_list("slug", flat=True))
    missing = [author for author in content.authors() if author.slug not in present]
    for author in missing:
        try:
            save_author(
                slug=author.slug,
                name=author.name,
                role=author.role,
                bio=author.bio,
                # Not as fields tested in: nobody tested anything for the demo, and its pages must not say so.
                credentials=f"{author.credentials} Writes about {', '.join(author.fields).lower()}.",
            )
        except ValidationError as error:
            raise ContentError(
                f"Author “{author.slug}” in {content.AUTHORS.name}: {' '.join(error.messages)}"
            ) from error
    return len(missing)


def fill_articles() -> int:
    """Articles as their files have them, published; how many of them changed for readers.

    All drafts come first, because articles link to each other. An article that an editor has touched stays as it is.
    """
    texts = content.articles()
    present = {
        article.slug: article for article in Article.objects.select_related("author", "reviewer", "live_revision")
    }
    authors = {author.slug: author for author in Author.objects.all()}
    products = {product.slug: product for product in Product.objects.filter(slug__in=_product_slugs(texts))}
    drafts = [
        _draft(text, authors=authors, products=products)
        for text in texts
        if text.slug not in present or not _is_edited(present[text.slug])
    ]
    return sum(_published(article) for article in drafts)


def fill_accounts() -> int:
    return accounts.save_accounts()


def _product_slugs(texts: Iterable[content.ArticleText]) -> set[str]:
    blocks = [block for text in texts for block in text.blocks]
    shown = {slug for block in blocks for slug in block.products}
    shown |= {slug for block in blocks for slug in slugs_in(block.kind, block.data)}
    return shown | {text.subject for text in texts if text.subject}


def _is_edited(article: Article) -> bool:
    """True when a person's hand is in it: retired, on its way, published by somebody, or a draft unlike what is live.

    A draft that was never published is what a run that was cut short leaves behind: ours to finish.
    """
    if article.live_revision is None:
        return False
    return (
        article.status == Article.Status.RETIRED
        or article.stage != Article.Stage.WRITING
        or article.revisions.filter(created_by__isnull=False).exists()
        or not is_same(draft_content(article), article.live_revision.content)
    )


def _draft(text: content.ArticleText, *, authors: dict[str, Author], products: dict[str, Product]) -> Article:
    try:
        return save_article(
            slug=text.slug,
            kind=text.kind,
            title=text.title,
            standfirst=text.standfirst,
            author=authors[text.author],
            reviewer=authors[text.reviewer] if text.reviewer else None,
            subject=products[text.subject] if text.subject else None,
            obtained=text.obtained,
            about_kind=text.about_kind,
            about_type=text.about_type,
            use_case=text.use_case,
            seo_title=text.seo_title,
            seo_description=text.seo_description,
            picture=picture_named(text.picture),
            blocks=[
                BlockInput(
                    block.kind,
                    with_ids(block.kind, block.data, products),
                    [products[slug] for slug in block.products],
                )
                for block in text.blocks
            ],
        )
    except KeyError as error:
        raise ContentError(f"Article “{text.slug}” names {error}, which is neither an author nor a product.") from error
    except ArticleError as error:
        raise ContentError(f"Article “{text.slug}” does not fit:\n{error}") from error


def _published(article: Article) -> bool:
    before = article.live_revision
    if before is not None and is_same(draft_content(article), before.content):
        # What the shops did meanwhile may have broken a claim of it; that is for an editor to see, not for a start.
        return False
    try:
        publish_article(article=article)
    except ArticleError as error:
        raise ContentError(f"Article “{article.slug}” cannot be published:\n{error}") from error
    return article.live_revision != before
