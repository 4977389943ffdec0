"""Where does somebody meet what was typed? Lists, forms and logs of the desk; pages, feeds and letters outside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import reverse

from reviews.models import Article
from tests.reviews.html import walk
from tests.xss.wounds import wounds_of_answer, wounds_of_letter

PUBLIC = (
    "/",
    "/products/",
    "/reviews/",
    "/guides/",
    "/best/",
    "/method/",
    "/how-we-rank/",
    "/disclosure/",
    "/privacy/",
)
MACHINES = (
    "/feed/", "/feed/rss/", "/feed/prices/", "/sitemap.xml", "/llms.txt", "/robots.txt", "/api/v1/articles/",
    "/api/v1/products/", "/api/v1/offers/",
)  # fmt: skip


def read_back(client: Client, addresses: Iterable[str]) -> list[str]:
    """What is wrong with the answers of these addresses."""
    found = []
    for address in dict.fromkeys(addresses):
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 403, 404), (address, answer.status_code)
        found += [f"{address}: {one}" for one in wounds_of_answer(answer)]
    return found


def seen_by_readers() -> list[str]:
    """Every public page that pages link to, the feeds and what machines read; and the letters that were sent."""
    stranger = Client()
    found = [f"letter: {one}" for letter in mail.outbox for one in wounds_of_letter(letter)]
    pages = {address for address, _ in walk(stranger, PUBLIC)}
    found += read_back(stranger, [*sorted(pages), *MACHINES])
    for article in Article.objects.all():
        address = article.get_absolute_url()
        found += read_back(stranger, [address, f"{address.rstrip('/')}.md"])
    return found


def everything_read_back(editor: Client, answers: Iterable[Any], *, alone: bool = False, most: int = 3) -> list[str]:
    """What is wrong with these answers and, unless they stand `alone`, with all lists of the desk and some forms."""
    found = [one for answer in answers for one in wounds_of_answer(answer)]
    if alone:
        return found
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        rows = model._default_manager.order_by("-pk")[:most]
        pages = [reverse(f"{name}_{page}", args=[row.pk]) for row in rows for page in ("change", "history", "delete")]
        found += read_back(editor, [reverse(f"{name}_changelist"), *pages])
    for article in Article.objects.order_by("-pk")[:most]:
        found += read_back(editor, [reverse(f"admin:reviews_article_{page}", args=[article.pk]) for page in ARTICLE])
    return found


ARTICLE = ("preview", "frame", "versions", "comments")
