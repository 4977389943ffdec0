"""How is one comment drawn without its template being run for every page that shows it?"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from reviews.pages.comment_parts import ShownComment

register = template.Library()

# Of the longest comments these are some ten megabytes, of usual ones one.
_REMEMBERED = 500


@register.simple_tag
def drawn_comment(comment: ShownComment) -> SafeString:
    """A comment without its answers. What is equal looks alike, so it is drawn once; who edits templates sees each."""
    return _fresh(comment) if settings.DEBUG else _drawn(comment)


def _fresh(comment: ShownComment) -> SafeString:
    return render_to_string("reviews/comments_one.html", {"comment": comment})


_drawn = lru_cache(maxsize=_REMEMBERED)(_fresh)
