"""Which of the threads about a working copy belong to one of its blocks, and which blocks have any?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from reviews.admin.draft_comments import Comments, Thread

register = template.Library()


@register.filter
def about(comments: Comments, key: str) -> tuple[Thread, ...]:
    """The threads about the block with this key; an empty key: about the article as a whole."""
    return comments.about(key or "")


@register.filter
def places(comments: Comments) -> list[tuple[str, str]]:
    """Every block that has threads, as (key, name) in the article's order, behind the article as a whole."""
    return comments.places()
