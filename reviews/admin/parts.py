"""Into which parts does an article fall when two people have changed it, and who changed which?

A part is one field or one block. A form carries a short mark of every part as it was opened; what is stored now and
what was sent are compared with that, so that only what both changed has to be asked about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from catalog.models import Product
from reviews.models import Article
from reviews.services.articles import EDITED


class BlockLike(Protocol):
    """A stored block, or one that was sent."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def products(self) -> Sequence[Product]: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Field name → its value in plain words of JSON; block key → the same. A block without a key has none here."""

    fields: Mapping[str, Any]
    blocks: Mapping[str, Any]


def stored_parts(article: Article, blocks: Sequence[BlockLike]) -> Parts:
    """The parts of an article whose fields are set, saved or not."""
    return Parts(
        fields={name: plain(article, name) for name in EDITED},
        blocks={block.key: block_value(block) for block in blocks if block.key},
    )


def plain(article: Article, name: str) -> Any:
    """A field's value as it is compared: an id for what it points at, a time in UTC, all else as text."""
    value = getattr(article, attname(name))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return "" if value is None else str(value)


def attname(name: str) -> str:
    """The attribute that holds a field's own column: reading it asks nobody."""
    return str(Article._meta.get_field(name).attname)  # type: ignore[union-attr]


def block_value(block: BlockLike) -> list[Any]:
    return [block.kind, block.data, [product.pk for product in block.products]]


def mark(value: Any) -> str:
    """A short mark: two values with the same one are the same."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]


def digests(parts: Parts) -> str:
    """What the form carries: the mark of every part, the blocks in their order."""
    fields = {name: mark(value) for name, value in parts.fields.items()}
    return json.dumps({"fields": fields, "blocks": [[key, mark(value)] for key, value in parts.blocks.items()]})


def opened(carried: str) -> tuple[dict[str, str], dict[str, str]]:
    """The marks of fields and of blocks as they were opened. What a browser garbled counts as nothing known."""
    try:
        told = json.loads(carried)
        return (
            {str(name): str(value) for name, value in told["fields"].items()},
            {str(key): str(value) for key, value in told["blocks"]},
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}, {}
