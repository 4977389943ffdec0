"""Django's field that finds a row by typing, which stands bad input too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import BigIntegerField, ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

if TYPE_CHECKING:
    _Admin = admin.options.BaseModelAdmin[Any]
else:
    _Admin = object


class Picker(AutocompleteSelect):
    """What is no id picks nothing: the field says so, where Django's own widget breaks the page it would be said on."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        return super().optgroups(name, [one for one in value if not one or _is_id(one)], attr)


def _is_id(text: object) -> bool:
    written = str(text)
    is_number = written.isascii() and written.isdecimal() and len(written) <= len(str(BigIntegerField.MAX_BIGINT))
    return is_number and int(written) <= BigIntegerField.MAX_BIGINT


class PickerMixin(_Admin):
    """Before the admin's own class: its `autocomplete_fields` are such pickers."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Picker(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
