"""How do the rows of an article's blocks become the wanted ones, in few statements however many blocks there are?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.block_numbers import alike
from reviews.models import Article, Block, BlockPicture, BlockProduct
from reviews.named_products import with_places

# How many rows one statement writes: a thousand blocks of text are a few megabytes of SQL.
BATCH = 500
MAX_KEY = 12  # what the column holds
_WRITTEN = ("kind", "position", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBlock:
    """A block whose data fits its kind, with the ids of what it shows. `key` may be empty."""

    key: str
    kind: str
    data: Mapping[str, Any]
    named: Sequence[int] = ()
    referred: Sequence[int] = ()
    pictures: Sequence[int] = ()


def write_blocks(article: Article, wanted: Sequence[WantedBlock]) -> bool:
    """A block keeps its row, and with it its key, wherever it moves. Whether anything had to be written.

    Needs the article's row locked, or new.
    """
    present = list(article.blocks.prefetch_related("block_products", "block_pictures"))
    rows = {row.key: row for row in present}
    used = set(rows)
    kept = alike([_compared(block) for block in wanted], [(row.key, _as_content(row)) for row in present])
    new: list[Block] = []
    changed: list[Block] = []
    placed: list[tuple[Block, WantedBlock]] = []
    for position, block in enumerate(wanted, start=1):
        row = rows.pop(kept[position]) if position in kept else _new_row(article, block, used)
        if row.pk is None:
            new.append(row)
        elif (row.kind, row.position, row.data) != (block.kind, position, block.data):
            changed.append(row)
        row.kind, row.position, row.data = block.kind, position, dict(block.data)
        placed.append((row, block))
    if rows:
        Block.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
    # An upsert by the rows' own ids: `bulk_update` would build an expression for each value, which takes five times as
    # long.
    Block.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN
    )
    Block.objects.bulk_create(new, batch_size=BATCH)
    fresh = {row.pk for row in new}
    is_relinked = [_link_products(placed, fresh), _link_pictures(placed, fresh)]
    return bool(rows or changed or new) or any(is_relinked)


def _new_row(article: Article, block: WantedBlock, used: set[str]) -> Block:
    """A key that came from elsewhere (a form, an import) is kept, unless a block of the article has it."""
    row = Block(article=article)
    if 0 < len(block.key) <= MAX_KEY and block.key not in used:
        row.key = block.key
    used.add(row.key)
    return row


def _compared(block: WantedBlock) -> dict[str, Any]:
    products = [product for product, _ in with_places(block.named, block.referred)]
    return {"key": block.key, "kind": block.kind, "data": block.data, "products": products}


def _as_content(row: Block) -> dict[str, Any]:
    products = [link.product_id for link in row.block_products.all()]
    return {"key": row.key, "kind": row.kind, "data": row.data, "products": products}


def _link_products(placed: Iterable[tuple[Block, WantedBlock]], fresh: set[int]) -> bool:
    stale: list[int] = []
    links: list[BlockProduct] = []
    for row, block in placed:
        wanted = with_places(block.named, block.referred)
        present = [] if row.pk in fresh else [(link.product_id, link.position) for link in row.block_products.all()]
        if present == wanted:
            continue
        stale += [row.pk] if present else []
        links += [BlockProduct(block=row, product_id=product, position=place) for product, place in wanted]
    if stale:
        BlockProduct.objects.filter(block__in=stale).delete()
    BlockProduct.objects.bulk_create(links, batch_size=BATCH)
    return bool(stale or links)


def _link_pictures(placed: Iterable[tuple[Block, WantedBlock]], fresh: set[int]) -> bool:
    stale: list[int] = []
    links: list[BlockPicture] = []
    for row, block in placed:
        present = set() if row.pk in fresh else {link.picture_id for link in row.block_pictures.all()}
        if present == set(block.pictures):
            continue
        stale += [row.pk] if present else []
        links += [BlockPicture(block=row, picture_id=picture) for picture in block.pictures]
    if stale:
        BlockPicture.objects.filter(block__in=stale).delete()
    BlockPicture.objects.bulk_create(links, batch_size=BATCH)
    return bool(stale or links)
