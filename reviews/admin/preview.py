"""How will the draft look to readers, wherever they read it, and who else may look? Nothing is published by looking.

The page itself stands in a frame of its own width; what frames it is of this site alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from csp.constants import HEADER, SELF
from csp.utils import build_policy
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from reviews.admin.draft_comments import comments_of
from reviews.desk.gate import Inspection, inspect
from reviews.desk.preview import HEADERS, preview_html, preview_page
from reviews.desk.preview_links import (
    LASTS,
    LASTS_WORDS,
    Opened,
    PreviewError,
    open_preview,
    share_preview,
    withdraw_previews,
)
from reviews.desk.search_snippet import SearchSnippet, snippet, snippet_of
from reviews.desk.versions import NOW, Version, VersionError, version_called
from reviews.models import Article
from reviews.pages.article import ArticlePage
from reviews.preview_html import in_frame, on_paper, with_styles
from reviews.services.drafts import draft_content

# CSS pixels: a common phone, a tablet upright, a laptop, a sheet of A4 at 96 dpi.
WIDTHS = {"phone": ("Phone", 360), "tablet": ("Tablet", 768), "desktop": ("Desktop", 1280), "paper": ("Printed", 794)}
LOOKS = {"light": "Light", "dark": "Dark"}
SCRIPTS = {"on": "With JavaScript", "off": "Without JavaScript"}
# The page around the frame has forms: what it sends must say where it comes from, and nobody else learns the link.
_DESK_HEADERS = {"Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
_STYLES = settings.BASE_DIR / "static" / "css"


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class SharedLink:
    url: str
    until: datetime
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDesk:
    """`link` is the one just made; `card_image` what shared links show."""

    groups: tuple[ChoiceGroup, ...]
    frame_url: str
    frame_width: int
    frame_title: str
    has_scripts: bool
    inspection: Inspection
    snippet: SearchSnippet
    card_image: str
    card_alt: str
    link: SharedLink | None
    lasts: tuple[tuple[str, str], ...] = tuple(LASTS_WORDS.items())


class PreviewAdmin(admin.ModelAdmin[Article]):
    """The pages behind "Preview the draft"."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        under = "<int:article_id>/preview/"
        return [
            path(under, view(self.preview_view), name="reviews_article_preview"),
            path(f"{under}page/", view(self.frame_view), name="reviews_article_frame"),
            path(f"{under}share/", view(require_POST(self.share_view)), name="reviews_article_share"),
            path(f"{under}withdraw/", view(require_POST(self.withdraw_view)), name="reviews_article_withdraw"),
            path("preview/paper/<str:name>", view(self.paper_view), name="reviews_article_paper"),
            path("titles/", view(self.titles_view), name="reviews_article_titles"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        return preview(self, request, article_id)

    def frame_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """The page alone, as this site's own frames show it."""
        article = article_of(self, request, article_id)
        _, content = version_or_404(article, request.GET.get("version", NOW))
        page = preview_page(article, content, now=timezone.now())
        html = in_frame(preview_html(page), look=_asked(request, "look", LOOKS, "light"))
        if request.GET.get("width") == "paper":
            html = with_styles(html, _paper_styles())
        return framed(HttpResponse(html, headers=HEADERS), page)

    def share_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        article = article_of(self, request, article_id, to_change=True)
        lasts = request.POST.get("lasts", "")
        if lasts not in LASTS:
            self.message_user(request, "Choose for how long the link shall work.", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:reviews_article_preview", args=[article.pk]))
        by: Any = request.user
        is_frozen = request.POST.get("shows") == "frozen"
        token = share_preview(article=article, by=by, lasts=lasts, is_frozen=is_frozen, now=timezone.now())
        self.log_change(request, article, f"Gave away a link to the preview for {LASTS_WORDS[lasts]}.")
        address = reverse("admin:reviews_article_preview", args=[article.pk])
        return HttpResponseRedirect(f"{address}?{urlencode({'link': token})}#share")

    def withdraw_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        article = article_of(self, request, article_id, to_change=True)
        withdraw_previews(article=article)
        self.log_change(request, article, "Withdrew every link to the preview.")
        self.message_user(request, "No link to a preview of this article works any more.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:reviews_article_preview", args=[article.pk]))

    def paper_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """A stylesheet of the site whose rules for paper hold on the screen."""
        found = finders.find(f"css/{name}") if name in _style_names() else None
        if not isinstance(found, str):
            raise Http404("There is no such stylesheet.")
        with open(found, encoding="utf-8") as file:
            return HttpResponse(on_paper(file.read()), content_type="text/css; charset=utf-8")

    def titles_view(self, request: HttpRequest) -> HttpResponse:
        """For the editor's script: what would be wrong with the titles and the slug that are being typed."""
        if not self.has_view_permission(request):
            return JsonResponse({"advice": []}, status=403)
        names = {"title": 140, "seo_title": 70, "seo_description": 170, "standfirst": 400, "slug": 140}
        told = {name: request.GET.get(name, "")[:longest] for name, longest in names.items()}
        asked = request.GET.get("article", "")
        article_id = int(asked) if asked.isdecimal() and len(asked) < 19 else None
        found = snippet(told, kind=request.GET.get("kind", ""), article_id=article_id)
        return JsonResponse({"advice": list(found.warnings)})


def preview(model_admin: admin.ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """The draft in a frame of the chosen width, what the gate says of it, and what others show of it."""
    article = article_of(model_admin, request, article_id)
    now = timezone.now()
    content = draft_content(article)
    page = preview_page(article, content, now=now)
    desk = _desk(request, article, page, inspect(article, content, now=now))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Preview: {article.title}",
        "opts": model_admin.opts,
        "article": article,
        "page": desk,
        "may_share": model_admin.has_change_permission(request, article),
        "comments": comments_of(request, article),
    }
    answer = TemplateResponse(request, "admin/reviews/article/preview.html", context, headers=_DESK_HEADERS)
    answer._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]
    return answer


def article_of(
    model_admin: admin.ModelAdmin[Article], request: HttpRequest, article_id: int, *, to_change: bool = False
) -> Article:
    """The article, when the user may see it, or change it; 404 and 403 otherwise."""
    article = Article.objects.select_related("author", "reviewer", "live_revision").filter(pk=article_id).first()
    if article is None:
        raise Http404(f"There is no article {article_id}.")
    may = model_admin.has_change_permission if to_change else model_admin.has_view_permission
    if not may(request, article):
        raise PermissionDenied
    return article


def version_or_404(article: Article, name: str) -> tuple[Version, Any]:
    try:
        return version_called(article, name)
    except VersionError as error:
        raise Http404(str(error)) from None


def framed(response: HttpResponse, page: ArticlePage) -> HttpResponse:
    """May stand in a frame of this site, and have the players of its videos in frames of its own."""
    frames = {"frame-src": list(page.frame_origins)} if page.frame_origins else None
    response[HEADER] = build_policy(update=frames, replace={"frame-ancestors": [SELF]})
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _desk(request: HttpRequest, article: Article, page: ArticlePage, inspection: Inspection) -> PreviewDesk:
    width = _asked(request, "width", WIDTHS, "phone")
    look = _asked(request, "look", LOOKS, "light")
    scripts = _asked(request, "scripts", SCRIPTS, "on")
    chosen = {"width": width, "look": look, "scripts": scripts}
    frame = reverse("admin:reviews_article_frame", args=[article.pk])
    shared = page.shared_picture
    return PreviewDesk(
        groups=(
            _group("Width", "width", {key: label for key, (label, _) in WIDTHS.items()}, chosen),
            _group("Look", "look", LOOKS, chosen),
            _group("Scripts", "scripts", SCRIPTS, chosen),
        ),
        frame_url=f"{frame}?{urlencode({'width': width, 'look': look})}",
        frame_width=WIDTHS[width][1],
        frame_title=f"The draft: {WIDTHS[width][0].lower()}, {LOOKS[look].lower()}, {SCRIPTS[scripts].lower()}",
        has_scripts=scripts == "on",
        inspection=inspection,
        snippet=snippet_of(article, is_judged=False),
        card_image=shared.url if shared else static(page.social_card),
        card_alt=shared.alt if shared else "",
        link=_link(request, article),
    )


def _group(label: str, name: str, options: dict[str, str], chosen: dict[str, str]) -> ChoiceGroup:
    return ChoiceGroup(
        label,
        tuple(
            Choice(word, f"?{urlencode({**chosen, name: key})}#frame", chosen[name] == key)
            for key, word in options.items()
        ),
    )


def _link(request: HttpRequest, article: Article) -> SharedLink | None:
    """The link named in the address, if it shows this article."""
    token = request.GET.get("link", "")
    try:
        opened: Opened | None = open_preview(token, now=timezone.now()) if token else None
    except PreviewError:
        opened = None
    if opened is None or opened.article.pk != article.pk:
        return None
    url = settings.SITE_URL + reverse("shared-preview", args=[token])
    return SharedLink(url, opened.until, opened.frozen_at)


def _asked(request: HttpRequest, name: str, options: dict[str, Any], otherwise: str) -> str:
    asked = request.GET.get(name, otherwise)
    return asked if asked in options else otherwise


def _style_names() -> list[str]:
    return sorted(file.name for file in _STYLES.glob("*.css"))


def _paper_styles() -> dict[str, str]:
    """Every stylesheet of the site by its address → the same for paper."""
    return {static(f"css/{name}"): reverse("admin:reviews_article_paper", args=[name]) for name in _style_names()}
