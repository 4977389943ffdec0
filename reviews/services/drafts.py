"""What is in the working copy of an article, in the form in which it would be frozen?

`Revision.content` is {"article": its own fields, "blocks": [{"key", "kind", "data", "products": ids}]}, with
"named": how many of its products a block names where it refers to others too (`reviews.named_products`), "pictures":
ids in a block that shows any, "picture" and "use_case" in an article that has one, and with the
blocks' numbers where they are not their positions (`reviews.block_numbers`). Nothing here saves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reviews.block_fields import PictureRef, references
from reviews.block_numbers import with_numbers
from reviews.blocks import BLOCKS
from reviews.models import Article
from reviews.named_products import as_content, named
from reviews.services.frozen_scores import fill_scores

BlockContent = Mapping[str, Any]


def draft_content(article: Article) -> dict[str, Any]:
    """What would be published: the draft's fields and blocks, after every one of `FREEZERS`. Four queries at most
    beside those of the freezers.

    Blocks that readers see already keep their numbers.
    """
    content: dict[str, Any] = {
        "article": _own_fields(article),
        "blocks": [
            _block_content(
                block.key,
                block.kind,
                block.data,
                [(row.product_id, row.position) for row in block.block_products.all()],
            )
            for block in article.blocks.prefetch_related("block_products")
        ],
    }
    for freeze in FREEZERS:
        content = freeze(content)
    live = article.live_revision
    return with_numbers(content, before=live.content if live else None)


def _own_fields(article: Article) -> dict[str, Any]:
    fields = {
        "kind": article.kind,
        "title": article.title,
        "slug": article.slug,
        "standfirst": article.standfirst,
        "author": article.author.slug,
        "reviewer": article.reviewer.slug if article.reviewer else None,
        "subject": article.subject_id,
        "obtained": article.obtained,
        "about_kind": article.about_kind,
        "about_type": article.about_type,
        "seo_title": article.seo_title,
        "seo_description": article.seo_description,
    }
    # Only where there is one: an article published before these fields were there is still the same.
    some = {"use_case": article.use_case, "picture": article.picture_id}
    return fields | {name: value for name, value in some.items() if value}


def _block_content(key: str, kind: str, data: Any, placed: list[tuple[int, int]]) -> dict[str, Any]:
    stored = _stored(kind, data)
    block = BLOCKS.get(kind)
    pictures = references(block.fields, stored, PictureRef) if block and isinstance(stored, Mapping) else []
    shown = {"pictures": pictures} if pictures else {}
    return {"key": key, "kind": kind, "data": stored, **as_content(placed), **shown}


def is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether readers would see the same.

    Contents frozen before blocks had keys are compared without them; what a block only refers to its data says.
    """
    return _seen(one) == _seen(other)


def _seen(content: Mapping[str, Any]) -> dict[str, Any]:
    blocks = [
        {name: value for name, value in block.items() if name not in ("key", "named")} | {"products": named(block)}
        for block in content["blocks"]
    ]
    return {**content, "blocks": blocks}


def with_disclosure(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks, with a disclosure at the top when they carry affiliate links and none of them is one (E15)."""
    has_one = any(block["kind"] == "disclosure" for block in blocks)
    if has_one or not any(map(carries_offers, blocks)):
        return list(blocks)
    return [{"kind": "disclosure", "data": {"text": ""}, "products": []}, *blocks]


def _stored(kind: str, data: Any) -> Any:
    """The data as its block stores it today, or as it is when it does not fit (which the checks will say)."""
    block = BLOCKS.get(kind)
    if block is None:
        return data
    stored, problems = block.fit(data, product_count=block.products.minimum)
    return data if problems else stored


def carries_offers(content: BlockContent) -> bool:
    block = BLOCKS.get(content["kind"])
    return bool(block and block.carries_offers_in(content["data"], product_count=len(content["products"])))


def disclosed(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "blocks": with_disclosure(content["blocks"])}


# What is filled in when the working copy is frozen, in this order: content in, content out.
FREEZERS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (disclosed, fill_scores)
