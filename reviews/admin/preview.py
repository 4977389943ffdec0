"""How will the draft look to readers? For signed-in staff only; nothing is published by looking."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from reviews import selectors
from reviews.body import build_body, own_targets, product_ids
from reviews.models import Article
from reviews.services.publishing import draft_content, publishing_problems


def preview(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """The draft's blocks through the same templates as the published page, and what would keep it from readers."""
    article = get_object_or_404(Article.objects.select_related("author", "reviewer"), pk=article_id)
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    content = draft_content(article)
    now = timezone.now()
    body = build_body(
        content["blocks"],
        facts=selectors.product_facts(product_ids(content["blocks"]), now=now),
        links=selectors.own_addresses(own_targets(content["blocks"])),
        slug=article.slug,
        today=now.date(),
        disclosure_url=reverse("disclosure"),
    )
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Draft: {article.title}",
        "opts": Article._meta,
        "article": article,
        "body": body,
        "problems": publishing_problems(content),
    }
    return TemplateResponse(request, "admin/reviews/article/preview.html", context)
