"""Which products does an article pick, in which order?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviews.named_products import named

PICKING = ("product_card", "quick_picks")


def picked_ids(content: Mapping[str, Any]) -> list[int]:
    """The products of its cards and, where there are none, of its quick picks; each once, in order."""
    for kind in PICKING:
        found = [pk for block in content["blocks"] if block["kind"] == kind for pk in _of(block)]
        if found:
            return list(dict.fromkeys(found))
    return []


def _of(block: Mapping[str, Any]) -> list[int]:
    """A quick pick's products stand in its rows, behind those it names."""
    return list(block["products"]) if block["kind"] == "quick_picks" else list(named(block))
