"""What was learned about spam, how often was it right, and from which likeness on do comments wait?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.signed_in import signed_in
from reviews.comments.spam_trial import Outcome, Trial
from reviews.comments.spam_words import FEWEST, RECIPE
from reviews.models import SpamExample, SpamLesson, SpamThreshold
from reviews.services.spam_lessons import ThresholdError, choose_threshold

# What can be chosen: steps that a moderator can tell apart.
PERCENTS = tuple(range(55, 100, 5))
WIDTH, HEIGHT = 720, 200
_DRAWN = range(51, 100)
_OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve of the chart: `points` as SVG wants them."""

    name: str
    key: str
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A threshold, and what it would have meant for comments that were decided about. Shares in percent, or a dash."""

    percent: int
    precision: str
    recall: str
    spam_held: int
    spam_passed: int
    kept_held: int
    kept_passed: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    number: int
    made_at: datetime
    spam: int
    kept: int
    precision: str
    recall: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamPage:
    """`percent`: the threshold in force, None where it is off. Without a lesson there are no choices."""

    spam: int
    kept: int
    fewest: int
    percent: int | None
    chosen_by: str
    chosen_at: datetime | None
    choices: Sequence[Choice]
    lines: Sequence[Line]
    said: str
    versions: Sequence[Version]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def has_learned(self) -> bool:
        return bool(self.choices)


def spam_page() -> SpamPage:
    """Four queries."""
    lessons = list(SpamLesson.objects.filter(recipe=RECIPE).defer("weights"))
    chosen = SpamThreshold.objects.select_related("chosen_by").first()
    percent = chosen.percent if chosen else None
    trial = Trial.read(lessons[0].trial) if lessons else None
    return SpamPage(
        spam=SpamExample.objects.filter(is_spam=True).count(),
        kept=SpamExample.objects.filter(is_spam=False).count(),
        fewest=FEWEST,
        percent=percent,
        chosen_by=chosen.chosen_by.get_username() if chosen and chosen.chosen_by else "—",
        chosen_at=chosen.chosen_at if chosen else None,
        choices=[_choice(trial.at(one), percent) for one in PERCENTS] if trial else [],
        lines=_lines(trial) if trial else [],
        said=_said(trial.at(percent or 80)) if trial else "",
        versions=[_version(row, percent or 80) for row in lessons],
    )


def _choice(one: Outcome, chosen: int | None) -> Choice:
    return Choice(
        percent=one.percent,
        precision=_share(one.precision),
        recall=_share(one.recall),
        spam_held=one.spam_held,
        spam_passed=one.spam_passed,
        kept_held=one.kept_held,
        kept_passed=one.kept_passed,
        is_chosen=one.percent == chosen,
    )


def _version(row: SpamLesson, percent: int) -> Version:
    outcome = Trial.read(row.trial).at(percent)
    return Version(
        number=row.pk,
        made_at=row.made_at,
        spam=row.spam,
        kept=row.kept,
        precision=_share(outcome.precision),
        recall=_share(outcome.recall),
    )


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.1f} %"


def _said(one: Outcome) -> str:
    """The chart in a sentence, for those who do not see it."""
    return (
        f"From {one.percent} % on {_share(one.precision)} of what would have waited was spam, and "
        f"{_share(one.recall)} of all spam would have waited. Higher thresholds find less and are wrong less often."
    )


def _lines(trial: Trial) -> list[Line]:
    outcomes = [trial.at(percent) for percent in _DRAWN]

    def points(share: Callable[[Outcome], float | None]) -> str:
        told = [(number, value) for number, one in enumerate(outcomes) if (value := share(one)) is not None]
        return " ".join(
            f"{number * WIDTH / (len(outcomes) - 1):.1f},{(1 - value) * HEIGHT:.1f}" for number, value in told
        )

    return [
        Line(name="precision", key="precision", points=points(lambda one: one.precision)),
        Line(name="recall", key="recall", points=points(lambda one: one.recall)),
    ]


def spam_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("spam/", site.admin_view(spam), name="reviews_comment_spam"),
        path("spam/choose/", site.admin_view(require_POST(choose)), name="reviews_comment_spam_choose"),
    ]


def spam(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("reviews.view_comment"):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "What was learned about spam",
        "page": spam_page(),
        "may_choose": request.user.has_perm("reviews.change_comment"),
    }
    return TemplateResponse(request, "admin/reviews/comment/spam.html", context)


def choose(request: HttpRequest) -> HttpResponse:
    """`percent` is a number from 51 to 100, or `off`."""
    if not request.user.has_perm("reviews.change_comment"):
        raise PermissionDenied
    told = request.POST.get("percent", "")
    percent = None if told == _OFF else int(told) if told.isascii() and told.isdecimal() and len(told) < 4 else 0
    try:
        choose_threshold(percent=percent, by=signed_in(request), now=timezone.now())
    except ThresholdError as error:
        messages.error(request, str(error))
    else:
        words = f"From now on comments wait from {percent} % on." if percent else "No comment waits for its words now."
        messages.success(request, words)
    return redirect("admin:reviews_comment_spam")
