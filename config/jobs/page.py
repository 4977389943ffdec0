"""The page of jobs, for those who may look at rounds of refreshing; who may change merchants may start one at once."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from config.jobs.rows import Job, jobs, start

MAY_LOOK, MAY_START = "catalog.view_refreshrun", "catalog.change_merchant"
_STATES = {"late": "Late", "failed": "Failed last time", "unknown": "Never seen to end", "well": "Well"}


@require_safe
def jobs_page(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(MAY_LOOK):
        raise PermissionDenied
    try:
        found = jobs(now=timezone.now())
    except RedisError:
        found = None
    context = {
        **admin.site.each_context(request),
        "title": "Jobs",
        "rows": [(job, _STATES[job.state], _span(job.every), _took(job)) for job in found or ()],
        "needs": sum(job.state in ("late", "failed") for job in found or ()),
        "unseen": sum(job.state == "unknown" for job in found or ()),
        "is_away": found is None,
        "may_start": request.user.has_perm(MAY_START),
    }
    return TemplateResponse(request, "admin/machine/jobs.html", context)


@require_POST
def start_job(request: HttpRequest, task: str) -> HttpResponse:
    if not request.user.has_perm(MAY_START):
        raise PermissionDenied
    try:
        if not start(task):
            raise Http404
    except (OperationalError, RedisError):
        messages.error(request, "Redis does not answer, so no worker can be told. Try again when it is back.")
    else:
        messages.success(request, f"{task} is handed to the workers; its line says when it has ended.")
    return redirect("jobs")


def _took(job: Job) -> str:
    if job.took is None:
        return ""
    seconds = job.took.total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else _span(job.took)


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for words, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            number = seconds // length
            return f"{number} {words}s" if number > 1 else words
    return f"{seconds} seconds" if seconds != 1 else "second"


urlpatterns: list[URLPattern] = [
    path("jobs/", admin.site.admin_view(jobs_page), name="jobs"),
    path("jobs/<str:task>/start/", admin.site.admin_view(start_job), name="jobs-start"),
]
