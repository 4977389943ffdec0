"""Which address has a thing of ours that a text names by `product:<slug>` or `article:<slug>`?"""

from __future__ import annotations

from collections.abc import Iterable

from catalog.models import Product
from reviews.models import Article


def addresses(targets: Iterable[str]) -> dict[str, str]:
    """The address of each target readers can visit: products, published articles. Two queries at most."""
    products, articles = _slugs(targets)
    found = {}
    if products:
        for product in Product.objects.filter(slug__in=products).only("slug"):
            found[f"product:{product.slug}"] = product.get_absolute_url()
    if articles:
        for article in Article.objects.published().filter(slug__in=articles).only("slug", "kind"):
            found[f"article:{article.slug}"] = article.get_absolute_url()
    return found


def dangling(targets: Iterable[str]) -> list[str]:
    """The targets that name nothing we have, in order.

    An article that is not published yet is not dangling: two articles may name each other, and one is first.
    """
    wanted = list(targets)
    products, articles = _slugs(wanted)
    known = {f"product:{slug}" for slug in Product.objects.filter(slug__in=products).values_list("slug", flat=True)}
    rows = Article.objects.exclude(status=Article.Status.RETIRED).filter(slug__in=articles)
    known |= {f"article:{slug}" for slug in rows.values_list("slug", flat=True)}
    return sorted(set(wanted) - known, key=wanted.index)


def _slugs(targets: Iterable[str]) -> tuple[set[str], set[str]]:
    by_scheme: dict[str, set[str]] = {"product": set(), "article": set()}
    for target in targets:
        scheme, _, slug = target.partition(":")
        by_scheme[scheme].add(slug)
    return by_scheme["product"], by_scheme["article"]
