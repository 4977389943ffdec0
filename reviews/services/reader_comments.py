"""What do comments keep about a mail address, and how does its owner get or erase it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.services.page_changes import announce
from reviews.comment_senders import address_key
from reviews.models import Comment, CommentBan, CommentPassage, Correction
from reviews.services.spam_lessons import unlearn


class CommentData:
    """Registered with `readers.personal_data` by the app."""

    key = "comments"
    label = "Your comments"
    stays = "What you said under articles stays there, under the name “A reader” and tied to nobody."

    def export(self, address: str) -> Sequence[Mapping[str, Any]]:
        rows = Comment.objects.filter(address_key=address_key(address)).select_related("article", "passage")
        return [
            {
                "article": row.article.title,
                "name": row.name,
                "text": row.text,
                "state": row.state,
                "written_at": row.written_at,
                "edited_at": row.edited_at,
                **_of_a_remark(row),
            }
            for row in rows
        ]

    def erase(self, address: str, *, now: datetime) -> int:
        """Comments become nobody's, and corrections thank nobody by name; comments that are not shown go.

        A ban stays: it holds no name after this.
        """
        key = address_key(address)
        unlearn(address_key=key, now=now)
        mine = Comment.objects.filter(address_key=key)
        CommentPassage.objects.filter(comment__in=mine).update(may_credit=False)
        thanked = Correction.objects.filter(remark__in=mine).exclude(credit="")
        for article in set(thanked.values_list("article_id", flat=True)):
            announce(f"article:{article}")
        thanked.update(credit="")
        gone, _ = mine.exclude(state=Comment.State.SHOWN).delete()
        CommentBan.objects.filter(kind=CommentBan.Kind.ADDRESS, key=key).update(name="A reader")
        return gone + mine.update(name="A reader", reader=None, address_key="", network="")


def _of_a_remark(row: Comment) -> dict[str, Any]:
    passage = getattr(row, "passage", None)
    return {"passage": passage.exact, "may_be_thanked": passage.may_credit} if passage else {}
