"""Who may see, write on and move which article? Writers their own; who reviews or publishes, everybody's.

The table of roles (`reviews/roles.py`) says what a role may do at all; this says with which article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from reviews.models import Article
from reviews.steps import Step, steps_from

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_SENIOR = ("reviews.review_article", "reviews.publish_article")


def is_senior(user: User | AnonymousUser) -> bool:
    """Whether everybody's articles are this user's business."""
    return any(map(user.has_perm, _SENIOR))


def is_own(user: User | AnonymousUser, article: Article) -> bool:
    return user.pk is not None and article.author_id is not None and article.author.user_id == user.pk


def may_see(user: User | AnonymousUser, article: Article) -> bool:
    """The working copy, that is; what is published everybody sees."""
    may_look = user.has_perm("reviews.view_article") or user.has_perm("reviews.change_article")
    return may_look and (is_senior(user) or is_own(user, article))


def may_edit(user: User | AnonymousUser, article: Article) -> bool:
    return user.has_perm("reviews.change_article") and (is_senior(user) or is_own(user, article))


def may_take(user: User | AnonymousUser, step: Step, article: Article) -> bool:
    """Whether the user may take the step with this article, if it is possible from where the article stands."""
    if step.permission == "change_article":
        return may_edit(user, article)
    return bool(step.permission) and user.has_perm(f"reviews.{step.permission}")


def steps_open_to(user: User | AnonymousUser, article: Article) -> tuple[Step, ...]:
    found = steps_from(article.status, article.stage, may=lambda codename: True)
    return tuple(step for step in found if may_take(user, step, article))


def seen_by(user: User | AnonymousUser, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those of the articles that the user may see (`may_see`, for lists)."""
    return articles if is_senior(user) else articles.filter(author__user=user.pk)


def reviewers() -> QuerySet[User]:
    """Who may be asked for a review."""
    users = get_user_model().objects.with_perm("reviews.review_article", backend=_BACKEND)
    return users.filter(is_staff=True).order_by("first_name", "username")
