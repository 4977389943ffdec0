"""May this article be shown to readers, and what could be better? Every check is a line in `checks.py`.

`inspect` looks at a draft before it is published and, every night, at what is live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from reviews.desk.gate.checks import CHECKS, FIRST, THEN
from reviews.desk.gate.remarks import Check, Found, Inspection, PageCheck, Remark
from reviews.desk.gate.sheet import Sheet, document_of
from reviews.models import Article

__all__ = ["CHECKS", "Check", "Found", "Inspection", "PageCheck", "Remark", "inspect", "inspect_page"]


def inspect(article: Article, content: Mapping[str, Any], *, now: datetime) -> Inspection:
    """What keeps this content (in the form of `Revision.content`) from readers, and what could be better.

    `article` has author, reviewer and live revision selected; `now` is aware. The page is drawn once, by the template
    readers get; the number of queries does not grow with blocks or products.
    """
    sheet = Sheet(article=article, content=content, now=now)
    remarks = list(_remarks(FIRST, sheet))
    if not remarks:
        remarks = list(_remarks(THEN, sheet))
    is_refusal = {check.key: check.is_refusal for check in CHECKS}
    return Inspection(
        refusals=tuple(remark for remark in remarks if is_refusal[remark.check]),
        warnings=tuple(remark for remark in remarks if not is_refusal[remark.check]),
    )


def inspect_page(text: str) -> Inspection:
    """What is wrong with a page of ours that is no article, by its HTML alone."""
    document = document_of(text)
    found = [
        (check.is_refusal, Remark(check.key, _sentence(one.message), None, ""))
        for check in THEN
        if isinstance(check, PageCheck)
        for one in check.look(document)
    ]
    return Inspection(
        refusals=tuple(remark for is_refusal, remark in found if is_refusal),
        warnings=tuple(remark for is_refusal, remark in found if not is_refusal),
    )


def _remarks(checks: tuple[Check | PageCheck, ...], sheet: Sheet) -> Iterator[Remark]:
    named = {block.number: block for block in sheet.blocks}
    for check in checks:
        for found in check.look(sheet.document) if isinstance(check, PageCheck) else check.look(sheet):
            block = None if found.block is None else named[found.block]
            if block is None or block.counted is None:
                yield Remark(check.key, _sentence(found.message), None, block.kind if block else "")
            else:
                yield Remark(check.key, found.message, block.counted, block.kind)


def _sentence(message: str) -> str:
    """A message that stands alone begins with a capital; behind "Block 3 (Scores):" it does not."""
    return message[:1].upper() + message[1:]
