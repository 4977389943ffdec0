"""Do the links in running text lead where an editor may send a reader?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from catalog.links.addresses import host_of
from reviews import own_links, rich_text
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet
from reviews.models import Article

_NAMED_BY_ROUTE = {
    "product": "product",
    "article-guide": "article",
    "article-review": "article",
    "article-best-of": "article",
}


def link_dangling(sheet: Sheet) -> Iterator[Found]:
    """Of ours: named by `product:` and `article:`, or written as an address of this site."""
    named = [(block, target, _named(target)) for block, target in sheet.text_links]
    dangling = set(own_links.dangling(name for _, _, name in named if name))
    for block, target, name in named:
        if name in dangling or (not name and _is_ours(target) and not _resolves(target)):
            yield Found(block, f"the link to “{target}” leads to nothing we have.")


def link_to_shop(sheet: Sheet) -> Iterator[Found]:
    """Such a link would have no label, no rel and no place, and nobody would notice when its offer ends."""
    shops = sheet.document.shops
    for block, target in sheet.text_links:
        if _is_ours(target) and urlsplit(target).path.startswith("/go/"):
            yield Found(block, f"“{target}” is an affiliate link in running text; name the product in a product card.")
        elif not _is_ours(target) and shops.pays_for(target):
            yield Found(
                block,
                f"“{target}” leads to a shop from running text; name the product in a product card, which labels the "
                "link and follows its price.",
            )


def link_not_public(sheet: Sheet) -> Iterator[Found]:
    named = [(block, target) for block, target in sheet.text_links if target.startswith("article:")]
    slugs = {target.partition(":")[2] for _, target in named}
    if not slugs:
        return
    waiting = Article.objects.filter(slug__in=slugs, status=Article.Status.DRAFT).values_list("slug", flat=True)
    for block, target in named:
        if target.partition(":")[2] in waiting:
            yield Found(block, f"“{target}” is not published yet: readers see its words without a link until it is.")


def _is_ours(target: str) -> bool:
    """A path, or an address with our host."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return host_of(target) == host_of(settings.SITE_URL) and parts.netloc == urlsplit(settings.SITE_URL).netloc
    return not parts.scheme and not parts.netloc and parts.path.startswith("/")


def _named(target: str) -> str:
    """The thing of ours that the target names, as `product:`, `price:` or `article:<slug>`; empty where none."""
    if target.startswith((*rich_text.OWN_SCHEMES, rich_text.PRICE_SCHEME)):
        return target
    if not _is_ours(target):
        return ""
    try:
        match = resolve(urlsplit(target).path)
    except Resolver404:
        return ""
    scheme = _NAMED_BY_ROUTE.get(match.url_name or "")
    return f"{scheme}:{match.kwargs['slug']}" if scheme else ""


def _resolves(target: str) -> bool:
    path = urlsplit(target).path
    if path.startswith("/go/"):
        return True
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
