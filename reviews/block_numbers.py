"""By which number do places and reports know a block, while editors move, rewrite, add and remove blocks?

A pure module. A block keeps the number it was first published with, so that the clicks of one block are not counted
for another that later stands where it stood. Numbers are given in order and never twice. Only what differs from plain
counting is stored: `number` in a block whose number is not its position, `numbers_given` in a content that gave more
numbers than it has blocks.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

BlockContent = Mapping[str, Any]


def numbers_of(blocks: Sequence[BlockContent]) -> list[int]:
    """The number of each block of a published content, in order."""
    return [block.get("number", position) for position, block in enumerate(blocks, 1)]


def with_numbers(content: Mapping[str, Any], *, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The content with each block's number: that of the same block in the content published before, else a new one."""
    blocks = content["blocks"]
    earlier = before["blocks"] if before else []
    kept = alike(blocks, list(zip(numbers_of(earlier), earlier, strict=True)))
    given = max(len(earlier), before.get("numbers_given", 0)) if before else 0
    numbered = []
    for position, block in enumerate(blocks, 1):
        number = kept.get(position)
        if number is None:
            number = given = given + 1
        numbered.append({**block, "number": number} if number != position else dict(block))
    extra = {"numbers_given": given} if given > len(blocks) else {}
    return {**content, "blocks": numbered, **extra}


Name = TypeVar("Name", int, str)


def alike(blocks: Sequence[BlockContent], earlier: Sequence[tuple[Name, BlockContent]]) -> dict[int, Name]:
    """Position → name (number or key) of the blocks that were there before, the surest likeness first."""
    kept: dict[int, Name] = {}
    for likeness in (_same_key, _same, _same_products, _same_title, _same_kind):
        if len(kept) == min(len(blocks), len(earlier)):
            break
        free: dict[Hashable, list[Name]] = {}
        taken = set(kept.values())
        for name, block in earlier:
            if name not in taken and (mark := likeness(block)) is not None:
                free.setdefault(mark, []).append(name)
        for position, block in enumerate(blocks, 1):
            if position not in kept and (names := free.get(likeness(block))):
                kept[position] = names.pop(0)
    return kept


def _same_key(block: BlockContent) -> Hashable:
    return block.get("key") or None


def _same(block: BlockContent) -> Hashable:
    # The database gives an object's keys back in another order.
    return (block["kind"], json.dumps(block["data"], sort_keys=True), tuple(block["products"]))


def _same_products(block: BlockContent) -> Hashable:
    return (block["kind"], tuple(block["products"])) if block["products"] else None


def _same_title(block: BlockContent) -> Hashable:
    title = block["data"].get("title") if isinstance(block["data"], dict) else None
    return (block["kind"], title) if title else None


def _same_kind(block: BlockContent) -> Hashable:
    """What shows no product was rewritten; with another product it is another block."""
    return None if block["products"] else block["kind"]
