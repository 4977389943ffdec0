"""How does a reader's remark get under an article, or in line for a moderator?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Max

from catalog.services.page_changes import announce
from partners.services.webhook_events import tell
from readers.mail_address import address_problem
from readers.services.addresses import remember_address
from reviews.comment_links import EDIT_WINDOW
from reviews.comment_senders import address_key
from reviews.comments import rules as comment_rules
from reviews.comments import text as comment_text
from reviews.comments.rules import RATE_WINDOW, Remark, Verdict
from reviews.models import Article, Author, Comment, CommentBan, CommentVote, CommentWord
from reviews.spam_filter import filter_in_force

# The same words count as sent before for so long.
REPEATED_WITHIN = timedelta(days=30)
_LOCK = 8_020_001


class CommentError(Exception):
    """It was not taken. `problems`: the form's field (or "") and a sentence that says what would do."""

    def __init__(self, problems: Sequence[tuple[str, str]], *, rule: str = "") -> None:
        super().__init__(" ".join(words for _, words in problems))
        self.problems = tuple(problems)
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentInput:
    """As it came. `answers` is the comment it answers; `network` the day's sum of `comment_senders`.

    A remark on a passage is written by `services.remarks`.
    """

    name: str
    text: str
    address: str = ""
    answers: int | None = None
    network: str = ""
    fills_the_trap: bool = False
    kind: str = Comment.Kind.COMMENT


@transaction.atomic
def write_comment(given: CommentInput, *, article: Article, now: datetime) -> Comment:
    """Shown or waiting, as the rules say. Raises `CommentError`."""
    name, text = _checked(given.name, given.text, given.address)
    answered = _answered(article, given.answers)
    _one_at_a_time()
    key = address_key(given.address)
    verdict, likeness = _judged(_remark(article, given, name, text, key, now=now), name, text)
    if verdict.refused is not None:
        raise CommentError([("", verdict.refused.words)], rule=verdict.refused.key)
    return _added(
        Comment(
            article=article,
            kind=given.kind,
            name=name,
            reader=remember_address(given.address) if key else None,
            address_key=key,
            network=given.network,
            written_at=now,
            likeness=likeness,
            **words_of(text),
            **_standing(verdict),
        ),
        answered,
    )


@transaction.atomic
def edit_comment(*, comment: Comment, text: str, now: datetime) -> Comment:
    """Its writer changes the words, within `EDIT_WINDOW`; the rules look at them anew. Raises `CommentError`."""
    _one_at_a_time()
    comment = Comment.objects.select_for_update().select_related("article").get(pk=comment.pk)
    if not may_be_edited(comment, now=now):
        raise CommentError([("", "It can be changed for 15 minutes after it was sent, and those are over.")])
    _, text = _checked(comment.name, text, "")
    if text == comment.text:
        return comment
    given = CommentInput(name=comment.name, text=text, network=comment.network)
    remark = _remark(comment.article, given, comment.name, text, comment.address_key, now=now, itself=comment.pk)
    verdict, likeness = _judged(remark, comment.name, text)
    if verdict.refused is not None:
        raise CommentError([("", verdict.refused.words)], rule=verdict.refused.key)
    for field, value in {**words_of(text), **_standing(verdict), "edited_at": now, "likeness": likeness}.items():
        setattr(comment, field, value)
    comment.save()
    announce(f"comments:{comment.article_id}")
    return comment


def may_be_edited(comment: Comment, *, now: datetime) -> bool:
    return (
        comment.state in (Comment.State.HELD, Comment.State.SHOWN)
        and now - comment.written_at < EDIT_WINDOW
        # What a moderator has read stays as it was read.
        and comment.decided_at is None
    )


@transaction.atomic
def vote_for_comment(*, comment_id: int, voter: str, now: datetime) -> bool:
    """Whether it counts: one vote a network, a comment and a day (UTC); of comments that are shown."""
    if not Comment.objects.filter(pk=comment_id, state=Comment.State.SHOWN).exists():
        return False
    _, is_new = CommentVote.objects.get_or_create(comment_id=comment_id, day=now.date(), voter=voter)
    if is_new:
        Comment.objects.filter(pk=comment_id).update(useful=F("useful") + 1)
    return is_new


def add_answer(comment: Comment, *, answered: Comment | None) -> Comment:
    """Put a comment that is not stored yet into its thread. Inside the caller's transaction."""
    _one_at_a_time()
    return _added(comment, answered)


def _added(comment: Comment, answered: Comment | None) -> Comment:
    if answered is not None:
        comment.parent_id = answered.parent_id or answered.pk
        comment.answered = answered
        comment.kind = answered.kind
        highest = Comment.objects.filter(parent_id=comment.parent_id).aggregate(most=Max("place"))["most"]
        comment.place = (highest or 0) + 1
    comment.save(force_insert=True)
    announce(f"comments:{comment.article_id}")
    if comment.state == Comment.State.SHOWN:
        tell("comment.published", comment.pk)
    return comment


def _one_at_a_time() -> None:
    """Who counts what waits and who adds to it are the same: fifty at once do not get past the bound together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _checked(name: str, text: str, address: str) -> tuple[str, str]:
    name, cleaned = comment_text.clean_name(name), comment_text.clean_text(text)
    problems = []
    if comment_text.is_blank(name):
        problems.append(("name", "Fill in a name to stand above your comment; it need not be your own."))
    elif (over := len(name) - comment_text.LONGEST_NAME) > 0:
        problems.append(("name", f"The name is {_characters(over)} too long: {comment_text.LONGEST_NAME} have room."))
    if comment_text.is_blank(cleaned):
        problems.append(("text", "Write something: the comment is empty."))
    elif (over := len(cleaned) - comment_text.LONGEST_TEXT) > 0:
        most = f"{comment_text.LONGEST_TEXT:,}"
        problems.append(("text", f"The comment is {_characters(over)} too long: {most} have room."))
    if address.strip() and (problem := address_problem(address.strip())):
        problems.append(("email", f"{problem} Or leave it out."))
    if problems:
        raise CommentError(problems)
    return name, cleaned


def _characters(number: int) -> str:
    return "1 character" if number == 1 else f"{number:,} characters"


def _answered(article: Article, answers: int | None) -> Comment | None:
    if answers is None:
        return None
    rows = Comment.objects.filter(article=article, state=Comment.State.SHOWN)
    found = rows.filter(pk=answers).first() if answers < 2**63 else None
    if found is None:
        raise CommentError(
            [("", "The comment you answer is no longer here. Send it as a comment of its own, or copy it.")],
            rule="answered",
        )
    return found


def _remark(
    article: Article, given: CommentInput, name: str, text: str, key: str, *, now: datetime, itself: int | None = None
) -> Remark:
    """What the rules ask for. A fixed number of queries."""
    others = Comment.objects.exclude(pk=itself or 0)
    same = set(
        others.filter(text_key=comment_text.text_key(text), written_at__gt=now - REPEATED_WITHIN)
        .exclude(state=Comment.State.DELETED)
        .values_list("article_id", flat=True)[:50]
    )
    lately: list[datetime] = []
    if given.network and itself is None:
        lately = list(
            others.filter(network=given.network, written_at__gt=now - RATE_WINDOW, user=None)
            .order_by("-written_at")
            .values_list("written_at", flat=True)[:50]
        )
    # What waited on another site already is not in the way of who writes here.
    held = others.filter(state=Comment.State.HELD, source_id="")
    words = list(CommentWord.objects.values_list("word", "act"))
    said = f"{name}\n{text}"
    bans = CommentBan.objects.filter(key__in=[one for one in (key, given.network) if one])
    return Remark(
        links=comment_text.count_links(said),
        held_words=comment_text.words_in(said, tuple(word for word, act in words if act == "hold")),
        refused_words=comment_text.words_in(said, tuple(word for word, act in words if act == "refuse")),
        is_known=bool(key) and others.filter(address_key=key, state=Comment.State.SHOWN).exists(),
        has_address=bool(key),
        bears_our_name=Author.objects.filter(name__iexact=comment_text.seen(name)).exists(),
        since_last=now - lately[0] if lately else None,
        lately=len(lately),
        is_repeated_here=article.pk in same,
        is_repeated_elsewhere=bool(same - {article.pk}),
        fills_the_trap=given.fills_the_trap,
        is_banned=any(ban.until is None or ban.until > now for ban in bans),
        waiting=held.count(),
        waiting_here=held.filter(article=article).count(),
    )


def _judged(remark: Remark, name: str, text: str) -> tuple[Verdict, int | None]:
    """What the rules say, with what was learned of spam; and how like spam it is in percent. Two queries."""
    spam_filter = filter_in_force()
    like = spam_filter.of(name, text)
    if like is not None and spam_filter.holds(like):
        remark = replace(remark, is_like_spam=True, spam_words=like.words)
    return comment_rules.judged(remark), like.percent if like else None


def words_of(text: str) -> dict[str, str]:
    """What is stored of a cleaned text."""
    return {"text": text, "html": comment_text.comment_html(text), "text_key": comment_text.text_key(text)}


def _standing(verdict: Verdict) -> dict[str, object]:
    return {
        "state": Comment.State.HELD if verdict.held else Comment.State.SHOWN,
        "reasons": [reason.words for reason in verdict.held],
    }
