"""Has somebody else saved a row since its form was opened? Nobody saves over what they have not seen.

Each form carries a mark of every value it was opened with. What its editor left alone keeps what others saved
meanwhile; what both changed is asked about once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest

if TYPE_CHECKING:
    # What the mixin stands before; an inline never saves relations, and asks for no more than both have.
    _Desk = admin.ModelAdmin[Any]
else:
    _Desk = object

FIELD = "opened_with"
_SHOWN = 80


class AsOpenedForm(forms.ModelForm[Any]):
    """`kept` are the labels of the fields in which others' values stayed; complete once the form was validated."""

    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[str] = []
        columns = {column.name: column.attname for column in self.instance._meta.concrete_fields}
        self._columns = {name: columns[name] for name in self.fields if name in columns}
        # Taken now: validation writes what was typed over the instance.
        self._stored = {name: getattr(self.instance, column) for name, column in self._columns.items()}
        if self.instance.pk is not None:
            self.initial[FIELD] = json.dumps({name: _mark(value) for name, value in self._stored.items()})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opened = _read(cleaned.get(FIELD))
        asked = []
        for name, value in self._stored.items() if self.instance.pk is not None else ():
            is_same = opened.get(name, _mark(value)) == _mark(value)
            if is_same or name not in cleaned or name not in self.changed_data:
                continue
            if _mark(cleaned[name]) == opened[name]:
                cleaned[name] = getattr(self.instance, name)
                self.changed_data.remove(name)
                self.kept.append(str(self.fields[name].label or name))
            else:
                asked.append(name)
        self._ask_once(asked, opened)
        if FIELD in self.changed_data:
            self.changed_data.remove(FIELD)  # nobody typed it
        return cleaned

    def _ask_once(self, names: list[str], opened: dict[str, str]) -> None:
        """Say what stands there now. Who saves again has seen it."""
        if not names:
            return
        for name in names:
            self.add_error(
                name,
                f"Somebody saved {self._shown(name)} here while you had this page open. "
                "Save again to put yours in its place.",
            )
        seen = opened | {name: _mark(self._stored[name]) for name in names}
        sent: Any = copy(self.data)  # what a request sends cannot be changed itself
        sent[self.add_prefix(FIELD)] = json.dumps(seen)
        self.data = sent

    def _shown(self, name: str) -> str:
        display = getattr(self.instance, f"get_{name}_display", None)
        value = display() if display is not None else getattr(self.instance, name)
        if value is None or value == "" or value == []:
            return "nothing"
        text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


class AsOpenedMixin(_Desk):
    """For the `ModelAdmin` or the inline of an `AsOpenedForm`: the marks stand in the page of who may save."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.with_marks(request, obj, super().get_fieldsets(request, obj))

    def with_marks(self, request: HttpRequest, obj: Any, fieldsets: Iterable[Any]) -> list[Any]:
        """The fieldsets with the field of the marks in the first; without it for who adds or only looks."""
        bare = [
            (title, {**options, "fields": [name for name in options["fields"] if name != FIELD]})
            for title, options in fieldsets
        ]
        if obj is not None and self.has_change_permission(request, obj):
            bare[0][1]["fields"].append(FIELD)
        return bare

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        forms_sent = [form, *(one for formset in formsets for one in formset.forms)]
        if kept := [label for one in forms_sent for label in getattr(one, "kept", ())]:
            self.message_user(
                request,
                f"Somebody else changed this while you had it open: {', '.join(kept)}. It stayed; yours was added.",
                messages.WARNING,
            )


def _mark(value: Any) -> str:
    """A short digest: the page repeats no value, and two spellings of one moment or amount are the same."""
    if isinstance(value, Model):
        value = value.pk
    elif isinstance(value, datetime):
        value = int(value.timestamp())
    elif isinstance(value, Decimal):
        value = format(value.normalize(), "f")
    return hashlib.blake2s(json.dumps(value, sort_keys=True, default=str).encode(), digest_size=6).hexdigest()


def _read(text: Any) -> dict[str, str]:
    """The marks that were sent; none where they were tampered with or not sent."""
    try:
        sent = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(mark) for name, mark in sent.items()} if isinstance(sent, Mapping) else {}
