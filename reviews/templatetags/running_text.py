"""How does a template print formatted text with live prices in it?"""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from reviews.blocks.base import BlockText, InlinePrice, SafeHtml

register = template.Library()


@register.simple_tag
def shown_text(text: BlockText) -> SafeString:
    """The pieces one behind the other; what came out of the sanitiser is printed as it is."""
    return mark_safe("".join(map(_printed, text.pieces)))  # noqa: S308 - each piece is escaped or sanitised


def _printed(piece: SafeHtml | InlinePrice) -> str:
    return inline_price(piece) if isinstance(piece, InlinePrice) else conditional_escape(piece)


@register.simple_tag
def inline_price(price: InlinePrice) -> SafeString:
    """Without space around it: a full stop may follow."""
    html = render_to_string("partials/inline_price.html", {"price": price})
    return mark_safe(html.strip())  # noqa: S308 - a template's own output
