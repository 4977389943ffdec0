"""How do the two sides of a difference read, beside each other?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviews import block_fields, rich_text
from reviews.blocks import BLOCKS
from reviews.models import Article

if TYPE_CHECKING:
    from reviews.admin.merging import Side
    from reviews.admin.parts import BlockLike


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on both sides; formatted text comes as sanitised HTML that says so itself."""

    label: str
    theirs: str
    mine: str


def field_lines(theirs: Article, mine: Article, name: str) -> list[Line]:
    label = str(getattr(Article._meta.get_field(name), "verbose_name", name)).capitalize()
    return [Line(label, _field(theirs, name), _field(mine, name))]


def _field(article: Article, name: str) -> str:
    shown = getattr(article, f"get_{name}_display", None)
    value = shown() if shown else getattr(article, name)
    return "" if value is None else str(value)


def block_label(number: int, block: BlockLike) -> str:
    return f"Block {number}: {BLOCKS[block.kind].label if block.kind in BLOCKS else block.kind}"


def block_lines(theirs: BlockLike | None, mine: BlockLike | None) -> list[Line]:
    """The fields that differ; all of them where one side lacks the block."""
    shown = theirs or mine
    plug_in = BLOCKS.get(shown.kind) if shown else None
    left, right = ({} if block is None else dict(block.data) for block in (theirs, mine))
    lines = [Line("Products", _products(theirs), _products(mine))]
    lines += [
        Line(field.label, _told(field, left.get(field.name)), _told(field, right.get(field.name)))
        for field in (plug_in.fields if plug_in else ())
    ]
    return [line for line in lines if line.theirs != line.mine]


def order_lines(theirs: Side, mine: Side, shared: Collection[str]) -> list[Line]:
    places = {name: number for number, name in enumerate(theirs.names, start=1)}

    def told(side: Side) -> str:
        named = [(name, block) for name, block in zip(side.names, side.blocks, strict=True) if name in shared]
        return "; ".join(f"{BLOCKS[b.kind].label if b.kind in BLOCKS else b.kind} ({places[n]})" for n, b in named)

    return [Line("Blocks, with their place in theirs", told(theirs), told(mine))]


def _products(block: BlockLike | None) -> str:
    return "; ".join(product.name for product in block.products) if block else ""


def _told(field: block_fields.Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    match field:
        case block_fields.RichText():
            return rich_text.SafeHtml(rich_text.sanitised(str(value)))
        case block_fields.Choice():
            return dict(field.options).get(value, str(value))
        case block_fields.Rows():
            return "\n".join(_row(field, row) for row in value if isinstance(row, Mapping))
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _row(field: block_fields.Rows, row: Mapping[str, Any]) -> str:
    cells = ((column.label, row.get(column.name)) for column in field.columns)
    return "; ".join(f"{label}: {value}" for label, value in cells if value not in (None, "", []))
