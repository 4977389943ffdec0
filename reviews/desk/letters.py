"""What is written to a colleague about a step of an article or a comment on it? Plain text, to one person at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from reviews.models import Article, DraftComment, StageChange
from reviews.steps import taken_by, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the templates of `reviews/mail/` see. Times are in the site's time zone and name it."""

    who: str
    told: str
    title: str
    note: str
    because: str
    desk_url: str
    switch_url: str
    quote: str = ""
    appears: str = ""
    public_url: str = ""


def tell_of_step(*, change_id: int, user_id: int) -> bool:
    """Writes to this user about this step; False: there is nobody to write to. Raises what the mail server raises."""
    rows = StageChange.objects.select_related("article__author", "article__live_revision", "changed_by")
    change, user = rows.filter(pk=change_id).first(), _reachable(user_id)
    if change is None or user is None:
        return False
    article = change.article
    is_seen = article.status == Article.Status.PUBLISHED
    is_scheduled = change.step == "schedule" and article.publish_at is not None
    letter = Letter(
        who=_begins(taken_by(change.step, _name(change.changed_by))),
        told=told(change.step),
        title=str(article),
        note=change.note,
        because=_because(article, user),
        desk_url=_absolute(reverse("admin:reviews_article_change", args=[article.pk])),
        switch_url=switch_url(),
        appears=_site_time(article.publish_at) if is_scheduled and article.publish_at else "",
        public_url=_absolute(article.get_absolute_url()) if is_seen else "",
    )
    _send(letter, "reviews/mail/step.txt", to=user)
    return True


def tell_of_comment(*, comment_id: int, user_id: int) -> bool:
    """Writes to this user about this comment; False: there is nobody to write to. Raises as above."""
    rows = DraftComment.objects.select_related("article__author", "written_by", "parent")
    comment, user = rows.filter(pk=comment_id).first(), _reachable(user_id)
    if comment is None or user is None:
        return False
    page = reverse("admin:reviews_article_comments", args=[comment.article_id])
    letter = Letter(
        who=_begins(taken_by("", _name(comment.written_by))),
        told="answered a comment on" if comment.parent else "commented on",
        title=str(comment.article),
        note=comment.text,
        because=_because(comment.article, user),
        desk_url=_absolute(f"{page}#comment-{comment.parent_id or comment.pk}"),
        switch_url=switch_url(),
        quote=comment.parent.quote if comment.parent else comment.quote,
    )
    _send(letter, "reviews/mail/comment.txt", to=user)
    return True


def switch_url() -> str:
    return _absolute(reverse("admin:reviews_deskpreferences_changelist"))


def _reachable(user_id: int) -> User | None:
    """The user, unless they left, have no address or want no letters."""
    users = get_user_model().objects.filter(pk=user_id, is_active=True, is_staff=True).exclude(email="")
    return users.exclude(desk_preferences__wants_mail=False).first()


def _send(letter: Letter, template: str, *, to: User) -> None:
    subject = " ".join(f"{letter.title}: {letter.who} {letter.told}".split())
    EmailMessage(subject=subject[:200], body=render_to_string(template, {"letter": letter}), to=[to.email]).send()


def _name(user: User | None) -> str | None:
    return (user.get_full_name() or user.get_username()) if user else None


def _begins(name: str) -> str:
    """As a sentence begins with it; a name of an account is written as it is."""
    return f"{name[:1].upper()}{name[1:]}" if " " in name else name


def _because(article: Article, user: User) -> str:
    if article.author.user_id == user.pk:
        return "you are the article's author"
    if article.review_asked_of_id == user.pk:
        return "you were asked to review the article"
    return "you review articles or had a hand in this one"


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _site_time(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%d %B %Y, %H:%M} ({local.tzname()})"
