"""How would readers see this content? Its page as they would get it; nothing is published by looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from reviews.blocks import BLOCKS
from reviews.models import Article
from reviews.named_products import named
from reviews.pages.article import ArticlePage, page_of_content
from reviews.preview_html import uncounted

TEMPLATE = "reviews/article.html"
# What a browser, a proxy and a search engine are asked: to keep nothing of it and to tell nobody where it was.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def preview_page(article: Article, content: Mapping[str, Any], *, now: datetime) -> ArticlePage:
    """The page of a content in the form of `Revision.content`; `article` has author and reviewer selected.

    A block that does not fit cannot be drawn and is left out: what the gate says of it names it.
    """
    showable = {**content, "blocks": [block for block in content["blocks"] if _fits(block)]}
    return replace(page_of_content(article, showable, now=now, is_draft=True), is_indexed=False, canonical="")


def preview_html(page: ArticlePage, *, template: str = TEMPLATE, extra: Mapping[str, Any] | None = None) -> str:
    """The page's HTML, in which no click counts."""
    return uncounted(render_to_string(template, {"page": page, **(extra or {})}))


def _fits(content: Mapping[str, Any]) -> bool:
    block = BLOCKS.get(content["kind"])
    return block is not None and not block.fit(content["data"], product_count=len(named(content)))[1]
