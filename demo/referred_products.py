"""Which products do the rows of the demo's blocks speak of? Its files name them by slug, blocks want their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.models import Product
from reviews.block_fields import Field, ProductRef, Rows
from reviews.blocks import BLOCKS


def slugs_in(kind: str, data: Mapping[str, Any]) -> set[str]:
    return _slugs(BLOCKS[kind].fields, data) if kind in BLOCKS else set()


def with_ids(kind: str, data: Mapping[str, Any], products: Mapping[str, Product]) -> dict[str, Any]:
    """The data with ids for slugs. Raises KeyError with a slug that no product has."""
    return _with_ids(BLOCKS[kind].fields, data, products) if kind in BLOCKS else dict(data)


def _slugs(fields: Sequence[Field], data: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for field in fields:
        if isinstance(field, ProductRef) and data.get(field.name):
            found.add(data[field.name])
        elif isinstance(field, Rows):
            found |= {slug for row in data.get(field.name, ()) for slug in _slugs(field.columns, row)}
    return found


def _with_ids(fields: Sequence[Field], data: Mapping[str, Any], products: Mapping[str, Product]) -> dict[str, Any]:
    changed = dict(data)
    for field in fields:
        if isinstance(field, ProductRef) and data.get(field.name):
            changed[field.name] = products[data[field.name]].pk
        elif isinstance(field, Rows) and field.name in data:
            changed[field.name] = [_with_ids(field.columns, row, products) for row in data[field.name]]
    return changed
