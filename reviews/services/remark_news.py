"""Who hears that a correction came of their remark, and what does the letter say?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from readers import news
from readers.consent import Topic
from readers.services.telling import tell_followers
from reviews.comment_senders import address_key
from reviews.models import Article, Comment, CommentBan, Correction
from reviews.services.comment_follows import follow

_LONGEST_TITLE = 90


def corrections_from(remark: Comment) -> Topic:
    """What comes of one remark, as something to follow."""
    title = remark.article.shown["title"]
    short = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
    label = f"Corrections that come of your remark on “{short}”"
    return Topic(
        key=f"remark:{remark.pk}",
        label=label,
        wording=f"Write to me once the article is corrected because of what I said: {label}. Each letter ends it with "
        "one press, and my address is used for nothing else.",
        version=1,
    )


def follow_remark(*, remark: Comment, address: str, now: datetime) -> None:
    """Its writer wishes to hear. An address that nobody confirmed is asked by one mail."""
    follow(topic=corrections_from(remark), address=address, asked_on=remark.article.get_absolute_url(), now=now)


def tell_of_corrections(corrections: Sequence[Correction], *, now: datetime) -> None:
    """Readers see these from now on. Within the transaction that publishes; safe to repeat."""
    for correction in corrections:
        if correction.remark_id is not None:
            tell_followers(
                topics=[f"remark:{correction.remark_id}"], kind=CorrectionNews.kind, ref=str(correction.pk), now=now
            )


class CorrectionNews:
    """What a letter says of a correction, registered with `readers.news` by the app."""

    kind = "correction"

    def tell(self, items: Sequence[news.Item], *, now: datetime) -> Mapping[int, news.Told]:
        """Two queries. Nothing of an article that readers no longer see, nothing to an address that is banned."""
        rows = Correction.objects.filter(
            pk__in={int(item.ref) for item in items},
            revision__isnull=False,
            article__in=Article.objects.published(),
        ).select_related("article__live_revision")
        found = {row.pk: row for row in rows}
        keys = {item.id: address_key(item.address) for item in items}
        bans = CommentBan.objects.filter(kind=CommentBan.Kind.ADDRESS, key__in=set(keys.values()))
        banned = set(bans.values_list("key", flat=True))
        return {
            item.id: _told(found[int(item.ref)])
            for item in items
            if int(item.ref) in found and keys[item.id] not in banned
        }

    def change_url(self, key: str) -> str:
        return ""


def _told(row: Correction) -> news.Told:
    title = row.article.shown["title"]
    thanks = f" It stands there with your name: {row.credit}." if row.credit else ""
    return news.Told(
        title=f"Corrected because of you: “{title}”",
        subject=f"Your remark led to a correction: {title}",
        kicker="Correction",
        text=f"What was wrong: {row.wrong}\n\nWhat is right: {row.right}\n\nThank you for telling us.{thanks}",
        url=f"{settings.SITE_URL}{row.article.get_absolute_url()}#what-changed",
        url_words="See it under “What changed”",
    )
