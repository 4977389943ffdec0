"""How do the products of a "best of" stand by a reader's own weights? The editor's order and words stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reviews.blocks.base import ProductFacts
from reviews.models import Article, MethodVersion
from reviews.pages.weights import OwnWeights, Weighable, weighed
from reviews.score_table import method_of, score_rows


def article_weights(
    content: Mapping[str, Any], facts: Mapping[int, ProductFacts], written: Sequence[str], *, url: str
) -> OwnWeights | None:
    """By the version of the method that the article names, with its scores as they stand. Five queries.

    None where it is no "best of", has no use case, or names fewer than two products.
    """
    told = content.get("method")
    if not told or content["article"]["kind"] != Article.ArticleKind.BEST_OF:
        return None
    products = {
        one.product_id: Weighable(product_id=one.product_id, slug=one.slug, name=one.name, url=one.url)
        for one in facts.values()
    }
    version = MethodVersion.objects.filter(number=told["number"]).first()
    method = method_of(version) if version else None
    use_case = method.use_case(told["use_case"]) if method else None
    if method is None or use_case is None or len(products) < 2:
        return None
    rows = score_rows(method, products)
    return weighed(list(products.values()), rows, written, method=method, use_case=use_case, action=url)
