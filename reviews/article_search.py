"""Which articles have these words, best first? PostgreSQL's full-text search over what was published."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from catalog.page_tags import note
from reviews import selectors
from reviews.models import Article
from reviews.models.search_words import SEARCH_CONFIG, SearchWords


@dataclass(frozen=True, slots=True)
class FoundArticles:
    """`some_words_only`: no article has all the words."""

    articles: tuple[Article, ...]
    some_words_only: bool = False


NOTHING = FoundArticles(())


def articles_with(words: str, *, limit: int) -> FoundArticles:
    """Those with all the words; where there are none, those with any. `"…"` and `-word` work. At most two queries."""
    note("articles")
    found = _matching(SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch"), limit)
    if found:
        return FoundArticles(found)
    any_word = SearchQuery(" or ".join(words.split()), config=SEARCH_CONFIG, search_type="websearch")
    return FoundArticles(_matching(any_word, limit), some_words_only=True)


def _matching(query: SearchQuery, limit: int) -> tuple[Article, ...]:
    rows = selectors.published_articles().annotate(words=SearchWords("live_revision__content")).filter(words=query)
    return tuple(rows.order_by(SearchRank(F("words"), query).desc(), "-published_at", "-id")[:limit])
