"""How are links kept in a file, so that a process starts and answers while PostgreSQL and Redis are away?

A first line says what the file holds and how far it was read; then comes a line for each link. The file is written
beside and renamed, so that it is whole or not there; it is read whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from catalog.link_table.entries import Conditions, LinkEntry, RouteEntry, Shop
from catalog.links.routing import Route

FORMAT = 2
_SETS = ("countries", "forms", "systems", "languages", "weekdays")
_TIMES: Mapping[str, Callable[[str], object]] = {
    "from_time": time.fromisoformat,
    "until_time": time.fromisoformat,
    "starts_at": datetime.fromisoformat,
    "ends_at": datetime.fromisoformat,
}


class SnapshotError(Exception):
    """The file is no snapshot of ours, or of another version. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far the links were read: of which database, up to which transaction, and when (seconds since 1970)."""

    database: str
    transaction: int
    read_at: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    position: Position
    shops: dict[int, Shop]
    links: dict[str, LinkEntry]


def write(path: Path, position: Position, shops: Iterable[Shop], links: Collection[LinkEntry]) -> None:
    """Raises OSError, and then the file that was there before is as it was."""
    written = path.with_name(f"{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {
        "format": FORMAT,
        **asdict(position),
        "shops": [asdict(shop) for shop in shops],
        "links": len(links),
    }
    try:
        with written.open("w", encoding="utf-8") as file:
            file.write(json.dumps(head) + "\n")
            for link in links:
                plain = (link.code, link.id, link.status, link.offer_id, link.address, link.shop_id)
                file.write(json.dumps(plain if link.conditions is None else (*plain, _flat(link.conditions))) + "\n")
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def position_of(path: Path) -> Position | None:
    """How far the file was read; None when there is none that could be used. Reads its first line only."""
    try:
        with path.open(encoding="utf-8") as file:
            return _position(_head(file.readline()))
    except (OSError, ValueError, SnapshotError):
        return None


def read(path: Path) -> Snapshot:
    """Raises FileNotFoundError, OSError and `SnapshotError`."""
    try:
        with path.open(encoding="utf-8") as file:
            head = _head(file.readline())
            shops = {row["id"]: Shop(**{**row, "hosts": tuple(row["hosts"])}) for row in head["shops"]}
            links = {}
            for line in file:
                row = json.loads(line)
                code, pk, status, offer, address, shop, *rest = row
                conditions = _conditions(*rest) if rest else None
                links[code] = _checked(LinkEntry(code, pk, status, offer, address, shop, conditions), shops)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SnapshotError(f"{type(error).__name__}: {error}") from error
    if len(links) != head["links"]:
        raise SnapshotError(f"it holds {len(links)} links and should hold {head['links']}")
    return Snapshot(_position(head), shops, links)


def _head(line: str) -> Mapping[str, Any]:
    head = json.loads(line)
    if not isinstance(head, dict):
        raise SnapshotError("written by an earlier version" if isinstance(head, list) else "no snapshot of links")
    if head.get("format") != FORMAT:
        raise SnapshotError(f"its format is {head.get('format')!r}, and {FORMAT} is read here")
    return head


def _position(head: Mapping[str, Any]) -> Position:
    return Position(
        database=str(head["database"]), transaction=int(head["transaction"]), read_at=float(head["read_at"])
    )


def _checked(link: LinkEntry, shops: Mapping[int, Shop]) -> LinkEntry:
    """Raises TypeError and KeyError for what is no link, before a reader meets it."""
    named = [link.shop_id, *(one.shop_id for one in link.conditions.routes)] if link.conditions else [link.shop_id]
    for shop in named:
        shops[shop]
    if not isinstance(link.code, str) or not isinstance(link.address, str) or link.status not in (301, 302, 307):
        raise TypeError(f"{link.code!r} is no link")
    return link


def _flat(conditions: Conditions) -> dict[str, Any]:
    return {
        "ends_at": conditions.ends_at,
        "ended_path": conditions.ended_path,
        "routes": [
            {
                "route": {
                    name: sorted(value) if name in _SETS else value.isoformat() if name in _TIMES and value else value
                    for name, value in asdict(one.route).items()
                },
                "offer_id": one.offer_id,
                "address": one.address,
                "shop_id": one.shop_id,
            }
            for one in conditions.routes
        ],
    }


def _conditions(flat: dict[str, Any]) -> Conditions:
    routes = tuple(RouteEntry(**{**one, "route": _route(one["route"])}) for one in flat.pop("routes"))
    return Conditions(routes=routes, **flat)


def _route(flat: Mapping[str, Any]) -> Route:
    values: dict[str, Any] = {name: frozenset(value) if name in _SETS else value for name, value in flat.items()}
    for name, parsed in _TIMES.items():
        values[name] = parsed(values[name]) if values[name] else None
    return Route(**values)
