"""Which articles does an editor look for: those that use a product, those with open findings?"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from catalog.admin.mentions import NAMED_BY, Mention
from catalog.models import Product
from reviews.models import Article, Finding


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


def with_problems(articles: QuerySet[Article]) -> QuerySet[Article]:
    """With `problem_count`: what the nightly look at live pages found and nobody has put right."""
    is_open = Q(findings__resolved_at__isnull=True, status=Article.Status.PUBLISHED)
    return articles.annotate(problem_count=Count("findings", filter=is_open, distinct=True))


class ProblemsFilter(admin.SimpleListFilter):
    """Which published articles have something to put right?"""

    title = "problems"
    parameter_name = "problems"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "With problems"), ("no", "Without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        has_some = Exists(Finding.objects.open().filter(article=OuterRef("pk")))
        match self.value():
            case "yes":
                return queryset.filter(has_some)
            case "no":
                return queryset.filter(~has_some)
        return queryset


def _mentions(product_id: int) -> list[Mention]:
    rows = used_in(Article.objects.all(), product_id).only("pk", "title", "status")
    return [
        Mention(
            f"{row.title} ({row.get_status_display().lower()})", reverse("admin:reviews_article_change", args=[row.pk])
        )
        for row in rows
    ]


NAMED_BY.append(_mentions)
