"""What differs between two contents of an article, field by field and block by block?

A pure module. Contents have the form of `Revision.content`; a block is the same one by its key, or by its likeness
where it was frozen before blocks had keys.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviews.block_fields import Choice, Choices, Field, PictureRef, ProductRef, RichText, Rows
from reviews.block_numbers import alike
from reviews.blocks import BLOCKS
from reviews.named_products import named
from reviews.word_changes import SAME, Piece, reading_text, word_changes

Content = Mapping[str, Any]
_OTHERWISE = "The words are the same; their form changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How editors call what contents name by id or slug; what is not in here was deleted."""

    products: Mapping[int, str] = field(default_factory=dict)
    pictures: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def product(self, asked: object) -> str:
        return self.products.get(asked, f"product {asked}, which was deleted") if isinstance(asked, int) else str(asked)

    def picture(self, asked: object) -> str:
        return self.pictures.get(asked, f"picture {asked}, which was deleted") if isinstance(asked, int) else str(asked)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose value differs. `note` says what the words do not show."""

    label: str
    pieces: tuple[Piece, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChange:
    """A block and what became of it; numbers count from 1 in either content, None where it is not in it.

    `states` are of "added", "removed", "moved", "changed"; none of them: it is as it was.
    """

    label: str
    before: int | None
    after: int | None
    states: tuple[str, ...]
    fields: tuple[FieldChange, ...] = ()

    @property
    def title(self) -> str:
        numbers = [str(number) for number in (self.before, self.after) if number is not None]
        return f"Block {' → '.join(dict.fromkeys(numbers))} ({self.label})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`blocks` are all of them, in the later order; those taken out stand where they stood."""

    fields: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]

    @property
    def changed_blocks(self) -> tuple[BlockChange, ...]:
        return tuple(block for block in self.blocks if block.states)

    @property
    def is_same(self) -> bool:
        return not self.fields and not self.changed_blocks


def compare(before: Content, after: Content, names: Names) -> Comparison:
    """From one content to the other."""
    return Comparison(tuple(_own_fields(before, after, names)), _blocks(before["blocks"], after["blocks"], names))


def _own_fields(before: Content, after: Content, names: Names) -> Iterator[FieldChange]:
    one, other = before["article"], after["article"]
    for name in dict.fromkeys([*other, *one]):
        if one.get(name) != other.get(name):
            label = names.labels.get(name, name.replace("_", " ").capitalize())
            yield _change(label, *(_own_text(name, values.get(name), names) for values in (one, other)))


def _own_text(name: str, value: object, names: Names) -> str:
    if value in (None, ""):
        return ""
    if name in ("author", "reviewer"):
        return names.people.get(str(value), str(value))
    if name == "subject":
        return names.product(value)
    return names.picture(value) if name == "picture" else str(value)


def _blocks(before: Sequence[Content], after: Sequence[Content], names: Names) -> tuple[BlockChange, ...]:
    pairs = alike(after, list(enumerate(before, 1)))
    kept = {now: was for now, was in pairs.items() if _may_be_one(before[was - 1], after[now - 1])}
    stayed = _in_order([kept[position] for position in range(1, len(after) + 1) if position in kept])
    found = [
        _block(before, after, kept.get(position), position, stayed, names) for position in range(1, len(after) + 1)
    ]
    gone = sorted(set(range(1, len(before) + 1)) - set(kept.values()))
    for position in gone:
        label = _label(before[position - 1])
        block = BlockChange(
            label=label, before=position, after=None, states=("removed",),
            fields=tuple(_block_fields(before[position - 1], {"kind": before[position - 1]["kind"]}, names)),
        )  # fmt: skip
        found.insert(_place(found, position), block)
    return tuple(found)


def _may_be_one(before: Content, after: Content) -> bool:
    """Two keys are two blocks, unless nothing else tells them apart (a block that was taken out and put back)."""
    keys = {before.get("key"), after.get("key")}
    return len(keys) == 1 or None in keys or before["data"] == after["data"]


def _block(
    before: Sequence[Content], after: Sequence[Content], was: int | None, now: int, stayed: set[int], names: Names
) -> BlockChange:
    block = after[now - 1]
    earlier: Content = before[was - 1] if was is not None else {"kind": block["kind"]}
    fields = tuple(_block_fields(earlier, block, names))
    states = ["added"] if was is None else []
    if was is not None and was not in stayed:
        states.append("moved")
    if was is not None and fields:
        states.append("changed")
    return BlockChange(label=_label(block), before=was, after=now, states=tuple(states), fields=fields)


def _place(found: Sequence[BlockChange], position: int) -> int:
    """Behind the last block that stood before it."""
    return 1 + max((at for at, block in enumerate(found) if block.before and block.before < position), default=-1)


def _in_order(numbers: Sequence[int]) -> set[int]:
    """The longest run of numbers that rise: these blocks stayed, the others were moved past them."""
    tails: list[int] = []
    runs: list[tuple[int, ...]] = []
    for number in numbers:
        at = bisect_left(tails, number)
        run = (*(runs[at - 1] if at else ()), number)
        tails[at : at + 1], runs[at : at + 1] = [number], [run]
    return set(runs[-1]) if runs else set()


def _block_fields(before: Content, after: Content, names: Names) -> Iterator[FieldChange]:
    if before["kind"] != after["kind"]:
        yield _change("Kind", _label(before), _label(after))
    one, other = (_products(block, names) for block in (before, after))
    if one != other:
        yield _change("Products", one, other)
    data = [block.get("data", {}) for block in (before, after)]
    if not all(isinstance(values, Mapping) for values in data):
        if data[0] != data[1]:
            yield _change("Content", *(json.dumps(values, ensure_ascii=False, sort_keys=True) for values in data))
        return
    known = {known.name: known for known in _fields(before) + _fields(after)}
    for name in dict.fromkeys([*known, *data[1], *data[0]]):
        values = [values.get(name) for values in data]
        if (values[0] or "") != (values[1] or ""):
            yield _change(
                known[name].label if name in known else name, *(_text(known.get(name), v, names) for v in values)
            )


def _change(label: str, before: str, after: str) -> FieldChange:
    pieces = word_changes(before, after)
    is_told = any(piece.kind != SAME for piece in pieces)
    return FieldChange(label, pieces, "" if is_told else _OTHERWISE)


def _text(known: Field | None, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(known, Rows) and isinstance(value, list):
        return "\n".join(f"{number}. {_row(known.columns, row, names)}" for number, row in enumerate(value, 1))
    if isinstance(known, Choice | Choices):
        said = dict(known.options)
        return "\n".join(said.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
    if isinstance(known, ProductRef):
        return names.product(value)
    if isinstance(known, PictureRef):
        return names.picture(value)
    return reading_text(value) if isinstance(known, RichText) and isinstance(value, str) else _plain(value)


def _plain(value: Any) -> str:
    """What no field of the kind describes, such as scores that were filled in when the article was frozen."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_plain(one)}" for name, one in value.items() if one not in (None, "", [], {}))
    return "\n".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _row(columns: Iterable[Field], row: object, names: Names) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    known = {column.name: column for column in columns}
    told = ((name, _text(known.get(name), value, names)) for name, value in row.items())
    return "; ".join(f"{known[name].label if name in known else name}: {text}" for name, text in told if text)


def _products(block: Content, names: Names) -> str:
    """Those it names; what it only refers to stands in its fields."""
    return "\n".join(names.product(product) for product in (named(block) if "products" in block else ()))


def _fields(block: Content) -> tuple[Field, ...]:
    known = BLOCKS.get(block["kind"])
    return known.fields if known else ()


def _label(block: Content) -> str:
    known = BLOCKS.get(block["kind"])
    return known.label if known else str(block["kind"])
