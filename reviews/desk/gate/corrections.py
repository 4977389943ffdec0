"""Is every correction that the next publication shows dated, and made?"""

from __future__ import annotations

from collections.abc import Iterator

from reviews.blocks import BLOCKS
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Placed, Sheet
from reviews.passages import sentences, stands


def correction_undated(sheet: Sheet) -> Iterator[Found]:
    for row in sheet.waiting_corrections:
        if row.day is None:
            yield Found(
                None,
                f"the correction “{row}” has no day: it gets the day on which it is published. Fill in the day on "
                "which the words were corrected, if that was another.",
            )


def correction_unmade(sheet: Sheet) -> Iterator[Found]:
    """The words that were wrong still stand in the content."""
    for row in sheet.waiting_corrections if sheet.blocks else ():
        if row.passage:
            for block in sheet.blocks:
                if stands(row.passage, _sentences(block)):
                    yield Found(
                        block.number,
                        f"“{row.passage}” still stands here, and a correction says it was wrong. Correct the words.",
                    )
                    break


def _sentences(block: Placed) -> tuple[str, ...]:
    known = BLOCKS.get(block.kind)
    return sentences(known.fields, block.data) if known and isinstance(block.data, dict) else ()
