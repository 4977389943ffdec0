"""How does what a reader said on the old site come to stand under the article here?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from reviews.comment_senders import address_key
from reviews.comments.moved_text import moved_text
from reviews.comments.text import LONGEST_NAME, clean_name
from reviews.models import Article, Comment
from reviews.services.comments import add_answer, words_of

_HELD = "It came from the old site, where nobody had approved it."
_NAMELESS = "A reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldComment:
    """`html` as the old site kept it, `source_id` its id there. The address is not kept, a keyed sum of it is: by that
    its owner gets or erases what they said."""

    source_id: str
    name: str
    html: str
    address: str
    written_at: datetime
    is_approved: bool


@transaction.atomic
def take_over_comment(old: OldComment, *, article: Article, answered: Comment | None) -> Comment | None:
    """In its thread, under its day and name. None where it is here already, or says nothing in words."""
    text = moved_text(old.html)
    if not text or Comment.objects.filter(article=article, source_id=old.source_id).exists():
        return None
    return add_answer(
        Comment(
            article=article,
            source_id=old.source_id,
            name=clean_name(old.name)[:LONGEST_NAME].strip() or _NAMELESS,
            address_key=address_key(old.address),
            state=Comment.State.SHOWN if old.is_approved else Comment.State.HELD,
            reasons=[] if old.is_approved else [_HELD],
            written_at=old.written_at,
            **words_of(text),
        ),
        answered=answered,
    )
