"""Can this article be drawn at all? What is wrong here keeps the other checks from having a page to read."""

from __future__ import annotations

from collections.abc import Iterator

from reviews.blocks import BLOCKS
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet
from reviews.models import Article


def blocks_missing(sheet: Sheet) -> Iterator[Found]:
    if not sheet.blocks:
        yield Found(None, "The article has no blocks yet.")


def obtained_missing(sheet: Sheet) -> Iterator[Found]:
    if sheet.told["kind"] == Article.ArticleKind.REVIEW and not sheet.told["obtained"]:
        yield Found(None, "Obtained: a review says how its unit came to us.")


def block_unfit(sheet: Sheet) -> Iterator[Found]:
    for block in sheet.blocks:
        plug_in = BLOCKS.get(block.kind)
        if plug_in is None:
            yield Found(block.number, "this kind is not installed. Remove the block.")
            continue
        for problem in plug_in.fit(block.data, product_count=len(block.named))[1]:
            yield Found(block.number, str(problem))
