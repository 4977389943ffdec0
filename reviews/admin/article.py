"""Where do editors write, publish and retire articles? The form saves drafts; readers see what was published."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from reviews.admin import block_copy, keeping, product_names
from reviews.admin.article_filters import ProblemsFilter, UsedProductFilter, with_problems
from reviews.admin.article_form import ArticleForm
from reviews.admin.article_moving import MovingAdmin
from reviews.admin.block_gallery import BlockGalleryAdmin
from reviews.admin.conflict import conflict_page, resolve_conflict
from reviews.admin.draft_comments import CommentsAdmin
from reviews.admin.preview import PreviewAdmin
from reviews.admin.steps import StepsAdmin
from reviews.admin.versions import VersionsAdmin
from reviews.models import Article
from reviews.services.articles import ConflictError, edit_article
from reviews.services.drafts import draft_content, is_same
from reviews.services.editing_sessions import drop_work


@admin.register(Article)
class ArticleAdmin(PreviewAdmin, VersionsAdmin, StepsAdmin, CommentsAdmin, BlockGalleryAdmin, MovingAdmin):
    class Media:
        css = {"all": ["admin_editor/articles.css"]}

    form = ArticleForm
    change_form_template = "admin/reviews/article/change_form.html"
    # Few and narrow: beside the filters they fit a screen of 1280 pixels.
    list_display = ["title", "kind", "standing", "problems", "author", "changed_on", "published_on"]
    list_filter = ["status", "stage", ProblemsFilter, "kind", "author", "about_kind", UsedProductFilter]
    list_select_related = ["author"]
    search_fields = ["title", "slug", "standfirst"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "standfirst", "author", "reviewer", "picture"]}),
        ("Subject", {"fields": ["subject", "obtained", "about_kind", "about_type", "use_case"]}),
        ("Plan", {"classes": ["collapse"], "fields": ["planned_for", "expires_at"]}),
        ("For search engines", {"classes": ["collapse"], "fields": ["seo_title", "seo_description"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("products/", view(self.products_view), name="reviews_article_products"),
            path("block/", view(self.block_view), name="reviews_article_block"),
            path("add/keep/", view(self.keep_view), name="reviews_article_add_keep"),
            path("add/throw-away/", view(self.throw_away_view), name="reviews_article_add_throw_away"),
            path("<int:article_id>/keep/", view(self.keep_view), name="reviews_article_keep"),
            path("<int:article_id>/throw-away/", view(self.throw_away_view), name="reviews_article_throw_away"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return with_problems(super().get_queryset(request))

    @admin.display(ordering="problem_count", description="problems")
    def problems(self, article: Article) -> str:
        return str(getattr(article, "problem_count", 0) or "—")

    @admin.display(ordering="status", description="stands")
    def standing(self, article: Article) -> str:
        """What readers see of it and, where its working copy is on its way, how far."""
        if article.stage == Article.Stage.WRITING:
            return article.get_status_display()
        return f"{article.get_status_display()}, {article.get_stage_display().lower()}"

    @admin.display(ordering="updated_at", description="changed")
    def changed_on(self, article: Article) -> str:
        return _day(article.updated_at)

    @admin.display(ordering="published_at", description="published")
    def published_on(self, article: Article) -> str:
        return _day(article.published_at)

    def products_view(self, request: HttpRequest) -> HttpResponse:
        """Products that fit what was typed, for the editor's script."""
        if not self.has_view_permission(request):
            return JsonResponse({"products": []}, status=403)
        return JsonResponse({"products": product_names.suggestions(request.GET.get("q", "")[:200])})

    def block_view(self, request: HttpRequest) -> HttpResponse:
        return block_copy.copied_block(self, request)

    def keep_view(self, request: HttpRequest, article_id: int | None = None) -> HttpResponse:
        return keeping.keep(self, request, article_id)

    def throw_away_view(self, request: HttpRequest, article_id: int | None = None) -> HttpResponse:
        return keeping.throw_away(self, request, article_id)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.new_kind = request.GET.get("add", "")
        form.kept = keeping.kept_data(request, obj)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        article_id = int(object_id) if object_id and object_id.isdecimal() else None
        if article_id and request.method == "POST" and "_resolve" in request.POST:
            answer = resolve_conflict(self, request, article_id)
            if answer is not None:
                return answer
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ConflictError:
            assert article_id is not None, "only an article that is there can have been saved by somebody else"
            return conflict_page(self, request, article_id)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        # The prose editor's import map is an inline script: it runs only with this answer's nonce.
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        if hasattr(context["media"], "with_nonce"):
            context["media"] = context["media"].with_nonce(nonce)
        context |= {"nonce": nonce, "state": _state(obj)}
        if self.has_change_permission(request, obj) if change else self.has_add_permission(request):
            context |= {"desk": keeping.desk_state(request, obj)}
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm[Article], change: bool) -> None:
        assert isinstance(form, ArticleForm)
        seen = form.cleaned_data.get("seen_version") if change else None
        edit_article(article=obj, blocks=form.blockset.inputs(), seen_version=seen)
        saved = obj if change else None
        drop_work(article=saved, user=cast(User, request.user), now=timezone.now())

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._next_page(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._next_page(request, obj) or super().response_change(request, obj)

    def view_on_site(self, obj: Article) -> str | None:
        return obj.get_absolute_url() if obj.status == Article.Status.PUBLISHED else None

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without "delete selected", which would not ask about single articles."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def _next_page(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Where a press of one of our own buttons leads; None for Django's."""
        change = reverse("admin:reviews_article_change", args=[article.pk])
        if "_addblock" in request.POST:
            return HttpResponseRedirect(f"{change}?{urlencode({'add': request.POST.get('add_kind', '')})}#new-block")
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:reviews_article_preview", args=[article.pk]))
        return self.step_after_save(request, article)


def _day(at: datetime | None) -> str:
    """In the site's time zone."""
    return f"{timezone.localtime(at):%-d %b %Y}" if at else "—"


def _state(article: Article | None) -> str:
    """What readers see of the article, in a sentence."""
    if article is None or article.pk is None:
        return "A new draft. Readers see nothing of it until it is published."
    if article.status == Article.Status.RETIRED:
        return "Retired: readers do not see it."
    if article.live_revision is None:
        return "Draft: readers do not see it yet."
    differs = not is_same(article.live_revision.content, draft_content(article))
    draft = "The draft below differs from it." if differs else "The draft below is the same."
    return f"Published: readers see revision {article.live_revision.number}. {draft}"
