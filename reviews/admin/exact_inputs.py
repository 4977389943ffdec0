"""How does an editor fill in what is more exact than words: yes or no, a day, an address, a table?"""

from __future__ import annotations

from typing import Any

from django import forms

from reviews import exact_fields
from reviews.block_fields import Field


def exact_input(field: Field) -> forms.Widget | None:
    """The widget for a field of `reviews.exact_fields`; None for any other."""
    match field:
        case exact_fields.Flag():
            return forms.CheckboxInput()
        case exact_fields.Day():
            return DayInput(attrs={"class": "vTextField", "size": 12})
        case exact_fields.WebAddress():
            return forms.URLInput(attrs={"maxlength": field.max_length, "class": "vURLField", "inputmode": "url"})
        case exact_fields.Grid():
            return GridInput(attrs={"rows": 6, "class": "vLargeTextField grid-input", "wrap": "off"})
    return None


class DayInput(forms.TextInput):
    """A browser's own calendar; it sends `2026-05-31` whatever it shows."""

    input_type = "date"


class GridInput(forms.Textarea):
    """A table, one row on each line. What was typed and did not fit is shown as it was typed."""

    def format_value(self, value: Any) -> str | None:
        is_grid = isinstance(value, list) and all(isinstance(row, list) for row in value)
        return exact_fields.typed_grid(value) if is_grid else super().format_value(value)
