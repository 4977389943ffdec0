"""What do the demo's readers say under its articles? A thread with the author's answer, and some that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from demo.accounts import USERNAME
from reviews.models import Article, Comment
from reviews.services.comment_decisions import answer_comment, decide_comment
from reviews.services.comments import CommentInput, vote_for_comment, write_comment
from reviews.services.remarks import PassageInput, write_remark

# The second is by an account of the demo, which can answer as its author.
_XM5, _JABRA = "sony-wh-1000xm5-review", "jabra-evolve2-65-review"
# Whose comments the demo's follower hears of.
REVIEW = _XM5
_COMMUTING = "best-headphones-for-commuting"


@dataclass(frozen=True, slots=True)
class Remark:
    """`hours` ago; `answers` is the name whose comment it answers. One that `waits` is left to the queue."""

    article: str
    name: str
    text: str
    hours: int
    answers: str = ""
    waits: bool = False
    reply: str = ""
    votes: int = 0
    # The words of the article that it is about, where it is a remark on a passage.
    passage: str = ""


REMARKS = (
    Remark(
        _JABRA,
        "Marit",
        "Two years of calls with mine. The cushions flake where the **hinge** rubs; new ones took five minutes.",
        90,
        votes=7,
        reply="Thank you, that is worth knowing. We look at our own pair when it turns two, and will say so here.",
    ),
    Remark(_JABRA, "Jonas K.", "Which ones? The pair I was sent did not click in.", 60, answers="Marit", votes=1),
    Remark(
        _XM5,
        "נועה",
        "נוחות מאוד גם עם משקפיים.",
        40,
        votes=2,
    ),
    Remark(
        _XM5,
        "Priya",
        "> No case that folds small\n\nThat is what sent mine back. A coat pocket is a coat pocket.",
        20,
        votes=4,
    ),
    Remark(
        _COMMUTING, "Tomasz", "On the tram I would rather hear the doors. *Transparency* should count for more.", 30
    ),
    Remark(
        _COMMUTING,
        "BestDeals4U",
        "Great list! Cheaper here: https://deals.example/a and https://deals.example/b",
        5,
        waits=True,
    ),
    Remark(
        _XM5,
        "Oskar",
        "Mine shows 26 to 27 hours on the clock, with cancelling on and calls in between. Rated is rated.",
        26,
        votes=3,
        passage="The maker rates the battery at thirty hours with cancelling on",
        reply="Good to have. We print the maker's figure as his and would be glad of more clocks like yours.",
    ),
    Remark(
        _XM5,
        "Aylin",
        "Thin, yes, but it is the *pads* that press the arms of my glasses after an hour.",
        12,
        passage="The pads are soft and the band is thin",
    ),
    Remark(
        _XM5,
        "Piet",
        "Is the cable in the box or sold beside it? It reads as if it came along.",
        1,
        waits=True,
        passage="There is a 3.5 mm socket and a cable for the seat-back screen",
    ),
    Remark(_XM5, "Lena", "Do they pair with two phones at once, or with a phone and a laptop only?", 2, waits=True),
)


@transaction.atomic
def fill_remarks(*, now: datetime) -> int:
    """How many comments came in; 0 where there are any, or the articles are not there."""
    articles = {row.slug: row for row in Article.objects.published().filter(slug__in=[_XM5, _JABRA, _COMMUTING])}
    editor = get_user_model().objects.filter(username=USERNAME).first()
    if editor is None or len(articles) < 3 or Comment.objects.exists():
        return 0
    made: dict[str, Comment] = {}
    for number, remark in enumerate(REMARKS):
        at = now - timedelta(hours=remark.hours)
        answered = made.get(remark.answers)
        given = CommentInput(
            name=remark.name,
            text=remark.text,
            address=f"reader{number}@readers.example",
            answers=answered.pk if answered else None,
        )
        comment = made[remark.name] = _written(remark, given, articles[remark.article], now=at)
        if remark.waits:
            continue
        made[remark.name] = decide_comment(comment_id=comment.pk, state="shown", by=editor, now=at)
        for voter in range(remark.votes):
            vote_for_comment(comment_id=comment.pk, voter=f"demo{voter}", now=now)
        if remark.reply:
            author = articles[remark.article].author.user or editor
            answer_comment(comment=made[remark.name], text=remark.reply, by=author, now=at + timedelta(hours=3))
    return len(made)


def _written(remark: Remark, given: CommentInput, article: Article, *, now: datetime) -> Comment:
    if not remark.passage:
        return write_comment(given, article=article, now=now)
    passage = PassageInput(block="", exact=remark.passage)
    return write_remark(given, passage, article=article, may_credit=True, now=now)
