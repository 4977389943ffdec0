"""Is everything done that makes an article found, trusted and kept up?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from reviews.desk.gate.pictures import picture_places
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet
from reviews.models import Article, UseCase

# What search results have room for, by their usual width.
TITLE_FITS = 60
DESCRIPTION_FITS = 160
OLD_AFTER = timedelta(days=365)
# The kinds that rank or score by the weights of a use case.
_WEIGHED = frozenset({"scores", "comparison", "quick_picks", "product_card"})


def title_long(sheet: Sheet) -> Iterator[Found]:
    title = sheet.page.title
    if len(title) > TITLE_FITS:
        yield Found(
            None, f"the title for search engines has {len(title)} characters; about {TITLE_FITS} are shown. Shorten it."
        )


def description_long(sheet: Sheet) -> Iterator[Found]:
    said = sheet.page.description
    if len(said) > DESCRIPTION_FITS:
        yield Found(
            None,
            f"the description for search engines has {len(said)} characters; about {DESCRIPTION_FITS} are shown. "
            "Write a shorter one.",
        )


def picture_none(sheet: Sheet) -> Iterator[Found]:
    if not picture_places(sheet):
        yield Found(None, "the article has no picture of its own. Show at least one.")


def reviewer_missing(sheet: Sheet) -> Iterator[Found]:
    if sheet.article.reviewer_id is None:
        yield Found(None, "nobody is named who checked the article. Fill in the reviewer.")


def use_case_unused(sheet: Sheet) -> Iterator[Found]:
    wanted = sheet.told.get("use_case", sheet.article.use_case)
    if not wanted:
        return
    if not UseCase.objects.filter(key=wanted, version__state="active").exists():
        yield Found(None, f"the scoring method has no use case “{wanted}” (any more). Choose one that it has.")
    elif not any(block.kind in _WEIGHED for block in sheet.blocks):
        yield Found(None, f"the use case “{wanted}” is chosen, and no block scores or ranks by it. Add one.")


def article_old(sheet: Sheet) -> Iterator[Found]:
    """Only what readers see: a new article is not old."""
    article = sheet.article
    last = article.revised_at or article.published_at
    if article.status == Article.Status.PUBLISHED and last and sheet.now - last > OLD_AFTER:
        yield Found(None, f"the article was last revised on {last:%-d %B %Y}. Read it again, and revise or confirm it.")
