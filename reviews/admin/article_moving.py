"""Where do editors take articles out as a file and in again? An upload is tried first and taken in when confirmed."""

from __future__ import annotations

import base64
import secrets
import zlib
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from reviews.articles_file import ArticlesFileError
from reviews.desk.rights import is_senior, seen_by
from reviews.exported_articles import exported, exported_zip, has_pictures
from reviews.models import Article
from reviews.services.moving import Did, Moved, import_articles, opened
from reviews.tasks import make_picture_sizes

# More than a site has in an afternoon's work; `manage.py import_articles` takes any size.
MAX_UPLOAD = 20_000_000
MOST_EXPORTED = 500
# How long an upload waits for its confirmation, in seconds.
WAITS = 3600
_NEEDED = ("add_article", "change_article", "add_author", "add_picture")


class UploadForm(forms.Form):
    file = forms.FileField(label="File", help_text="A .json or .zip that was exported here or on another site.")
    updates = forms.BooleanField(
        label="Update articles that are here already",
        required=False,
        initial=True,
        help_text="Otherwise they are left alone. What readers see stays until somebody publishes.",
    )

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_UPLOAD:
            raise forms.ValidationError(
                f"The file has {upload.size / 1_000_000:.0f} MB; {MAX_UPLOAD // 1_000_000} MB fit here. Export fewer "
                "articles, or use manage.py import_articles."
            )
        content: bytes = upload.read()
        return content


class MovingAdmin(admin.ModelAdmin[Article]):
    change_list_template = "admin/reviews/article/change_list.html"
    actions: Any = ["export_as_json"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="reviews_article_import"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "may_import": may_import(request)})

    @admin.action(description="Export as JSON (a zip when there are pictures)", permissions=["view"])
    def export_as_json(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        articles = Article.objects.filter(pk__in=seen_by(request.user, queryset).order_by().values("pk"))
        if articles.count() > MOST_EXPORTED:
            self.message_user(
                request,
                f"At most {MOST_EXPORTED} articles at once; manage.py export_articles takes all.",
                messages.ERROR,
            )
            return None
        if has_pictures(articles):
            return _download(exported_zip(articles), "articles.zip", "application/zip")
        return _download(exported(articles), "articles.json", "application/json")

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not may_import(request):
            raise PermissionDenied
        token = request.POST.get("token", "")
        if token:
            return self._import_confirmed(request, token)
        form = UploadForm(request.POST or None, request.FILES or None)
        moved: list[Moved] = []
        if request.method == "POST" and form.is_valid():
            content, updates = form.cleaned_data["file"], form.cleaned_data["updates"]
            try:
                moved = list(import_articles(opened(content), now=timezone.now(), updates=updates, is_trial=True))
            except ArticlesFileError as error:
                form.add_error("file", str(error))
            else:
                token = secrets.token_urlsafe(16)
                packed = base64.b64encode(zlib.compress(content)).decode()
                cache.set(_place(request, token), {"updates": updates, "packed": packed}, WAITS)
        return self._import_page(request, form, moved, token)

    def _import_confirmed(self, request: HttpRequest, token: str) -> HttpResponse:
        kept = cache.get(_place(request, token))
        if kept is None:
            self.message_user(request, "The upload waited for more than an hour. Upload it again.", messages.ERROR)
            return redirect("admin:reviews_article_import")
        updates, file = kept["updates"], opened(zlib.decompress(base64.b64decode(kept["packed"])))
        done = list(import_articles(file, now=timezone.now(), by=cast(User, request.user), updates=updates))
        cache.delete(_place(request, token))
        for picture in (picture for one in done for picture in one.pictures):
            make_picture_sizes.delay(picture)
        for one in done:
            for problem in one.problems:
                self.message_user(request, f"{one.slug}: {problem}", messages.ERROR)
        told = ", ".join(f"{count} {did}" for did in Did if (count := sum(one.did is did for one in done)))
        self.message_user(request, f"Articles taken in: {told}. Readers see none of it yet.")
        return redirect("admin:reviews_article_changelist")

    def _import_page(self, request: HttpRequest, form: UploadForm, moved: list[Moved], token: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Import articles",
            "opts": self.opts,
            "form": form,
            "moved": moved,
            "token": token,
            "writes": any(one.did in (Did.NEW, Did.CHANGED) for one in moved),
            "again": reverse("admin:reviews_article_import"),
        }
        return TemplateResponse(request, "admin/reviews/article/import.html", context)


def may_import(request: HttpRequest) -> bool:
    """A file may touch everybody's articles, and brings authors and pictures."""
    return is_senior(request.user) and all(request.user.has_perm(f"reviews.{codename}") for codename in _NEEDED)


def _place(request: HttpRequest, token: str) -> str:
    """An upload is confirmed by nobody but who sent it."""
    return f"articles-import:{request.user.pk}:{token[:40]}"


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
