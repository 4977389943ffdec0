"""Who wants to hear of comments, and which comments are to be told to them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from readers import news
from readers.consent import Topic
from readers.networks import may_network_ask
from readers.services.follows import ask_to_follow
from readers.services.telling import tell_followers
from readers.tasks import send_confirmation
from reviews.comment_senders import address_key
from reviews.models import Article, Comment, CommentBan
from reviews.services.comments import CommentError

# What is older when it becomes readable (brought from elsewhere, say) is no news.
FRESH = timedelta(days=14)
_BATCH = 500
_QUOTED = 600
_TOO_MANY = (
    "From your network so many asked today to be told that no more mail is sent for it. Send the comment without that "
    "wish, and ask again tomorrow under the article."
)

_TAKE = """
    DELETE FROM reviews_showncomment WHERE id IN (
        SELECT id FROM reviews_showncomment ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING comment_id
"""


def all_of(article: Article) -> Topic:
    """All comments under an article, as something to follow."""
    label = f"All comments under “{_short(article.shown['title'])}”"
    return Topic(key=f"comments:{article.pk}", label=label, wording=_wording(label), version=1)


def answers_to(comment: Comment) -> Topic:
    """What answers one comment, in its thread."""
    label = f"Answers to your comment under “{_short(comment.article.shown['title'])}”"
    return Topic(key=f"answers:{comment.pk}", label=label, wording=_wording(label), version=1)


def _wording(label: str) -> str:
    return (
        f"Write to me when there is something new: {label}. I choose how often on a page of my own, each letter ends "
        "it with one press, and my address is used for nothing else."
    )


def _short(title: str) -> str:
    return title if len(title) <= 100 else f"{title[:99]}…"


def follow(*, topic: Topic, address: str, asked_on: str, now: datetime) -> None:
    """Begins at once at an address that its owner confirmed before; else one mail asks. Never at a banned one."""
    if CommentBan.objects.filter(kind=CommentBan.Kind.ADDRESS, key=address_key(address)).exists():
        return
    asked = ask_to_follow(address=address, topic=topic, asked_on=asked_on, now=now)
    if asked.wants_mail and asked.consent is not None:
        transaction.on_commit(partial(send_confirmation.delay, asked.consent.pk))


@contextmanager
def wish_checked(tell: str, *, address: str, sender: str, now: datetime) -> Iterator[None]:
    """Around the storing of a comment: it stays where what its form asks for can be done. Raises `CommentError`.

    A comment that is refused has no mail sent, so it takes none of what its network may ask in a day. `sender`: an IP
    address.
    """
    is_wished = tell in ("answers", "all")
    if is_wished and not address.strip():
        raise CommentError([("email", "To be told by mail, fill in your address; or choose to be told nothing.")])
    with transaction.atomic():
        yield
        if is_wished and not may_network_ask(sender, now=now):
            raise CommentError([("tell", _TOO_MANY)], rule="rate")


def follow_as_wished(tell: str, *, comment: Comment, address: str, now: datetime) -> None:
    """What was chosen in the form of a comment that was taken."""
    if tell in ("answers", "all"):
        topic = all_of(comment.article) if tell == "all" else answers_to(comment)
        follow(topic=topic, address=address, asked_on=comment.article.get_absolute_url(), now=now)


@transaction.atomic
def tell_of_comments(*, now: datetime) -> int:
    """Notes for their followers the comments that became readable; how many those are. Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [_BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    shown = Comment.objects.filter(pk__in=ids, state=Comment.State.SHOWN, written_at__gt=now - FRESH)
    for comment in shown.order_by("pk"):
        answered = dict.fromkeys(one for one in (comment.answered_id, comment.parent_id) if one)
        tell_followers(
            topics=[*(f"answers:{one}" for one in answered), f"comments:{comment.article_id}"],
            kind=CommentNews.kind,
            ref=str(comment.pk),
            now=now,
            but_not=[comment.reader_id] if comment.reader_id else [],
        )
    return len(ids)


class CommentNews:
    """What a letter says of a comment, registered with `readers.news` by the app."""

    kind = "comment"

    def tell(self, items: Sequence[news.Item], *, now: datetime) -> Mapping[int, news.Told]:
        """Two queries. Nothing of a comment that is not shown (any more), nothing to an address that is banned."""
        numbers = {int(item.ref) for item in items}
        rows = Comment.objects.filter(
            pk__in=numbers, state=Comment.State.SHOWN, article__in=Article.objects.published()
        ).select_related("article__live_revision")
        comments = {row.pk: row for row in rows}
        keys = {item.id: address_key(item.address) for item in items}
        bans = CommentBan.objects.filter(kind=CommentBan.Kind.ADDRESS, key__in=set(keys.values()))
        banned = set(bans.values_list("key", flat=True))
        return {
            item.id: _told(comments[int(item.ref)], is_answer=item.topic.startswith("answers:"))
            for item in items
            if int(item.ref) in comments and keys[item.id] not in banned
        }

    def change_url(self, key: str) -> str:
        return ""


def _told(comment: Comment, *, is_answer: bool) -> news.Told:
    title = comment.article.shown["title"]
    said = comment.text if len(comment.text) <= _QUOTED else f"{comment.text[:_QUOTED]} …"
    what = f"{comment.name} answered under “{title}”" if is_answer else f"{comment.name} on “{title}”"
    thread = (
        f"{settings.SITE_URL}{comment.article.get_absolute_url()}comments/?thread={comment.parent_id or comment.pk}"
    )
    return news.Told(
        title=what,
        subject=f"Answer from {comment.name}: {title}" if is_answer else f"Comment by {comment.name}: {title}",
        kicker="Answer" if is_answer else "Comment",
        text=said,
        url=f"{thread}#comment-{comment.pk}",
        url_words="Read it in its thread, or answer",
    )
