"""A worker says that it lives by touching a file with each of its heartbeats (every two seconds).

Whoever asks, looks how old the file is. `celery inspect ping` asks the worker itself, but starts a whole Django for it:
three seconds of a core each time, and on a busy machine longer than a health check waits.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from celery.signals import heartbeat_sent
from django.conf import settings


@heartbeat_sent.connect
def _touch(**_: object) -> None:
    """A heartbeat is sent only while the worker is connected to its broker and its loop turns."""
    if settings.WORKER_ALIVE_FILE:
        with contextlib.suppress(OSError):  # a full disk must not stop the worker, only make it look ill
            Path(settings.WORKER_ALIVE_FILE).touch()
