"""Which of the things that a text names by `product:`, `price:` or `article:<slug>` do we not have?"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

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
