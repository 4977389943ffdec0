"""Which of the things that a text names by `product:`, `price:` or `article:<slug>` do we not have?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.validators import slug_re
from django.db.models import F, Q
from django.urls import reverse

from catalog.models import Product
from reviews.models import Article
from reviews.rich_text import PRICE_SCHEME


def dangling(targets: Iterable[str]) -> list[str]:
    """The targets that name nothing we have, in order. Two queries.

    An article that is not published yet is not dangling: two articles may name each other, and one is first.
    """
    wanted = list(targets)
    slugs = {target.partition(":")[2] for target in wanted}
    products = list(Product.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    named = Q(slug__in=slugs) | Q(public_slug__in=slugs) | Q(former_addresses__slug__in=slugs)
    articles = Article.objects.exclude(status=Article.Status.RETIRED).filter(named)
    known = {f"{scheme}{slug}" for slug in products for scheme in ("product:", PRICE_SCHEME)}
    names = articles.values_list("slug", "public_slug", "former_addresses__slug")
    known |= {f"article:{slug}" for row in names for slug in row if slug}
    return sorted(set(wanted) - known, key=wanted.index)


def own_addresses(targets: Iterable[str]) -> dict[str, str]:
    """Addresses of `product:<slug>` and `article:<slug>`. One query for articles; what is not public is left out.

    An article is found by the slug readers know it by, else by that of its working copy, else by a former one.
    """
    wanted = set(targets)
    slugs = {target.removeprefix("article:") for target in wanted if target.startswith("article:")}
    found = {
        target: reverse("product", kwargs={"slug": target.removeprefix("product:")})
        for target in wanted
        # Drafts may name what can be no slug at all, which has no address.
        if target.startswith("product:") and slug_re.match(target.removeprefix("product:"))
    }
    for slug, article in _articles_called(slugs).items():
        found[f"article:{slug}"] = article.get_absolute_url()
    return found


def _articles_called(slugs: set[str]) -> dict[str, Article]:
    if not slugs:
        return {}
    former = F("former_addresses__slug")
    named = Q(public_slug__in=slugs) | Q(slug__in=slugs) | Q(former_addresses__slug__in=slugs)
    rows = (
        Article.objects.published()
        .filter(named)
        .annotate(former_slug=former)
        .only("slug", "public_slug", "status", "kind")
        .order_by("former_addresses__left_at")
    )
    found: list[Any] = list(rows)
    # the surer name comes last and stays
    return (
        {article.former_slug: article for article in found if article.former_slug in slugs}
        | {article.slug: article for article in found if article.slug in slugs}
        | {article.public_slug: article for article in found if article.public_slug in slugs}
    )
