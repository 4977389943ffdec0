"""What does a log line look like, and at which level is it written? One line a record, as JSON or as words.

The same words whoever logs: Django, Celery, the web server and the house go through one handler, and what
`config.log_hiding` hides is hidden in all of them. With a line stand the request or the task it belongs to
(`config.log_ids`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from config.log_hiding import hide

FORMS = ("json", "lines")
_SAID_BEFORE = ("timestamp", "level", "logger", "event", "exception")


class HideWords:
    """A processor: every text of the line, tracebacks included, without what is nobody's business."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        self._secrets = tuple(secrets)

    def __call__(self, logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
        # What a library said in something else than text is put into text first: it may hold anything.
        return {key: hide(str(value), self._secrets) for key, value in line.items()}


def words(logger: WrappedLogger, method: str, line: EventDict) -> str:
    """`LEVEL logger message key=value`, for whoever sits before the screen; a traceback stands below."""
    told = [line.get("timestamp"), str(line.get("level", "")).upper(), line.get("logger"), line.get("event")]
    told += [f"{key}={value}" for key, value in line.items() if key not in _SAID_BEFORE]
    text = " ".join(str(word) for word in told if word)
    return f"{text}\n{line['exception']}" if line.get("exception") else text


def log_settings(level: str, *, form: str, has_time: bool, secrets: Collection[str] = ()) -> dict[str, Any]:
    """Django's LOGGING: every line on the console, from `level` on, as `form` (one of `FORMS`)."""
    stamp: list[Processor] = [structlog.processors.TimeStamper(fmt="iso", utc=True)] if has_time else []
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else words
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [
                    # the demo's process runner and journald put the time before each line themselves
                    *stamp,
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.contextvars.merge_contextvars,
                ],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    HideWords(secrets),
                    render,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {},  # named, so that Django's own handlers go: with DEBUG every line would stand twice
            "httpx2": {"level": "WARNING"},  # its INFO lines print whole URLs, and feed URLs carry keys
            # its DEBUG lines print answers' headers, and a Location repeats such a URL
            "httpcore2": {"level": "WARNING"},
            # Three lines for each task, every two seconds: the services say what they did, if they did anything.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            # The web server's words of what went wrong, as ours; its list of who asked for what, never.
            "_granian": {"handlers": ["console"], "propagate": False},
            "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
