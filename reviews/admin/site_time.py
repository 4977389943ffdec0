"""Which moment does an editor mean by what stands in a form? The site's time zone counts; a moment that is not one is
refused.

When clocks go forward an hour is missing, when they go back one comes twice: neither may be guessed for a publication.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime


class SiteTimeField(forms.DateTimeField):
    """A time as the browser's own control gives it. Cleaned: aware; printed: in the site's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            naive = parse_datetime(str(value).strip())
        except ValueError:
            naive = None
        if naive is None:
            raise forms.ValidationError(f"“{value}” is not a time; write it like 2026-11-30 08:00.")
        return naive if timezone.is_aware(naive) else moment_at(naive)


def moment_at(naive: datetime) -> datetime:
    """The moment that a clock in the site's time zone shows. Raises `ValidationError` when there is none or two."""
    zone = timezone.get_current_timezone()
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    said = f"{naive:%d %B %Y, %H:%M}"
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise forms.ValidationError(
            f"There is no {said} in {zone}: the clocks go forward over it. Choose an hour later or earlier."
        )
    if first.utcoffset() != second.utcoffset():
        raise forms.ValidationError(
            f"{said} comes twice in {zone}: the clocks go back over it. Choose an hour later or earlier."
        )
    return first
