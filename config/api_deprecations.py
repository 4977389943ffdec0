"""Which doors of the API will be taken away, since when is that known, and how do their answers say so?

By RFC 9745 (`Deprecation`), RFC 8594 (`Sunset`) and RFC 8288 (`Link`), in every answer of such a door, and as
`deprecated` in the schema. What is promised about it stands in `docs/api.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.utils.http import http_date

SHORTEST_NOTICE = timedelta(days=180)
_DOCS = "/api/v1/docs/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retiring:
    """A door that goes: known since, open until (days, UTC), and the path of what takes its place."""

    since: date
    until: date
    successor: str

    def __post_init__(self) -> None:
        if self.until - self.since < SHORTEST_NOTICE:
            raise ValueError(f"{self.successor}: between `since` and `until` lie at least {SHORTEST_NOTICE.days} days.")

    @property
    def headers(self) -> dict[str, str]:
        site = settings.SITE_URL
        return {
            "Deprecation": f"@{_seconds(self.since)}",
            "Sunset": http_date(_seconds(self.until)),
            "Link": f'<{site}{_DOCS}>; rel="deprecation", <{site}{self.successor}>; rel="successor-version"',
        }


# By the path as the schema writes it: `/api/v1/products/{slug}/`.
RETIRING: Mapping[str, Retiring] = {}
_ROOT = "/api/v1/"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def with_notices(addresses: Sequence[URLPattern], retiring: Mapping[str, Retiring] = RETIRING) -> list[URLPattern]:
    """The addresses; those that go, with their notice. Raises `ValueError` for a notice about no address."""
    by_path = {_ROOT + _PART.sub(r"{\1}", str(address.pattern)): address for address in addresses}
    if unknown := set(retiring) - set(by_path):
        raise ValueError(f"No address has these paths: {', '.join(sorted(unknown))}.")
    for path, notice in retiring.items():
        by_path[path].callback = _told(by_path[path].callback, notice)
    return list(addresses)


def mark_retiring(result: dict[str, Any], retiring: Mapping[str, Retiring] = RETIRING, **_: Any) -> dict[str, Any]:
    """drf-spectacular's hook: operations of such a door are marked."""
    for path, notice in retiring.items():
        for operation in result["paths"].get(path, {}).values():
            operation["deprecated"] = True
            gone = f"Gone from {notice.until} on; use `{notice.successor}`."
            operation["description"] = "\n\n".join(filter(None, (operation.get("description"), gone)))
    return result


def _told(view: Callable[..., HttpResponseBase], retiring: Retiring) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        for name, value in retiring.headers.items():
            response.headers[name] = value
        return response

    return answered


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time.min, UTC).timestamp())
