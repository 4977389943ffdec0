"""Which addresses should search engines know, and when did what they show last change?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.urls import reverse

from catalog import selectors as catalog
from catalog.kinds import Kind, ProductType
from catalog.models import Product
from catalog.page_tags import note
from reviews.models import Article
from reviews.models.author import Author
from reviews.pages.parts import SECTIONS, hub_url
from reviews.pages.weights import rank_url
from reviews.score_table import active_method

# https://www.sitemaps.org/protocol.html: a file holds at most 50,000 addresses.
PER_FILE = 20_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Six digits are plenty, and a longer number costs time to read for nothing.
_PRODUCTS_PART = re.compile(r"products-([0-9]{1,6})")
INFORMATION = ("corrections", "disclosure", "how-we-work", "how-we-rank", "privacy")


@dataclass(frozen=True, slots=True)
class Entry:
    """`changed_at` is None where no true time is known: a guess would only be distrusted."""

    path: str
    changed_at: datetime | None


def parts() -> list[Entry]:
    """The files of the index, each with the time of its latest change."""
    return [
        Entry(_part_url("articles"), _newest_article()),
        Entry(_part_url("pages"), _newest_article()),
        *(Entry(_part_url(f"products-{number}"), changed) for number, changed in enumerate(_newest_products(), 1)),
    ]


def entries(part: str) -> list[Entry] | None:
    """The addresses in one file; None when there is no such file."""
    note(*(("edited",) if part.startswith("products") else ("articles",)))
    if part == "articles":
        return list(_articles())
    if part == "pages":
        return list(_pages())
    numbered = _PRODUCTS_PART.fullmatch(part)
    number = int(numbered[1]) if numbered else 0
    # the articles and the pages are files of the index too
    return list(_products(number)) if 1 <= number <= len(parts()) - 2 else None


def _newest_products() -> list[datetime | None]:
    """Of every file of products the latest change of one in it. One query, however many files there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(updated_at) FROM ("
            "  SELECT updated_at, (row_number() OVER (ORDER BY id) - 1) / %s AS file"
            "  FROM catalog_product WHERE merged_into_id IS NULL"
            ") AS numbered GROUP BY file ORDER BY file",
            [PER_FILE],
        )
        return [changed for (changed,) in cursor.fetchall()] or [None]


def _part_url(part: str) -> str:
    return reverse("sitemap-part", kwargs={"part": part})


def _newest_article() -> datetime | None:
    found = Article.objects.published().aggregate(published=Max("published_at"), revised=Max("revised_at"))
    return max(filter(None, found.values()), default=None)


def _articles() -> Iterator[Entry]:
    for article in Article.objects.published().only(
        "slug", "public_slug", "status", "kind", "published_at", "revised_at"
    ):
        yield Entry(article.get_absolute_url(), article.revised_at or article.published_at)


def _pages() -> Iterator[Entry]:
    newest = _newest_article()
    yield Entry(reverse("home"), newest)
    for section in SECTIONS:
        yield Entry(reverse("articles", kwargs={"section": section}), newest)
    for kind in Kind:
        yield Entry(hub_url(kind), newest)
    for name in ProductType:
        yield Entry(hub_url(name.kind, name), None)
    yield Entry(reverse("products"), None)
    yield Entry(reverse("brands"), None)
    yield Entry(reverse("authors"), newest)
    note("products")
    for brand in catalog.brands_with_products():
        yield Entry(brand.get_absolute_url(), None)
    yield Entry(reverse("choose"), None)
    yield Entry(reverse("compare"), None)
    for name_of_page in INFORMATION:
        yield Entry(reverse(name_of_page), None)
    note("method")
    if method := active_method():
        yield Entry(reverse("method"), None)
        for use_case in method.use_cases:
            yield Entry(rank_url(use_case.key), None)
    for author in Author.objects.filter(articles__status=Article.Status.PUBLISHED).distinct():
        note(f"author:{author.pk}")
        yield Entry(author.get_absolute_url(), None)


def _products(number: int) -> Iterator[Entry]:
    start = (number - 1) * PER_FILE
    rows = Product.objects.filter(merged_into=None).order_by("pk")
    for slug, updated_at in rows.values_list("slug", "updated_at")[start : start + PER_FILE]:
        yield Entry(reverse("product", kwargs={"slug": slug}), updated_at)


def index_xml() -> str:
    note("edited", "articles")
    return _xml("sitemapindex", "sitemap", parts())


def part_xml(found: Iterable[Entry]) -> str:
    return _xml("urlset", "url", found)


def _xml(outer: str, inner: str, found: Iterable[Entry]) -> str:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{_NAMESPACE}">']
    for entry in found:
        changed = f"<lastmod>{entry.changed_at.isoformat(timespec='seconds')}</lastmod>" if entry.changed_at else ""
        lines.append(f"<{inner}><loc>{escape(settings.SITE_URL + entry.path)}</loc>{changed}</{inner}>")
    return "\n".join([*lines, f"</{outer}>\n"])
