"""Where do colleagues move an article on: buttons in its form, and a page for each step?

`StepsAdmin` is mixed into the article's admin. Its form includes `admin/reviews/article/steps.html`, which shows the
`panel` of its context: a press of one of its buttons (`_step`) saves the form first and then takes the step. The page
of a step, `<id>/step/<step>/`, takes it for whoever comes from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from catalog.admin.signed_in import signed_in
from reviews.admin.site_time import SiteTimeField
from reviews.admin.step_forms import StepForm, take
from reviews.desk.gate import inspect
from reviews.desk.rights import is_senior, may_edit, may_see, may_take, seen_by, steps_open_to
from reviews.models import Article, Author
from reviews.services.articles import ArticleError
from reviews.services.drafts import draft_content, is_same
from reviews.steps import STEPS, Step, taken_by, told

# What a step asks the gate first, so that its page can say what would be refused.
_GATED = {"publish", "schedule", "send_to_review"}
HISTORY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StepButton:
    """`action` is where the button sends the form that it stands in; empty: to the form's own address, which saves."""

    name: str
    label: str
    kind: str
    help: str
    needs: tuple[str, ...]
    form: StepForm
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStep:
    at: datetime
    who: str
    told: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPanel:
    """Where the article stands, what can be done with it, and what was done last."""

    status: str
    stage: str
    asked: str
    publish_at: datetime | None
    expires_at: datetime | None
    differs_from_schedule: bool
    saves_first: bool
    buttons: tuple[StepButton, ...]
    past: tuple[PastStep, ...]
    zone: str


def step_buttons(request: HttpRequest, article: Article) -> list[StepButton]:
    """The steps that this user can take with the article now, with what was typed into their inputs."""
    by: Any = request.user
    typed = request.POST if request.method == "POST" else None
    saves_first = may_edit(by, article)
    return [
        StepButton(
            name=step.key,
            label=f"Save and {step.label[:1].lower()}{step.label[1:]}" if saves_first else step.label,
            kind="grave" if step.is_grave else "plain",
            help=step.help,
            needs=tuple(need.value for need in step.needs),
            form=StepForm(step, _typed_for(step, typed), article=article, by=by),
            action="" if saves_first else step_url(article, step),
        )
        for step in steps_open_to(by, article)
    ]


def step_panel(request: HttpRequest, article: Article) -> StepPanel:
    past = article.stage_changes.select_related("changed_by")[:HISTORY]
    version = article.scheduled_version
    return StepPanel(
        status=article.get_status_display(),
        stage=article.get_stage_display(),
        asked=str(article.review_asked_of or ""),
        publish_at=article.publish_at,
        expires_at=article.expires_at,
        differs_from_schedule=version is not None and not is_same(version.content, draft_content(article)),
        saves_first=may_edit(request.user, article),
        buttons=tuple(step_buttons(request, article)),
        past=tuple(_past(row) for row in past),
        zone=timezone.get_current_timezone_name(),
    )


def step_url(article: Article, step: Step) -> str:
    return reverse("admin:reviews_article_step", args=[article.pk, step.key])


class StepsAdmin(admin.ModelAdmin[Article]):
    """Whose articles are whose business, and the steps that lead them to readers."""

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ["admin_editor/steps.css"]})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        return [path("<int:article_id>/step/<slug:key>/", view, name="reviews_article_step"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return seen_by(request.user, super().get_queryset(request))

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or may_see(request.user, obj))

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_edit(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What readers have seen is retired, not deleted, and what is scheduled is taken off the schedule first."""
        may = super().has_delete_permission(request, obj)
        if obj is None:
            return may
        is_settled = obj.live_revision_id is None and obj.stage != Article.Stage.SCHEDULED
        return may and is_settled and may_see(request.user, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """The end of its time counts at once, without a publication: it is for those who may retire it by hand."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.has_perm("reviews.publish_article") else (*fields, "expires_at")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "author" and not is_senior(request.user):
            kwargs["queryset"] = Author.objects.filter(user=request.user.pk)
            kwargs["help_text"] = "You write under your own name. None to choose? Ask an editor to link your account."
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "expires_at":
            zone = timezone.get_current_timezone_name()
            return SiteTimeField(required=False, label=f"Expires at (time of {zone})", help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        article = kwargs.get("obj")
        context["panel"] = step_panel(request, article) if article is not None and article.pk else None
        return super().render_change_form(request, context, *args, **kwargs)

    def step_after_save(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """For `response_add` and `response_change`: takes the step whose button was pressed; None when it was another
        button."""
        step = STEPS.get(request.POST.get("_step", ""))
        if step is None:
            return None
        form = StepForm(step, request.POST, article=article, by=signed_in(request))
        # What was saved this moment is what its editor looked at.
        if self._take(request, article, form, seen_version=None):
            return redirect("admin:reviews_article_change", article.pk)
        return self._page(request, article, form)

    def step_view(self, request: HttpRequest, article_id: int, key: str) -> HttpResponse:
        article = get_object_or_404(
            Article.objects.select_related("author", "reviewer", "live_revision"), pk=article_id
        )
        step = STEPS.get(key)
        if step is None or not may_see(request.user, article) or not may_take(request.user, step, article):
            raise PermissionDenied
        typed = request.POST if request.method == "POST" else None
        form = StepForm(step, typed, article=article, by=signed_in(request))
        seen = form.said("version") if typed is not None and form.is_valid() else None
        if typed is not None and self._take(request, article, form, seen_version=seen):
            return redirect("admin:reviews_article_change", article.pk)
        return self._page(request, article, form)

    def _take(self, request: HttpRequest, article: Article, form: StepForm, *, seen_version: int | None) -> bool:
        """Whether the step was taken. What keeps it from being taken is on the form afterwards."""
        if not may_take(request.user, form.step, article):
            self.message_user(request, f"What you wrote is saved. You may not: {form.step.label}.", messages.ERROR)
            return True
        if not form.is_valid():
            return False
        try:
            said = take(form, article, by=signed_in(request), seen_version=seen_version)
        except ArticleError as error:
            for problem in error.problems:
                form.add_error(None, problem)
            return False
        self.message_user(request, said, messages.SUCCESS)
        return True

    def _page(self, request: HttpRequest, article: Article, form: StepForm) -> HttpResponse:
        """The step alone, with everything that speaks against it."""
        article.refresh_from_db()
        gate = _inspected(article) if form.step.key in _GATED and not form.is_bound else None
        context = {
            **self.admin_site.each_context(request),
            "title": f"{form.step.label}: {article}",
            "opts": self.opts,
            "original": article,
            "form": form,
            "step": form.step,
            "action": step_url(article, form.step),
            "is_saved": "_step" in request.POST,
            "gate": gate,
        }
        return TemplateResponse(request, "admin/reviews/article/step.html", context)


def _inspected(article: Article) -> Any:
    return inspect(article, draft_content(article), now=timezone.now())


def _typed_for(step: Step, typed: Any) -> Any:
    """What was typed, if any of it is this step's."""
    return typed if typed and any(name.startswith(f"step_{step.key}-") for name in typed) else None


def _past(row: Any) -> PastStep:
    who = taken_by(row.step, row.changed_by.get_username() if row.changed_by else None)
    return PastStep(at=row.changed_at, who=who, told=told(row.step), note=row.note)
