"""How is an answer put into the schema's words without asking every field of a serializer anew for each?

What a serializer tells is what its `to_representation` says; that is the definition, this is the same thing faster:
which fields there are, where each finds its value and how it tells it is looked up once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from rest_framework import serializers
from rest_framework.fields import SkipField

AnyField = serializers.Field[Any, Any, Any, Any]
Tell = Callable[[Any], Any]

# DRF's own ways to tell a value that are a word of Python's, and nothing else.
_PLAIN: Mapping[Any, Tell] = {
    serializers.CharField.to_representation: str,
    serializers.FloatField.to_representation: float,
    serializers.IntegerField.to_representation: int,
}
_LISTS = (serializers.ListField.to_representation, serializers.ListSerializer.to_representation)


class _Part(NamedTuple):
    """A field of an object: under which `key` of a mapping its value is (None: the field alone knows), how to `read`
    it otherwise, and how to `tell` it."""

    field: AnyField
    name: str
    key: str | None
    read: Tell
    tell: Tell


def teller(field: AnyField) -> Tell:
    """How this field or serializer tells a value that is not None. Both may be used from any thread."""
    own = type(field).to_representation
    if isinstance(field, serializers.Serializer) and own is serializers.Serializer.to_representation:
        return partial(_object, [_part(one) for one in field.fields.values() if not one.write_only])
    if isinstance(field, serializers.ListField | serializers.ListSerializer) and own in _LISTS and field.child:
        return partial(_each, teller(field.child))
    return _PLAIN.get(own, field.to_representation)


def _part(field: AnyField) -> _Part:
    name, path = str(field.field_name), field.source_attrs
    if len(path) == 1:
        return _Part(field, name, path[0], attrgetter(path[0]), teller(field))
    return _Part(field, name, None, field.get_attribute, teller(field))


def _object(parts: Iterable[_Part], told: Any) -> dict[str, Any]:
    is_mapping = isinstance(told, Mapping)
    found: dict[str, Any] = {}
    for field, name, key, read, tell in parts:
        try:
            value = told[key] if is_mapping and key is not None else read(told)
        except (KeyError, AttributeError):
            # the field knows whether it may be missing, and what it is then
            try:
                value = field.get_attribute(told)
            except SkipField:
                continue
        found[name] = None if value is None else tell(value)
    return found


def _each(tell: Tell, values: Iterable[Any]) -> list[Any]:
    return [None if value is None else tell(value) for value in values]
