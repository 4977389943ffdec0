"""How will the draft look to readers? For signed-in staff only; nothing is published by looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from reviews.blocks import BLOCKS
from reviews.desk.gate import publishing_problems
from reviews.models import Article
from reviews.named_products import named
from reviews.pages.article import page_of_content
from reviews.services.drafts import draft_content


def preview(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """The draft on the page readers would see, and what would keep it from them."""
    article = get_object_or_404(Article.objects.select_related("author", "reviewer"), pk=article_id)
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    content = draft_content(article)
    problems = publishing_problems(content)
    showable = {**content, "blocks": [block for block in content["blocks"] if _fits(block)]}
    page = replace(page_of_content(article, showable, now=timezone.now()), is_indexed=False)
    context = {"page": page, "article": article, "problems": problems}
    return TemplateResponse(request, "admin/reviews/article/preview.html", context)


def _fits(content: Mapping[str, Any]) -> bool:
    """A block that does not fit cannot be drawn; the list of problems names it."""
    block = BLOCKS.get(content["kind"])
    return block is not None and not block.fit(content["data"], product_count=len(named(content)))[1]
