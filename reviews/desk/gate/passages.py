"""Which words that readers remarked on would be gone from the page?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet
from reviews.models import Comment, CommentPassage
from reviews.services.remarks import passages_to_lose

# So many are quoted, each by its first words; of the others the number is enough.
_QUOTED = 3
_LONGEST = 60


def remark_loses_place(sheet: Sheet) -> Iterator[Found]:
    """By block, as the words stood in it; of a block that is gone itself, for the page as a whole."""
    numbers = {block.key: block.number for block in sheet.blocks if block.key}
    lost: dict[int | None, list[CommentPassage]] = {}
    for row in passages_to_lose(article=sheet.article, content=sheet.content):
        lost.setdefault(numbers.get(row.now_block), []).append(row)
    for number, rows in sorted(lost.items(), key=lambda one: one[0] or 0):
        yield Found(number, _said(rows))


def _said(rows: Sequence[CommentPassage]) -> str:
    quoted = ", ".join(map(_quote, rows[:_QUOTED]))
    others = f" and {len(rows) - _QUOTED:,} more" if len(rows) > _QUOTED else ""
    if len(rows) == 1:
        lead, they = "the words of a reader’s remark are not there any more", "It is"
    else:
        lead, they = f"the words of {len(rows):,} readers’ remarks are not there any more", "They are"
    return (
        f"{lead}: {quoted}{others}. {they} kept, as on earlier wording. If a remark was right, make a correction of "
        "it, which thanks its writer."
    )


def _quote(row: CommentPassage) -> str:
    words = row.now_exact if len(row.now_exact) <= _LONGEST else f"{row.now_exact[:_LONGEST].rstrip()}…"
    waits = " (not decided on yet)" if row.comment.state == Comment.State.HELD else ""
    return f"“{words}”{waits}"
