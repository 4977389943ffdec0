"""Can the article be told apart from our others by its title and its address?"""

from __future__ import annotations

from collections.abc import Iterator

from reviews.desk.gate.remarks import Found
from reviews.desk.gate.sheet import Sheet


def title_duplicate(sheet: Sheet) -> Iterator[Found]:
    return _said(sheet, "title-duplicate")


def title_near(sheet: Sheet) -> Iterator[Found]:
    return _said(sheet, "title-near")


def slug_unclear(sheet: Sheet) -> Iterator[Found]:
    return _said(sheet, "slug-unclear")


def slug_taken_over(sheet: Sheet) -> Iterator[Found]:
    return _said(sheet, "slug-taken-over")


def _said(sheet: Sheet, check: str) -> Iterator[Found]:
    return (Found(None, remark.message) for remark in sheet.name_remarks if remark.check == check)
