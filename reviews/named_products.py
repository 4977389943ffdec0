"""Which of a block's products did its editor name, and which does its data only refer to?

A pure module. Stored, the named ones stand in front; a content says how many those are only where there are others
(`"named": 2`). What counts against the number a kind of block takes, and what `Block.build` is given, are these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# The place of the first product that is only referred to: no block names a thousand.
REFERRED_FROM = 1001


def with_places(named: Sequence[int], referred: Sequence[int]) -> list[tuple[int, int]]:
    """Product id and place of all: the named ones from 1 on, behind them what else the data refers to, each once."""
    only_referred = [product for product in dict.fromkeys(referred) if product not in named]
    return [
        *zip(named, range(1, len(named) + 1), strict=True),
        *zip(only_referred, range(REFERRED_FROM, 10**9), strict=False),
    ]


def as_content(placed: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """`products` of a block's content, and `named` where not all of them are. `placed` is in the order of places."""
    named = sum(place < REFERRED_FROM for _, place in placed)
    content: dict[str, Any] = {"products": [product for product, _ in placed]}
    return content if named == len(placed) else {**content, "named": named}


def named(content: Mapping[str, Any]) -> list[int]:
    """The ids of the products that the block of this content names, in order."""
    products: list[int] = content["products"]
    return products[: content.get("named", len(products))]
