"""What do the desk's forms show beside their fields? How a search result would look, counted while one types."""

from __future__ import annotations

from typing import Any

from django import template

from reviews.desk.search_snippet import snippet, snippet_of, table
from reviews.models import Article

register = template.Library()
_NOTHING = dict.fromkeys(("title", "seo_title", "seo_description", "standfirst", "slug"), "")


@register.inclusion_tag("admin/reviews/article/snippet.html")
def search_snippet(article: Article | None, is_live: bool = True) -> dict[str, Any]:
    """The search result of the working copy. `is_live`: it follows the fields of the form that it stands in."""
    found = snippet_of(article) if article is not None and article.pk else snippet(_NOTHING, kind="", article_id=None)
    return {"snippet": found, "is_live": is_live, "table": table() if is_live else None, "article": article}
