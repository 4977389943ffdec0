"""Where does the scoring method get its versions: prepared, weighed, looked at before it counts, and activated?"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.readonly import ReadOnlyAdmin
from reviews.admin.method_form import STALE, MethodForm, form_from, form_of, mark_of
from reviews.admin.method_scores import MethodScores
from reviews.desk.method_change import activate_method
from reviews.models import MethodVersion
from reviews.reports.moves import moves_report
from reviews.score_table import method_of
from reviews.services.methods import MethodError, discard_version, prepare_version, save_version


@admin.register(MethodVersion)
class MethodVersionAdmin(MethodScores, ReadOnlyAdmin):
    change_list_template = "admin/reviews/methodversion/change_list.html"
    list_display = ["number", "state", "activated_at", "activated_by", "criteria_count", "to_confirm", "change_note"]
    list_select_related = ["activated_by"]

    def get_urls(self) -> list[URLPattern]:
        def address(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"reviews_methodversion_{name}")

        return [
            address("prepare/", require_POST(self.prepare_view), "prepare"),
            address("<int:version_id>/moves/", self.moves_view, "moves"),
            address("<int:version_id>/activate/", require_POST(self.activate_view), "activate"),
            address("<int:version_id>/discard/", require_POST(self.discard_view), "discard"),
            *self.score_urls(address),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        unconfirmed = Count("criteria__scores", filter=Q(criteria__scores__is_confirmed=False), distinct=True)
        return super().get_queryset(request).annotate(counted=Count("criteria", distinct=True), unconfirmed=unconfirmed)

    @admin.display(description="criteria")
    def criteria_count(self, row: Any) -> int:
        return int(row.counted)

    @admin.display(description="scores to confirm")
    def to_confirm(self, row: Any) -> int:
        return int(row.unconfirmed)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        is_waiting = MethodVersion.objects.filter(state=MethodVersion.State.DRAFT).exists()
        more = {"may_prepare": _may_change(request) and not is_waiting, "title": "Scoring method"}
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def prepare_view(self, request: HttpRequest) -> HttpResponse:
        _refuse_strangers(request)
        try:
            draft = prepare_version(by=_user(request))
        except MethodError as error:
            self.message_user(request, str(error), messages.WARNING)
            return redirect("admin:reviews_methodversion_changelist")
        self.message_user(request, f"Method {draft.number} is prepared. Readers see nothing of it yet.")
        return redirect("admin:reviews_methodversion_change", draft.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = get_object_or_404(MethodVersion, pk=object_id if object_id.isdecimal() else 0)
        is_open = version.state == MethodVersion.State.DRAFT and _may_change(request)
        if request.method == "POST":
            if not is_open:
                raise PermissionDenied
            return self._save(request, version)
        return self._form_page(request, version, form_of(version), is_open=is_open)

    def _save(self, request: HttpRequest, version: MethodVersion) -> HttpResponse:
        form = form_from(request.POST)
        criteria, use_cases, problems = form.inputs()
        if form.seen != mark_of(version):
            problems.insert(0, STALE)
        try:
            if problems:
                raise MethodError(problems)
            save_version(
                version=version,
                summary=form.summary,
                change_note=form.change_note,
                criteria=criteria,
                use_cases=use_cases,
                by=_user(request),
            )
        except MethodError as error:
            return self._form_page(request, version, form, problems=error.problems)
        if "_moves" in request.POST:
            return redirect("admin:reviews_methodversion_moves", version.pk)
        self.message_user(request, f"Method {version.number} is saved. It is still a draft.", messages.SUCCESS)
        return redirect("admin:reviews_methodversion_change", version.pk)

    def _form_page(
        self,
        request: HttpRequest,
        version: MethodVersion,
        form: MethodForm,
        *,
        problems: list[str] | None = None,
        is_open: bool = True,
    ) -> HttpResponse:
        context = {
            **self._context(request, version, str(version)),
            "form": form,
            # What is saved over after a warning is what stands there now.
            "seen": mark_of(version),
            "problems": problems or [],
            "here": "form",
            "is_open": is_open,
            "method": method_of(version),
        }
        return TemplateResponse(request, "admin/reviews/methodversion/form.html", context)

    def moves_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """What would happen; nothing does."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = get_object_or_404(MethodVersion, pk=version_id)
        if version.state != MethodVersion.State.DRAFT:
            self.message_user(request, f"Method {version.number} is no draft: nothing would move.", messages.WARNING)
            return redirect("admin:reviews_methodversion_changelist")
        context = {
            **self._context(request, version, f"Who moves where by Method {version.number}"),
            "report": moves_report(version),
            "here": "moves",
            "may_activate": _may_activate(request),
        }
        return TemplateResponse(request, "admin/reviews/methodversion/moves.html", context)

    def activate_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        if not _may_activate(request):
            raise PermissionDenied
        version = get_object_or_404(MethodVersion, pk=version_id)
        try:
            report = activate_method(version=version, now=timezone.now(), by=_user(request))
        except MethodError as error:
            for problem in error.problems:
                self.message_user(request, problem, messages.ERROR)
            return redirect("admin:reviews_methodversion_change", version.pk)
        count = len(report.touched) + len(report.reviews)
        told = (
            f"Method {version.number} is in use. {count} published article{'' if count == 1 else 's'} to look through"
        )
        self.message_user(request, f"{told}: they stand under Findings and keep their scores until then.")
        return redirect("admin:reviews_methodversion_changelist")

    def discard_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        _refuse_strangers(request)
        version = get_object_or_404(MethodVersion, pk=version_id)
        try:
            discard_version(version=version)
        except MethodError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, f"The draft of Method {version.number} is discarded.", messages.SUCCESS)
        return redirect("admin:reviews_methodversion_changelist")

    def _context(self, request: HttpRequest, version: MethodVersion, title: str) -> dict[str, Any]:
        is_public = version.state != MethodVersion.State.DRAFT
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "version": version,
            "is_draft": not is_public,
            "public_url": reverse("method-version", args=[version.number]) if is_public else "",
            "may_change": _may_change(request),
        }


def _may_change(request: HttpRequest) -> bool:
    return request.user.has_perm("reviews.change_methodversion")


def _may_activate(request: HttpRequest) -> bool:
    """It moves what readers see: who may publish may do it."""
    return _may_change(request) and request.user.has_perm("reviews.publish_article")


def _refuse_strangers(request: HttpRequest) -> None:
    if not _may_change(request):
        raise PermissionDenied


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
