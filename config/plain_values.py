"""In which form does the cache keep values in Redis? As JSON: whoever can write there can lie, but run nothing here."""

from __future__ import annotations

import json
from typing import Any


class PlainValues:
    """Django's way to hand a Redis cache another form than pickles (`OPTIONS["serializer"]`).

    Whole numbers stand as they are, so that Redis can count them up; all else is JSON, where a tuple is a list.

    Raises:
        TypeError: `dumps` of what JSON does not know (bytes, times, models): the caller says how it is written.
        ValueError: `loads` of what this class did not write.
    """

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:  # not bool, which would come back as a number
            return value
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        try:
            return int(data)
        except ValueError:
            return json.loads(data)
