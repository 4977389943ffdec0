"""What becomes of a field of a request that no door knows, or of one that is of another kind? It is refused by name.

A misspelt field that is passed over does something else than its sender meant, and says that all went well. A field
that is only told cannot be set. Numbers, texts and yes or no are not read out of each other: JSON has all three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers

_SHOWN = 60
# DRF's field → what of JSON it is, and how that is said. The first that fits counts.
_KINDS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...], str], ...] = (
    (serializers.MultipleChoiceField, (list, tuple, set), "a list"),
    (serializers.CharField, (str,), "a text, in quotes"),
    (serializers.DateField, (str,), "a day as text, such as 2026-11-27"),
    (serializers.DateTimeField, (str,), "a time as text, such as 2026-11-27T04:30:00Z"),
    (serializers.BooleanField, (bool,), "true or false"),
    (serializers.IntegerField, (int,), "a whole number, without quotes"),
    (serializers.FloatField, (int, float), "a number, without quotes"),
)


def refuse_unknown(sent: Iterable[Any], known: Iterable[str]) -> None:
    """Raises `ValidationError` naming every field that is not known."""
    if unknown := unknown_fields(sent, known):
        raise serializers.ValidationError(unknown)


def unknown_fields(sent: Iterable[Any], known: Iterable[str]) -> dict[str, list[str]]:
    """What is wrong with the fields that nobody knows: name → sentences."""
    names = tuple(known)
    words = f"There is no such field; known are: {', '.join(names)}."
    return {_shown(name): [words] for name in sent if name not in names}


class ExactInput(serializers.Serializer[Any]):
    """What a door takes: these fields and no others, also inside lists and objects of it."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        found = self._problems(data) if isinstance(data, Mapping) else {}
        try:
            values: dict[str, Any] = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if found and isinstance(error.detail, Mapping):
                raise serializers.ValidationError({**error.detail, **found}) from None
            raise
        if found:
            raise serializers.ValidationError(found)
        return values

    def _problems(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        fields = {name: field for name, field in self.fields.items() if not field.read_only}
        mistaken = {
            name: [f"It must be {words}."]
            for name, field in fields.items()
            if data.get(name) is not None and (words := _other_kind(field, data[name]))
        }
        return mistaken | unknown_fields(data, fields)


def _other_kind(field: serializers.Field[Any, Any, Any, Any], value: Any) -> str:
    """What it should have been; empty when it is."""
    for of, kinds, words in _KINDS:
        if isinstance(field, of):
            is_flag_for_number = isinstance(value, bool) and bool not in kinds
            if int in kinds and isinstance(value, float) and value.is_integer():
                return ""  # to JSON 1.0 is a whole number
            return "" if isinstance(value, kinds) and not is_flag_for_number else words
    if isinstance(field, serializers.ChoiceField):
        # DRF takes "302" for 302.
        meant = [choice for choice in field.choices if str(choice) == str(value)]
        return " or ".join(map(repr, meant)) if meant and not isinstance(value, type(meant[0])) else ""
    return ""


def _shown(name: Any) -> str:
    """The name as it can be written back: half a character of UTF-16 cannot."""
    return str(name)[:_SHOWN].encode("utf-8", "replace").decode()
