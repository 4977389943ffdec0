"""Which days does a request to the API ask about? `since` and `until`, both included; nothing: the last thirty."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from catalog.click_reports import Window, WindowError

NAMES = SINCE, UNTIL = ("since", "until")
DAYS = 30
DAY_PARAMETERS = [
    OpenApiParameter(SINCE, date, description=f"The first day, in the site's time zone; else {DAYS} days in all."),
    OpenApiParameter(UNTIL, date, description="The last day, included; else today."),
]


def asked_days(request: Request) -> Window:
    """Raises `ValidationError` for what is no day, and for days the wrong way round or too many."""
    until = _day(request, UNTIL) or timezone.localdate()
    since = _day(request, SINCE)
    try:
        return Window(since or until - timedelta(days=DAYS - 1), until)
    except WindowError as error:
        raise ValidationError({SINCE: [str(error)]}) from None
    except OverflowError:
        raise ValidationError({UNTIL: ["There are no thirty days before that one. Choose a later one."]}) from None


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        day = parse_date(text)
    except ValueError:  # looks like a day, and there is none such
        day = None
    if day is None:
        raise ValidationError({name: [f"“{text[:20]}” is no day. Write it as 2026-11-27."]})
    return day
