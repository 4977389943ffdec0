"""Do the scores of an article come from the method, from the version in use, and does its order follow them?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reviews.blocks.scores import overall, shown_rows
from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Placed, Sheet
from reviews.pages.picks import picked_ids
from reviews.score_table import active_version
from reviews.scoring import out_of_order


def scores_missing(sheet: Sheet) -> Iterator[Found]:
    """A scores block "by the method" has an overall to show."""
    for block in _by_method(sheet):
        rows = shown_rows(block.data)
        if not rows:
            wanted = block.data["use_case"]
            yield Found(
                block.number,
                f"the method in use has no use case “{wanted}”. Choose one that it has, or type rows of your own.",
            )
        elif overall(rows) is None:
            missing = [row["criterion"] for row in rows if row["score"] is None]
            yield Found(
                block.number,
                f"there is no overall, because too little is scored: {', '.join(missing)} missing. Enter the scores "
                "under Methods, Scores.",
            )


def method_changed(sheet: Sheet) -> Iterator[Found]:
    """What is live keeps the version it was published by; publishing it again takes the new one."""
    numbers = {block.data["frozen"]["method"] for block in _by_method(sheet) if block.data.get("frozen")}
    numbers |= {told["number"]} if (told := sheet.content.get("method")) else set()
    active = active_version() if numbers else None
    if active is not None and (older := numbers - {active.number}):
        yield Found(
            None,
            f"it is scored by Method {min(older)}, and Method {active.number} is in use now. Look at its order and its "
            "words, and publish it again.",
        )


def order_unlike_scores(sheet: Sheet) -> Iterator[Found]:
    """The picks of an article with a use case stand in the order of their overalls."""
    told = sheet.content.get("method")
    if not told:
        return
    overalls = {int(product): Decimal(value) for product, value in told["overalls"].items()}
    for first, second in out_of_order(picked_ids(sheet.content), overalls):
        facts = sheet.page.facts
        if first in facts and second in facts:
            yield Found(
                None,
                f"the {facts[first].name} ({overalls[first]}) stands before the {facts[second].name} "
                f"({overalls[second]}), which scores higher for {told['label']}. Change the order, or say why.",
            )


def _by_method(sheet: Sheet) -> list[Placed]:
    return [block for block in sheet.blocks if block.kind == "scores" and block.data.get("use_case")]
