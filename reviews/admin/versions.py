"""What was published and what was frozen of an article, what differs between any two of them, and how one comes back.

The pages are `<id>/versions/`, `<id>/versions/compare/?from=r1&to=now` and, by POST, `<id>/versions/restore/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from reviews.admin.preview import article_of, version_or_404
from reviews.comparing import Comparison, compare
from reviews.desk.restoring import restore
from reviews.desk.versions import NOW, Version, names_in, versions_of
from reviews.models import Article
from reviews.services.articles import ArticleError

# Where a field's own name is not what its editors call it.
_LABELS = {"subject": "Product reviewed", "seo_title": "Title for search", "seo_description": "Description for search"}


@dataclass(frozen=True, slots=True)
class Side:
    version: Version
    frame_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    before: Side
    after: Side
    found: Comparison
    swapped_url: str

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.before, self.after


class VersionsAdmin(admin.ModelAdmin[Article]):
    """The pages behind "Versions"."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        under = "<int:article_id>/versions/"
        return [
            path(under, view(self.versions_view), name="reviews_article_versions"),
            path(f"{under}compare/", view(self.compare_view), name="reviews_article_compare"),
            path(f"{under}restore/", view(require_POST(self.restore_view)), name="reviews_article_restore"),
            *super().get_urls(),
        ]

    def versions_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Every state we still have; the working copy is compared with what readers see, unless others are ticked."""
        article = article_of(self, request, article_id)
        versions = versions_of(article)
        live = next((version.name for version in versions if version.is_live), "")
        others = [version.name for version in versions if not version.is_working_copy]
        ticked = live or next(iter(others), NOW)
        context = {"versions": versions, "ticked_before": ticked, "ticked_after": NOW}
        return self._shown(request, article, "versions", f"Versions: {article.title}", context)

    def compare_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        article = article_of(self, request, article_id)
        asked = [request.GET.get(name, NOW) for name in ("from", "to")]
        (before, one), (after, other) = (version_or_404(article, name) for name in asked)
        names = names_in(one, other, labels=_labels())
        page = ComparisonPage(
            before=_side(article, before),
            after=_side(article, after),
            found=compare(one, other, names),
            swapped_url=f"?{urlencode({'from': after.name, 'to': before.name})}",
        )
        answer = self._shown(request, article, "compare", f"Compare: {article.title}", {"page": page})
        answer._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]
        return answer

    def restore_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        article = article_of(self, request, article_id, to_change=True)
        version, content = version_or_404(article, request.POST.get("version", ""))
        by: Any = request.user
        try:
            restored = restore(article=article, content=content, by=by, now=timezone.now())
        except ArticleError as error:
            self.message_user(request, f"{version.title} could not be restored; nothing is changed.", messages.ERROR)
            for problem in error.problems:
                self.message_user(request, problem, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:reviews_article_versions", args=[article.pk]))
        self.log_change(request, article, f"Made {version.title} the working copy.")
        kept = "What was there before is kept under Versions." if restored.kept else "It was the same already."
        self.message_user(request, f"The working copy is {version.title} again. {kept}", messages.SUCCESS)
        for words in restored.missing:
            self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:reviews_article_change", args=[article.pk]))

    def _shown(
        self, request: HttpRequest, article: Article, template: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        shared = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "article": article,
            "may_restore": self.has_change_permission(request, article),
        }
        return TemplateResponse(request, f"admin/reviews/article/{template}.html", {**shared, **context})


def _side(article: Article, version: Version) -> Side:
    frame = reverse("admin:reviews_article_frame", args=[article.pk])
    return Side(version, f"{frame}?{urlencode({'version': version.name})}")


def _labels() -> dict[str, str]:
    """The article's own fields as its form calls them."""
    words = {field.name: str(getattr(field, "verbose_name", field.name)) for field in Article._meta.get_fields()}
    return {name: word[:1].upper() + word[1:] for name, word in words.items()} | _LABELS
