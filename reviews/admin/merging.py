"""Two people changed one article: what differs, who changed it, and what comes of their choices?

Pure of requests: two sides in, parts to choose among out, and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reviews.admin.part_words import Line, block_label, block_lines, field_lines, order_lines
from reviews.admin.parts import BlockLike, attname, block_value, mark, plain
from reviews.models import Article
from reviews.services.articles import EDITED, BlockInput

Choice = Literal["theirs", "mine"]
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the article: what is stored now, or what was sent and does not fit over it."""

    article: Article
    blocks: Sequence[BlockLike]

    @property
    def names(self) -> list[str]:
        """Blocks by key; a new one, which has none yet, by its number among those sent."""
        return [block.key or f"new-{number}" for number, block in enumerate(self.blocks)]

    @property
    def by_name(self) -> dict[str, BlockLike]:
        return dict(zip(self.names, self.blocks, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that differs. `lines` are its words on both sides; a side that lacks the block says so."""

    name: str
    label: str
    who: str
    choice: Choice
    lines: list[Line]
    is_there: bool = True
    is_mine: bool = True


_WHO: Mapping[str, str] = {"theirs": "changed by them", "mine": "changed by you", "both": "changed by both of you"}


def differing(theirs: Side, mine: Side, base: tuple[Mapping[str, str], Mapping[str, str]]) -> list[Part]:
    """What is not the same on both sides, with the choice that suggests itself: whoever alone changed it."""
    fields, blocks = base
    found: list[Part] = []
    for name in EDITED:
        ours, other = plain(mine.article, name), plain(theirs.article, name)
        if ours != other:
            changed = _changed(mark(ours), mark(other), fields.get(name))
            lines = field_lines(theirs.article, mine.article, name)
            found.append(_part(f"field-{name}", lines[0].label, changed, lines))
    found += _blocks(theirs, mine, blocks)
    return found + _order(theirs, mine, list(blocks))


def _blocks(theirs: Side, mine: Side, base: Mapping[str, str]) -> list[Part]:
    ours, other = mine.by_name, theirs.by_name
    found: list[Part] = []
    for number, name in enumerate(dict.fromkeys([*other, *ours]), start=1):
        one, two = ours.get(name), other.get(name)
        marks = [mark(block_value(block)) if block else None for block in (one, two)]
        if marks[0] == marks[1] or name.startswith("new-"):
            continue
        shown = two or one
        assert shown is not None
        found.append(
            _part(
                f"block-{name}",
                block_label(number, shown),
                _changed(marks[0], marks[1], base.get(name)),
                block_lines(two, one),
                is_there=two is not None,
                is_mine=one is not None,
            )
        )
    return found


def _order(theirs: Side, mine: Side, base: Sequence[str]) -> list[Part]:
    shared = set(theirs.names) & set(mine.names)
    ours, other, before = ([n for n in names if n in shared] for names in (mine.names, theirs.names, base))
    if ours == other:
        return []
    return [_part(ORDER, "Order of the blocks", _changed(ours, other, before), order_lines(theirs, mine, shared))]


def _changed(mine: object, theirs: object, base: object) -> str:
    if mine == base:
        return "theirs"
    return "mine" if theirs == base else "both"


def _part(name: str, label: str, changed: str, lines: list[Line], **more: Any) -> Part:
    choice: Choice = "theirs" if changed == "theirs" else "mine"
    return Part(name=name, label=label, who=_WHO[changed], choice=choice, lines=lines, **more)


def merged(theirs: Side, mine: Side, chosen: Mapping[str, Choice]) -> tuple[Article, list[BlockInput]]:
    """The article to save, its fields set, and its blocks. What is not in `chosen` is the same on both sides, or new
    in mine. `mine.article` is changed.
    """
    article = mine.article
    for name in EDITED:
        if chosen.get(f"field-{name}") == "theirs":
            setattr(article, attname(name), getattr(theirs.article, attname(name)))
    ours, other = mine.by_name, theirs.by_name
    taken: dict[str, BlockLike] = {}
    for name in {**other, **ours}:
        block = (other if chosen.get(f"block-{name}") == "theirs" else ours).get(name)
        if block is not None:
            taken[name] = block
    first, second = (theirs, mine) if chosen.get(ORDER) == "theirs" else (mine, theirs)
    names = _woven(first.names, second.names, taken)
    return article, [BlockInput(b.kind, b.data, b.products, b.key) for b in (taken[name] for name in names)]


def _woven(first: Sequence[str], second: Sequence[str], taken: Mapping[str, object]) -> list[str]:
    """The first order; what only the second one has stands behind its neighbour there."""
    names = [name for name in first if name in taken]
    behind: str | None = None
    for name in second:
        if name in taken and name not in names:
            names.insert(names.index(behind) + 1 if behind in names else 0, name)
        behind = name if name in taken else behind
    return names
