"""How do the marks of readers' remarks get into a block that knows nothing of them?"""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from reviews.pages.remark_parts import Remarks
from reviews.passages.marked_html import with_marks

register = template.Library()


@register.simple_block_tag
def marked(content: str, remarks: Remarks | None, key: str) -> SafeString:
    """The block as its template drew it, with a mark behind each passage that was remarked on."""
    marks = remarks.marks.get(key, ()) if remarks else ()
    return mark_safe(with_marks(content, marks))  # noqa: S308 - a template's output; marks are made by `format_html`
