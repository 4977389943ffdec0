"""Articles and blocks that the tests of the gate look at."""

from __future__ import annotations

from datetime import UTC, datetime

from catalog.models import Product
from reviews.desk.gate import Inspection, inspect
from reviews.models import Article
from reviews.services.articles import BlockInput
from reviews.services.drafts import draft_content

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def text(html: str = "<h2>First</h2><p>Words.</p>") -> BlockInput:
    return BlockInput("prose", {"html": html})


def card(product: Product, words: str = "Good.") -> BlockInput:
    return BlockInput("product_card", {"badge": "", "text": words}, [product])


def verdict(product: Product, words: str = "Buy it.") -> BlockInput:
    return BlockInput("verdict", {"title": "Verdict", "html": f"<p>{words}</p>"}, [product])


def told(words: str = "") -> BlockInput:
    return BlockInput("disclosure", {"text": words})


def inspected(article: Article, *, now: datetime = NOW) -> Inspection:
    """What the gate says of the working copy."""
    article.refresh_from_db()
    return inspect(article, draft_content(article), now=now)
