"""What does the article's form show of the claims that are watched in it?"""

from __future__ import annotations

from django import template

from reviews.models import Article
from reviews.watch_list import WatchLine, watches_of

register = template.Library()


@register.simple_tag
def watch_lines(article: Article) -> list[WatchLine]:
    """Those that need an editor first. Four queries at most."""
    return watches_of(article)
