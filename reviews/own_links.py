"""Which of the things that a text names by `product:<slug>` or `article:<slug>` do we not have?"""

from __future__ import annotations

from collections.abc import Iterable

from catalog.models import Product
from reviews.models import Article


def dangling(targets: Iterable[str]) -> list[str]:
    """The targets that name nothing we have, in order. Two queries.

    An article that is not published yet is not dangling: two articles may name each other, and one is first.
    """
    wanted = list(targets)
    slugs = {target.partition(":")[2] for target in wanted}
    products = Product.objects.filter(slug__in=slugs).values_list("slug", flat=True)
    articles = Article.objects.exclude(status=Article.Status.RETIRED).filter(slug__in=slugs)
    known = {f"product:{slug}" for slug in products}
    known |= {f"article:{slug}" for slug in articles.values_list("slug", flat=True)}
    return sorted(set(wanted) - known, key=wanted.index)
