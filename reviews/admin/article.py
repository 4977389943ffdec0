"""Where do editors write, publish and retire articles? The form saves drafts; readers see what was published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from catalog.admin.mentions import NAMED_BY, Mention
from catalog.models import Product
from reviews.admin import product_names
from reviews.admin.article_form import ArticleForm
from reviews.admin.preview import preview
from reviews.admin.steps import StepsAdmin
from reviews.models import Article
from reviews.services.articles import edit_article
from reviews.services.drafts import draft_content, is_same


class UsedProductFilter(admin.SimpleListFilter):
    """Which articles use a product, as a draft or in what readers see (E1)? Also reached as `?products=<id>`."""

    title = "product used"
    parameter_name = "products"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = Q(block_products__isnull=False) | Q(revision_products__isnull=False) | Q(reviews__isnull=False)
        rows = Product.objects.filter(used).select_related("brand").distinct()
        return [(str(row.pk), row.name) for row in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if not (self.value() or "").isdecimal():
            return queryset
        return used_in(queryset, int(self.value() or 0))


def used_in(articles: QuerySet[Article], product_id: int) -> QuerySet[Article]:
    """The articles that name the product: in a block, as their subject, or in the revision readers see."""
    return articles.filter(
        Q(blocks__products=product_id) | Q(subject=product_id) | Q(live_revision__products=product_id)
    ).distinct()


def _mentions(product_id: int) -> list[Mention]:
    rows = used_in(Article.objects.all(), product_id).only("pk", "title", "status")
    return [
        Mention(
            f"{row.title} ({row.get_status_display().lower()})", reverse("admin:reviews_article_change", args=[row.pk])
        )
        for row in rows
    ]


NAMED_BY.append(_mentions)


@admin.register(Article)
class ArticleAdmin(StepsAdmin):
    form = ArticleForm
    change_form_template = "admin/reviews/article/change_form.html"
    list_display = ["title", "kind", "status", "author", "about_kind", "about_type", "published_at"]
    list_filter = ["status", "kind", "author", "about_kind", UsedProductFilter]
    list_select_related = ["author"]
    search_fields = ["title", "slug", "standfirst"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "standfirst", "author", "reviewer"]}),
        ("Subject", {"fields": ["subject", "obtained", "about_kind", "about_type"]}),
        ("For search engines", {"classes": ["collapse"], "fields": ["seo_title", "seo_description"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("products/", site.admin_view(self.products_view), name="reviews_article_products"),
            path("<int:article_id>/preview/", site.admin_view(self.preview_view), name="reviews_article_preview"),
            *super().get_urls(),
        ]

    def products_view(self, request: HttpRequest) -> HttpResponse:
        """Names that fit what was typed, for the editor's script."""
        if not self.has_view_permission(request):
            return JsonResponse({"names": []}, status=403)
        rows = product_names.search(request.GET.get("q", ""))[: product_names.SUGGESTIONS]
        return JsonResponse({"names": [product_names.typed_name(row) for row in rows]})

    def preview_view(self, request: HttpRequest, article_id: int) -> HttpResponse:
        return preview(self, request, article_id)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.new_kind = request.GET.get("add", "")
        return form

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
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def save_model(self, request: HttpRequest, obj: Article, form: forms.ModelForm[Article], change: bool) -> None:
        assert isinstance(form, ArticleForm)
        edit_article(article=obj, blocks=form.blockset.inputs())

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
