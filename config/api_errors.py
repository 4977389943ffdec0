"""What can go wrong at each door of the API, and how is that told? The schema says it for all of them alike.

Hooks of drf-spectacular. Every error is a problem document (`config.problems`), and objects that are sent hold no field
that nobody knows (`readers.exact_input`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

_PROBLEM = "Problem"
_REF = {"$ref": f"#/components/schemas/{_PROBLEM}"}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong, and what to do."},
        "errors": {
            "type": "array",
            "description": "Each field that does not fit, and why.",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
                "required": ["field", "problem"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_WORDS = {
    400: "Something that was sent cannot be read or is not known; `errors` says what and why.",
    401: "A key is needed, or the one that was sent opens nothing.",
    403: "The key lacks the scope.",
    404: "There is no such thing here.",
    406: "The API answers in JSON; `Accept` asks for something else.",
    409: "It does not fit what is here, or a request with this key is being worked on.",
    412: "It is another now than the precondition says.",
    413: "More was sent than one request may hold.",
    415: "`Content-Type` says something that this door does not read.",
    422: "The `Idempotency-Key` was used for another body within a day.",
    428: "A precondition is needed: `If-Match` with the `ETag` that was read.",
    429: "Too many requests; `Retry-After` says when one more may come.",
    503: "The database is away for a moment; `Retry-After` says when to come back.",
}
_DECIMAL = re.compile(r"\\d\{0,(\d+)\}\(\?:\\\.\\d\{0,(\d+)\}\)")
_NEVER_EMPTY = ("RecommendationInRequest", "NextQuestionInRequest")
_RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}


def say_what_fails(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Every operation tells of each error that it can answer with, in the same form."""
    result["components"]["schemas"][_PROBLEM] = _SCHEMA
    for operation in operations(result):
        told = operation["responses"]
        for status in _statuses(operation):
            told.setdefault(str(status), {"description": _WORDS[status]})
        for status, response in told.items():
            if int(status) >= HTTPStatus.BAD_REQUEST and "$ref" not in str(response.get("content", "")):
                response["content"] = {"application/problem+json": {"schema": _REF}}
            if int(status) in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
                response["headers"] = _RETRY_AFTER
    return result


def close_what_is_sent(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Objects of requests hold what they name and nothing else; a text that may be empty is one text."""
    schemas = result["components"]["schemas"]
    waiting = [operation["requestBody"] for operation in operations(result) if "requestBody" in operation]
    seen: set[str] = set()
    while waiting:
        found = waiting.pop()
        for part in _objects(found):
            if "properties" in part:
                part.setdefault("additionalProperties", False)
            _one_text(part)
            _some_digits(part)
        for name in re.findall(r"#/components/schemas/(\w+)", str(found)):
            if name not in seen:
                seen.add(name)
                waiting.append(schemas[name])
    return result


def ask_for_one_of(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Of some fields one at least is needed, or one with the other, which a list of needed fields cannot say; and where
    files are taken, one is needed."""
    for name in _NEVER_EMPTY:
        result["components"]["schemas"][name]["anyOf"] = [{"required": ["needs"]}, {"required": ["text"]}]
    for operation in operations(result):
        if any(name in str(operation.get("requestBody")) for name in (*_NEVER_EMPTY, "multipart/form-data")):
            operation["requestBody"]["required"] = True
    result["components"]["schemas"]["BudgetInRequest"]["dependentRequired"] = {"max": ["currency"]}
    return result


def operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All operations of the schema."""
    for methods in result["paths"].values():
        for operation in methods.values():
            if isinstance(operation, dict) and "responses" in operation:
                yield operation


def _statuses(operation: dict[str, Any]) -> Iterator[int]:
    """What is answered beside what the door itself names."""
    given = operation.get("parameters", ())
    places, names = {one["in"] for one in given}, {one["name"] for one in given}
    yield from (406, 429, 503)
    if operation.get("security"):
        yield 401
    if {} not in operation.get("security", [{}]):
        yield 403
    if "requestBody" in operation:
        yield from (400, 413, 415)
    elif "query" in places:
        yield 400
    if "path" in places or names & {"cursor", "format"}:
        yield 404
    if "If-Match" in names:
        yield from (409, 412, 428)
    if "Idempotency-Key" in names:
        yield from (400, 409, 422)


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
        for part in found.values():
            yield from _objects(part)
    elif isinstance(found, list):
        for part in found:
            yield from _objects(part)


def _some_digits(part: dict[str, Any]) -> None:
    """DRF's own pattern of an amount has room for none at all."""
    if part.get("format") == "decimal" and (found := _DECIMAL.search(part.get("pattern", ""))):
        part["pattern"] = rf"^-?\d{{1,{found[1]}}}(?:\.\d{{1,{found[2]}}})?$"


def _one_text(part: dict[str, Any]) -> None:
    """A pattern that an empty text fits, or an empty text, would be two answers to `oneOf`."""
    match part.get("oneOf"):
        case [{"type": "string", "pattern": str(pattern)}, {"type": "string", "maxLength": 0}]:
            text, _ = part.pop("oneOf")
            part |= text | {"pattern": pattern if re.search(pattern, "") else f"^$|{pattern}"}
