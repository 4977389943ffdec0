"""WHAT NEEDS AN EDITOR TODAY: a kind of work is one `Kind`, named here in the order in which ties are shown."""

from reviews.today.articles import AGEING_ARTICLES, COMMENTS, REVIEWS
from reviews.today.base import Kind
from reviews.today.comments import READERS_COMMENTS
from reviews.today.keys import ENDING_KEYS
from reviews.today.offers import BROKEN, HELD, STALE
from reviews.today.truth import CLAIMS, FINDINGS, WATCHES

KINDS: tuple[Kind, ...] = (
    REVIEWS,
    COMMENTS,
    READERS_COMMENTS,
    WATCHES,
    FINDINGS,
    BROKEN,
    HELD,
    STALE,
    CLAIMS,
    AGEING_ARTICLES,
    ENDING_KEYS,
)
