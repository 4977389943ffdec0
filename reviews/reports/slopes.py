"""How does an old order become a new one? Lines from left to right, drawn on the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviews.scoring import Move

WIDTH, ROW, LEFT, RIGHT = 720, 30, 250, 470
# Longer names are cut in the picture; the table beside it has them whole.
_MOST_LETTERS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """`y1` and `y2` are None where the product has no place on that side."""

    name: str
    direction: str
    y1: int | None
    y2: int | None
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    lines: tuple[Slope, ...]
    description: str
    height: int
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT


def slopes(moved: Sequence[Move], names: Mapping[int, str]) -> Slopes:
    """One line per product; who shares a rank stands below the other, so that no two names lie on each other."""
    left = _rows({move.product_id: move.rank_before for move in moved})
    right = _rows({move.product_id: move.rank_after for move in moved})
    ups = sum(move.places > 0 for move in moved)
    downs = sum(move.places < 0 for move in moved)
    return Slopes(
        lines=tuple(
            Slope(
                name=_cut(names.get(move.product_id, "?")),
                direction="up" if move.places > 0 else "down" if move.places < 0 else "same",
                y1=left.get(move.product_id),
                y2=right.get(move.product_id),
                before="" if move.before is None else str(move.before),
                after="" if move.after is None else str(move.after),
            )
            for move in moved
        ),
        description=f"{ups} up, {downs} down, {len(moved) - ups - downs} keep their place. All are in the table below.",
        height=ROW * max(1, len(left), len(right)) + 10,
    )


def _rows(ranks: Mapping[int, int | None]) -> dict[int, int]:
    """Where each stands, in the picture's units from its top."""
    placed = sorted((rank, place, key) for place, (key, rank) in enumerate(ranks.items()) if rank is not None)
    return {key: 10 + ROW * row + ROW // 2 for row, (_, _, key) in enumerate(placed)}


def _cut(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"
