"""What is the most that a function before Django can reach? It gives an answer it was told, and does nothing for it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

STATUS, HEADERS = json.loads(os.environ["BARE_ANSWER"])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response(STATUS, [(name, value) for name, value in HEADERS])
    return []
