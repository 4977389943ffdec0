"""What does a moderator see of the comments that wait: whose, since when, why, and how like spam?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.urls import reverse

from reviews.models import Comment, CommentPassage
from reviews.rich_text import SafeHtml
from reviews.spam_filter import SpamFilter, filter_in_force

SHOWN_AT_ONCE = 20
DECISIONS_SHOWN = 15
# By the word in the address: what it is called, and the columns.
ORDERS: dict[str, tuple[str, tuple[str | OrderBy, ...]]] = {
    "oldest": ("Waiting longest first", ("written_at", "pk")),
    "least": ("Least like spam first", (F("likeness").asc(nulls_first=True), "written_at", "pk")),
    "most": ("Most like spam first", (F("likeness").desc(nulls_last=True), "written_at", "pk")),
}
# From here on it is said beside a comment; what is less likely says nothing to anybody.
_WORTH_SAYING = 60
# A browser leads to words in a page by so many of them: https://wicg.github.io/scroll-to-text-fragment/
_IN_AN_ADDRESS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingComment:
    """`following`: the number of the next one, which is marked after this one was decided; empty at the end."""

    pk: int
    name: str
    html: SafeHtml
    article: str
    article_url: str
    answers: str
    waits: str
    written_at: datetime
    reasons: Sequence[str]
    with_address: str
    like_spam: str
    following: str
    # Of a remark: the words it is about, where they stand today, the page at them, and where a correction is made.
    passage: str = ""
    place: str = ""
    place_url: str = ""
    correct_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    pk: int
    name: str
    text: str
    verdict: str
    reason: str
    by: str
    at: datetime
    can_be_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """`just_now`: what the last press decided, to be taken back with one."""

    waiting: Sequence[WaitingComment]
    total: int
    order: str
    orders: Sequence[Order]
    just_now: Sequence[Decided]
    decided: Sequence[Decided]


def queue_page(*, now: datetime, order: str = "oldest", just_now: Sequence[int] = ()) -> QueuePage:
    """A fixed number of queries. An `order` that is none is the first one."""
    chosen = order if order in ORDERS else "oldest"
    held = Comment.objects.filter(state=Comment.State.HELD)
    rows = list(
        held.select_related("article", "answered", "reader", "passage").order_by(*ORDERS[chosen][1])[:SHOWN_AT_ONCE]
    )
    spam = filter_in_force()
    decided = Comment.objects.exclude(decided_at=None).select_related("decided_by").order_by("-decided_at")
    undoable = decided.filter(pk__in=just_now[:SHOWN_AT_ONCE]).exclude(state_before="")
    return QueuePage(
        waiting=[
            _waiting(row, spam, now=now, following=str(after.pk) if after else "")
            for row, after in zip(rows, [*rows[1:], None], strict=False)
        ],
        total=held.count(),
        order=chosen,
        orders=[Order(key=key, label=label, is_chosen=key == chosen) for key, (label, _) in ORDERS.items()],
        just_now=[_decided(row, at) for row in undoable if (at := row.decided_at)] if just_now else [],
        decided=[_decided(row, at) for row in decided[:DECISIONS_SHOWN] if (at := row.decided_at)],
    )


def _waiting(row: Comment, spam: SpamFilter, *, now: datetime, following: str) -> WaitingComment:
    with_address = "without an address"
    if row.address_key:
        is_confirmed = row.reader is not None and row.reader.confirmed_at is not None
        with_address = "with a confirmed address" if is_confirmed else "with an address that nobody has confirmed"
    return WaitingComment(
        pk=row.pk,
        name=row.name,
        html=SafeHtml(row.html),
        article=row.article.title,
        article_url=row.article.get_absolute_url(),
        answers=f"{row.answered.name}: {row.answered.text[:200]}" if row.answered else "",
        waits=_waits(now - row.written_at),
        written_at=row.written_at,
        reasons=row.reasons,
        with_address=with_address,
        like_spam=_like_spam(row, spam),
        following=following,
        **_passage(row),
    )


def _passage(row: Comment) -> dict[str, str]:
    passage = getattr(row, "passage", None)
    if passage is None:
        return {}
    now = quote(passage.now_exact[:_IN_AN_ADDRESS])
    is_gone = passage.state == CommentPassage.State.ORPHANED
    return {
        "passage": passage.exact,
        "place": f"{passage.get_state_display()}: “{passage.now_exact}”" if passage.now_exact != passage.exact else "",
        "place_url": row.article.get_absolute_url() + ("" if is_gone else f"#:~:text={now}"),
        "correct_url": f"{reverse('admin:reviews_correction_add')}?remark={row.pk}",
    }


def _like_spam(row: Comment, spam: SpamFilter) -> str:
    like = spam.of(row.name, row.text)
    if like is None or like.percent < _WORTH_SAYING:
        return ""
    words = f", above all by “{'”, “'.join(like.words)}”" if like.words else ""
    return f"{like.percent} % like what you called spam{words}"


def _decided(row: Comment, at: datetime) -> Decided:
    return Decided(
        pk=row.pk,
        name=row.name,
        text=row.text[:120],
        verdict=row.get_state_display(),
        reason=row.decision,
        by=row.decided_by.get_username() if row.decided_by else "—",
        at=at,
        can_be_undone=bool(row.state_before),
    )


def _waits(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {word}{'' if number == 1 else 's'}"
    return "less than a minute"
