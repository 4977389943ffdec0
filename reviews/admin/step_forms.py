"""What does a step ask of who takes it, and how is it then taken?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from reviews.admin.site_time import SiteTimeField
from reviews.desk import steps
from reviews.desk.publishing import bring_back, publish_article, retire_article
from reviews.desk.rights import reviewers
from reviews.models import Article
from reviews.steps import Need, Step

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_WIDE = {"class": "vTextField"}


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.get_username())


class StepForm(forms.Form):
    """The inputs of one step; `version` is that of the working copy that was looked at."""

    # The article's own form holds those of several steps, and only one is taken.
    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, step: Step, data: Mapping[str, Any] | None = None, *, article: Article, by: User) -> None:
        super().__init__(data, prefix=f"step_{step.key}", initial={"version": article.version})
        self.step = step
        for need in step.needs:
            self.fields[need.value] = _FIELDS[need](by)

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name)


def _asked_of(by: User) -> forms.Field:
    people = reviewers().exclude(pk=by.pk)
    return PersonField(people, required=False, empty_label="Anybody who may review", label="Ask")


def _when(by: User) -> forms.Field:
    return SiteTimeField(label=f"Appears at (time of {timezone.get_current_timezone_name()})")


_FIELDS: dict[Need, Callable[[Any], forms.Field]] = {
    Need.ASKED_OF: _asked_of,
    Need.NOTE: lambda by: forms.CharField(
        required=False,
        max_length=2000,
        label="Note to colleagues",
        widget=forms.Textarea(attrs={"rows": 2}),
    ),
    Need.REASON: lambda by: forms.CharField(
        max_length=2000,
        label="What is to be changed",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what is to be changed."},
    ),
    Need.CHANGE_NOTE: lambda by: forms.CharField(
        required=False, max_length=200, label="What changed (public, optional)", widget=forms.TextInput(attrs=_WIDE)
    ),
    Need.WHEN: _when,
}


def take(form: StepForm, article: Article, *, by: User, seen_version: int | None) -> str:
    """Takes the step of a valid form; what was done, in a sentence. Raises `ArticleError`."""
    return _ACTS[form.step.key](form, article, by, seen_version)


def _send_to_review(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    asked = form.said("asked_of")
    steps.send_to_review(article=article, by=by, asked_of=asked, note=form.said("note"), now=timezone.now())
    return f"{asked or 'Everybody who may review'} was asked to look at it."


def _take_back(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    steps.take_back(article=article, by=by, note=form.said("note"), now=timezone.now())
    return "Nobody is asked to review it any more."


def _ask_for_changes(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    steps.ask_for_changes(article=article, by=by, note=form.said("reason"), now=timezone.now())
    return "It is back with its author."


def _publish(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    before = article.live_revision_id
    note = form.said("change_note")
    revision = publish_article(article=article, by=by, note=note, now=timezone.now(), seen_version=seen_version)
    unchanged = " It is the same as before." if before == revision.pk else ""
    return f"Readers see revision {revision.number}.{unchanged}"


def _schedule(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    at, note, now = form.said("when"), form.said("change_note"), timezone.now()
    steps.schedule_article(article=article, by=by, at=at, note=note, now=now, seen_version=seen_version)
    return f"It appears by itself on {timezone.localtime(at):%d %B %Y at %H:%M}, as it is saved now."


def _unschedule(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    steps.unschedule(article=article, by=by, note=form.said("note"), now=timezone.now())
    return "It is off the schedule."


def _retire(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    retire_article(article=article, by=by, note=form.said("note"), now=timezone.now())
    return "Readers no longer see this article."


def _bring_back(form: StepForm, article: Article, by: User, seen_version: int | None) -> str:
    revision = bring_back(article=article, by=by, note=form.said("note"), now=timezone.now())
    return f"Readers see revision {revision.number} again."


_ACTS: dict[str, Callable[[StepForm, Article, Any, int | None], str]] = {
    "send_to_review": _send_to_review,
    "take_back": _take_back,
    "ask_for_changes": _ask_for_changes,
    "publish": _publish,
    "schedule": _schedule,
    "unschedule": _unschedule,
    "retire": _retire,
    "bring_back": _bring_back,
}
