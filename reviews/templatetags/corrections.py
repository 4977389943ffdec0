"""What does the article's form show of the article's corrections?"""

from __future__ import annotations

from django import template

from reviews import corrections
from reviews.models import Article

register = template.Library()


@register.simple_tag
def correction_lines(article: Article) -> list[corrections.CorrectionLine]:
    """Those that wait first. Two queries at most."""
    return corrections.correction_lines(article)
