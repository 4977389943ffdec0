"""Which days does a report in the admin speak of, as its address says it?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from catalog.click_reports import Window, WindowError

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WindowForm(forms.Form):
    """The days in the address, as `window` in what is cleaned. What is missing is the last thirty."""

    since = forms.DateField(required=False, label="First day", widget=_DAY)
    until = forms.DateField(required=False, label="Last day", widget=_DAY)

    def __init__(self, asked: Any, *, today: date) -> None:
        self._today = today
        super().__init__(asked)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        until = found.get("until") or self._today
        since = found.get("since") or until - timedelta(days=29)
        try:
            return {**found, "window": Window(since, until)}
        except WindowError as error:
            raise forms.ValidationError(str(error)) from error

    def window(self) -> Window:
        """The days asked for; the last thirty where they could not be read, which is said beside the form."""
        if self.is_valid():
            found: Window = self.cleaned_data["window"]
            return found
        return Window(self._today - timedelta(days=29), self._today)
