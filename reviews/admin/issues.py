"""Where does an editor make an issue of the newsletter, try it, send it and watch it go?"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from csp.constants import SELF
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from readers.models import Delivery, Issue
from readers.services import issues
from readers.services.issues import IssueError
from reviews.admin.site_time import SiteTimeField
from reviews.desk import letters_out
from reviews.models import Article, LetterArticle

# The control has no seconds: who sends "now" names the minute that has begun.
_A_MINUTE_AGO = timedelta(minutes=1)
LOOKS = {"light": "not all", "dark": "all"}
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\)")
# The letter as readers' mail programs show it: its own styles, nothing else, in a frame of this site alone.
_FRAME = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "private, no-store",
}


class LetterArticleInline(admin.TabularInline[LetterArticle, Issue]):
    model = LetterArticle
    fields = ("position", "article", "note")
    extra = 3

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The names over the columns are no labels of the fields under them: each field says its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(db_field.verbose_name).capitalize()
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "article":
            kwargs["queryset"] = Article.objects.published().order_by("-published_at", "-pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class WhenForm(forms.Form):
    due_at = SiteTimeField(required=False, help_text="Empty: at once.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].label = f"Goes out at (time of {timezone.get_current_timezone_name()})"

    def clean_due_at(self) -> datetime | None:
        """A mistyped year must not send a letter to everybody at this moment."""
        due_at: datetime | None = self.cleaned_data["due_at"]
        if due_at is not None and due_at < timezone.now() - _A_MINUTE_AGO:
            said = f"{timezone.localtime(due_at):%d %B %Y, %H:%M}"
            raise forms.ValidationError(f"{said} is over. Write a later time, or none to send it at once.")
        return due_at


@admin.register(Issue)
class IssueAdmin(admin.ModelAdmin[Issue]):
    """A draft is written; from its scheduling on it is only watched and stopped."""

    list_display = ("subject", "topic", "state", "due_at", "progress")
    list_filter = ("state", "topic")
    search_fields = ("subject",)
    fields = ("topic", "subject", "intro")
    inlines = (LetterArticleInline,)
    change_form_template = "admin/readers/issue/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        sent = Count("deliveries", filter=Q(deliveries__state=Delivery.State.SENT))
        return super().get_queryset(request).annotate(copies=Count("deliveries"), sent=sent)

    @admin.display(description="sent")
    def progress(self, row: Any) -> SafeString | str:
        if not row.copies:
            return "—"
        bar = format_html('<progress max="{}" value="{}" aria-label="sent"></progress>', row.copies, row.sent)
        return format_html("{} {} of {}", bar, row.sent, row.copies)

    # --- who may what --------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == Issue.State.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == Issue.State.DRAFT)

    def save_model(self, request: HttpRequest, obj: Issue, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: Issue) -> HttpResponseRedirect:
        return redirect("admin:readers_issue_desk", obj.pk)

    response_post_save_change = response_post_save_add

    # --- one issue's desk ----------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def address(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"readers_issue_{name}")

        return [
            address("<int:issue_id>/desk/", self.desk_view, "desk"),
            address("<int:issue_id>/frame/", self.frame_view, "frame"),
            address("<int:issue_id>/act/", require_POST(self.act_view), "act"),
            *super().get_urls(),
        ]

    def _issue(self, request: HttpRequest, issue_id: int) -> Issue:
        issue = get_object_or_404(Issue, pk=issue_id)
        if not self.has_view_permission(request, issue):
            raise PermissionDenied
        return issue

    def desk_view(self, request: HttpRequest, issue_id: int) -> HttpResponse:
        return self._desk(request, self._issue(request, issue_id), WhenForm())

    def _desk(self, request: HttpRequest, issue: Issue, form: WhenForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": issue.subject,
            "issue": issue,
            "page": letters_out.issue_desk(issue, now=timezone.now()),
            "form": form,
            "may_send": request.user.has_perm("readers.send_issue"),
            "may_edit": self.has_change_permission(request, issue),
            "looks": [(look, f"{reverse('admin:readers_issue_frame', args=[issue.pk])}?look={look}") for look in LOOKS],
            "own_address": cast(User, request.user).email,
        }
        answer = TemplateResponse(request, "admin/readers/issue/desk.html", context)
        answer._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]
        return answer

    def frame_view(self, request: HttpRequest, issue_id: int) -> HttpResponse:
        html = letters_out.mould_of(self._issue(request, issue_id)).html
        look = LOOKS.get(request.GET.get("look", ""))
        answer = HttpResponse(_DARK.sub(f"@media {look}", html) if look else html)
        for name, value in _FRAME.items():
            answer[name] = value
        return answer

    def act_view(self, request: HttpRequest, issue_id: int) -> HttpResponse:
        issue = self._issue(request, issue_id)
        act = request.POST.get("act", "")
        if act not in _ACTS or not request.user.has_perm("readers.send_issue"):
            raise PermissionDenied
        form = WhenForm(request.POST)
        if not form.is_valid():
            return self._desk(request, issue, form)
        try:
            said = _ACTS[act](issue, form, cast(User, request.user))
            self.message_user(request, said, messages.SUCCESS)
        except IssueError as error:
            self.message_user(request, str(error), messages.ERROR)
            return self._desk(request, issue, form)  # with the time that was typed
        except (OSError, smtplib.SMTPException) as error:
            self.message_user(request, f"The mail server did not take it: {type(error).__name__}.", messages.ERROR)
        return redirect("admin:readers_issue_desk", issue.pk)


def _test(issue: Issue, form: WhenForm, by: User) -> str:
    letters_out.send_test(issue=issue, address=by.email)
    return "A trial copy is on its way to your own address."


def _schedule(issue: Issue, form: WhenForm, by: User) -> str:
    letters_out.schedule(issue=issue, due_at=form.cleaned_data["due_at"] or timezone.now())
    return "Scheduled. Its words are kept as they are now."


def _take_back(issue: Issue, form: WhenForm, by: User) -> str:
    issues.take_back_issue(issue=issue)
    return "A draft again."


def _pause(issue: Issue, form: WhenForm, by: User) -> str:
    issues.pause_issue(issue=issue)
    return "Paused. What waits goes on waiting."


def _go_on(issue: Issue, form: WhenForm, by: User) -> str:
    issues.go_on_with_issue(issue=issue)
    return "It goes on."


def _cancel(issue: Issue, form: WhenForm, by: User) -> str:
    count = issues.cancel_issue(issue=issue, now=timezone.now())
    return f"Cancelled. {count} {'reader does' if count == 1 else 'readers do'} not get it."


_ACTS: dict[str, Callable[[Issue, WhenForm, User], str]] = {
    "test": _test,
    "schedule": _schedule,
    "take-back": _take_back,
    "pause": _pause,
    "go-on": _go_on,
    "cancel": _cancel,
}
