"""What does a network answer when its reports are asked for, and what does an answer without one mean?

Pure: the door is handed in. No message repeats the network's words or the address: both may hold keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from catalog.http import Door, DoorError
from catalog.json_answers import JsonAnswerError, json_value

# A month of a busy account, thousands of rows with their baskets.
LARGEST = 40 * 1024 * 1024
LONGEST_WAIT = 24 * 3600.0


class ReportError(Exception):
    """The network could not be asked, or its answer, or a whole file, cannot be used.

    `permanent`: asking again is useless until somebody changes a setting. `retry_after`: seconds the network asked us
    to stay away, when it did. `status`: of its answer. The text never repeats a secret or the network's own words.
    """

    def __init__(
        self, message: str, *, permanent: bool, retry_after: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status


def asked(
    door: Door,
    url: str,
    *,
    who: str,
    headers: Mapping[str, str],
    advice: str,
    form: bytes | None = None,
    body: Mapping[str, Any] | None = None,
) -> Any:
    """The JSON that the network answers to a GET, or to a POST of `form` or `body` (JSON). Raises `ReportError`.

    `advice`: what to look at when it does not let us in.
    """
    sent = {"accept": "application/json", **headers}
    if form is not None:
        sent["content-type"] = "application/x-www-form-urlencoded"
    elif body is not None:
        sent["content-type"] = "application/json"
        form = json.dumps(body).encode()
    try:
        if form is None:
            opened = door.get(url, headers=sent, max_bytes=LARGEST)
        else:
            opened = door.post(url, form, headers=sent, max_bytes=LARGEST)
        with opened as reply:
            status, answer = reply.status, reply.read()
    except DoorError as error:
        raise ReportError(
            str(error), permanent=error.permanent, retry_after=_wait_of(error), status=error.status
        ) from error
    if status != 200:
        raise _refused(status, who, advice)
    try:
        return json_value(answer)
    except JsonAnswerError as error:
        raise ReportError(f"{who}'s answer {error}.", permanent=False, status=status) from None


def rows_of(answer: object, *names: str) -> list[Any] | None:
    """The list that stands at the end of the path of names; None when the answer has another form."""
    found = answer
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, list) else None


def _refused(status: int, who: str, advice: str) -> ReportError:
    if status in {401, 403}:
        return ReportError(f"{who} does not let us in ({status}): {advice}.", permanent=True, status=status)
    if status == 404:
        message = f"{who} does not know what we asked for (404): check the account's numbers and address."
        return ReportError(message, permanent=True, status=status)
    if 300 <= status < 500 and status not in {408, 425}:
        message = f"{who} does not accept what we asked for ({status}): check the account's settings."
        return ReportError(message, permanent=True, status=status)
    return ReportError(f"{who} answered {status}, an error of its own.", permanent=False, status=status)


def _wait_of(error: DoorError) -> float | None:
    """Some say it in X-RateLimit-Reset, in seconds to wait; a larger number is a time of day and means nothing here."""
    if error.retry_after is not None:
        return error.retry_after
    text = error.headers.get("x-ratelimit-reset", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 5 and float(text) <= LONGEST_WAIT else None
