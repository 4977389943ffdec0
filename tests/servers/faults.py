"""What a network's server answers when something is wrong, each fault once; and how it reads a question."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.catalog.shop import Page, Visit

Json = dict[str, Any]


def says(status: int, body: Any, **headers: str) -> Page:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda visit: visit.answer(sent, status=status, **headers)


FAULTS: dict[str, Page] = {
    "busy": says(429, {"error": "slow down"}, retry_after="60"),
    "broken": says(500, b"oops"),
    "away": says(503, b""),
    "a page": says(200, b"<!doctype html><title>Sign in</title>"),
    "truncated": says(200, b'[{"id": 1, "commissionStatus": "pend'),
    "cut off": lambda visit: visit.answer(b"[", length=5000),
    "something else": says(200, {"surprise": True}),
    "empty": says(200, b""),
    "refused": says(401, {"error": "unauthorized", "description": "token s3cret is not known"}),
    "forbidden": says(403, {"error": "forbidden"}),
    "unknown": says(404, {"error": "not_found"}),
}
# Those after which it is of no use to ask again before somebody has looked at the settings.
PERMANENT = frozenset({"refused", "forbidden", "unknown"})


def query_of(visit: Visit) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(visit.path).query).items()}
