"""What are assistants told of products: found, one whole, side by side?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict

from catalog import selectors as catalog
from catalog.api.products import ProductOut
from catalog.facets.asked import Found
from catalog.models import Product
from catalog.product_index import find_products as find
from catalog.shopper import shopper
from catalog.shown_offer import ShownOffer
from reviews import selectors
from reviews.blocks.base import ProductFacts
from reviews.mcp.arguments import FILTERS, ORDERS, Compare, FindProducts, ReadProduct, RefusedError, in_words
from reviews.mcp.shown import DISCLOSURE, offers_of, shopping, told
from reviews.pages.catalogue import address
from reviews.pages.catalogue.question import Question
from reviews.pages.compare_address import compare_url
from reviews.pages.compare_rows import ScoreRow, ScoreRows, SpecRows, score_rows_of, spec_rows
from reviews.score_table import active_method, score_rows

PER_PAGE = 10
_NEAR = 3


def found_products(asked: FindProducts, *, now: datetime) -> dict[str, Any]:
    """A piece of the list, with how many there are in all and, where nothing was found, what to leave out."""
    question = _question(asked)
    with shopping(country=asked.country, currency=asked.currency):
        found = find(question.asked(shopper()), start=(asked.page - 1) * PER_PAGE, size=PER_PAGE, now=now)
        rows = catalog.kept_products(found.ids)
        products = [rows[pk] for pk in found.ids if pk in rows]
        facts = selectors.facts_of(products, now=now)
        offers = offers_of([one.pk for one in products], now=now, part="found")
        return {
            "count": found.count,
            "page": asked.page,
            "pages": -(-found.count // PER_PAGE),
            "products": [_card(one, facts[one.pk], offers[one.pk]) for one in products],
            **_remarks(found),
            "disclosure": DISCLOSURE,
        }


def _question(asked: FindProducts) -> Question:
    problems = [
        f"`filters.{name[:40]}`: there is no such filter; there are {', '.join(FILTERS)}."
        for name in asked.filters
        if name not in FILTERS
    ]
    if asked.sort and asked.sort not in ORDERS:
        problems.append(f"`sort`: products cannot be sorted by “{asked.sort[:40]}”; there are {', '.join(ORDERS)}.")
    written = QueryDict(mutable=True)
    written["q"], written["sort"] = asked.words, asked.sort
    for name, value in asked.filters.items():
        written[name] = value if isinstance(value, str) else ",".join(value)
    read = address.read(written)
    if problems or read.problems:
        raise RefusedError(in_words([*problems, *read.problems]))
    return read.question


def _card(product: Product, facts: ProductFacts, offers: Sequence[ShownOffer]) -> dict[str, Any]:
    return {
        "slug": product.slug,
        "name": facts.name,
        "brand": facts.brand,
        "kind": product.kind,
        "types": [name.value for name in product.type_names],
        "summary": product.summary,
        "score": facts.overall_score,
        "url": settings.SITE_URL + facts.url,
        "review": settings.SITE_URL + facts.review_url if facts.review_url else None,
        "best_offer": next(iter(told(offers[:1])), None),
    }


def _remarks(found: Found) -> dict[str, Any]:
    reading = found.reading
    return {
        "read_as": dict(reading.corrected),
        "ignored_words": reading.ignored,
        "ways_out": [{"leave_out": way.part, "opens": way.opens} for way in found.ways_out],
    }


def one_product(asked: ReadProduct, *, now: datetime) -> dict[str, Any]:
    """The product as the API gives it, with its scores and the articles that show it."""
    product = _products([asked.slug], now=now)[0]
    with shopping(country=asked.country, currency=asked.currency):
        offers = offers_of([product.pk], now=now, part="products")
        return {
            **ProductOut(product, context={"offers": offers}).data,
            "scores": _scores([product]),
            "articles": [
                {
                    "slug": article.public_slug,
                    "kind": article.kind,
                    "title": article.shown["title"],
                    "url": settings.SITE_URL + article.get_absolute_url(),
                }
                for article in selectors.articles_showing(product)
            ],
            "disclosure": DISCLOSURE,
        }


def compared(asked: Compare, *, now: datetime) -> dict[str, Any]:
    """The rows of the comparison's page, in the order asked for; offers by the API's terms."""
    products = _products(asked.slugs, now=now)
    facts_by_id = selectors.facts_of(products, now=now)
    facts = [facts_by_id[one.pk] for one in products]
    with shopping(country=asked.country, currency=asked.currency):
        offers = offers_of([one.pk for one in products], now=now, part="compared")
        return {
            "products": [
                {**_card(one, fact, offers[one.pk]), "offers": told(offers[one.pk])}
                for one, fact in zip(products, facts, strict=True)
            ],
            "specs": _specs(spec_rows(products, facts, only_differences=asked.only_differences)),
            "scores": _scores(products),
            "url": settings.SITE_URL
            + compare_url([one.slug for one in products], only_differences=asked.only_differences),
            "disclosure": DISCLOSURE,
        }


def _products(slugs: Sequence[str], *, now: datetime) -> list[Product]:
    """Each in its order. Raises `RefusedError` for what there is not, with the nearest that there is."""
    found = catalog.products_by_slug(slugs)
    missing = [slug for slug in dict.fromkeys(slugs) if slug not in found]
    if missing:
        raise RefusedError(in_words([_missing(slug, now=now) for slug in missing]))
    once = list({found[slug].pk: found[slug] for slug in slugs}.values())
    if len(once) < len(slugs):
        raise RefusedError(in_words(["`slugs`: a product is named more than once; name two to four different ones."]))
    return once


def _missing(slug: str, *, now: datetime) -> str:
    words = " ".join(slug.replace("-", " ").split())[:80]
    near = find(Question(words=words).asked(shopper()), start=0, size=_NEAR, now=now).ids
    rows = catalog.kept_products(near)
    names = ", ".join(f"`{rows[pk].slug}`" for pk in near if pk in rows)
    there = f"Did you mean {names}?" if names else "Look for it with `find_products`."
    return f"There is no product `{slug[:80]}`. {there}"


def _specs(rows: SpecRows) -> dict[str, Any]:
    return {
        "groups": [
            {
                "name": group.name,
                "rows": [
                    {
                        "label": row.label,
                        "values": [
                            {"value": None if cell.state == "unknown" else cell.value, "remark": cell.remark}
                            for cell in row.cells
                        ],
                        "difference": row.difference,
                    }
                    for row in group.rows
                ],
            }
            for group in rows.groups
        ],
        "unknown_of_all": rows.unknown,
        "same": rows.same,
        "too_little_known": rows.open_labels,
    }


def _scores(products: Sequence[Product]) -> Mapping[str, Any] | None:
    """Out of 10, by the method in force; null where nothing was scored."""
    method = active_method()
    if method is None:
        return None
    ids = [one.pk for one in products]
    rows = score_rows_of(method, score_rows(method, ids), ids)
    return _score_words(rows) if rows else None


def _score_words(rows: ScoreRows) -> dict[str, Any]:
    def of(some: Iterable[ScoreRow]) -> list[dict[str, Any]]:
        return [{"label": row.label, "values": [cell.score for cell in row.cells]} for row in some]

    return {
        "method_version": rows.number,
        "method": settings.SITE_URL + rows.url,
        "overall": of(rows.overalls),
        "criteria": of(rows.criteria),
    }
