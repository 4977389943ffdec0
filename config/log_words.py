"""What is written to the log, and which words of it are nobody's business?"""

from __future__ import annotations

import logging
import re
from typing import Any

_SECRET = re.compile(r"(/postback/[0-9]+/)[^/\s?\"']+")


class HideSecrets(logging.Filter):
    """Writes … where the secret stands in the address that a network calls us at, whoever logs it.

    No line is left out of the log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/postback/" in text:
            record.msg, record.args = _SECRET.sub(r"\1…", text), ()
        return True


def log_settings(level: str, *, has_time: bool) -> dict[str, Any]:
    """Django's LOGGING: every line on the console, from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                # the demo's process runner and journald put the time before each line themselves
                "format": ("%(asctime)s " if has_time else "") + "%(levelname)s %(name)s %(message)s"
            }
        },
        "filters": {"hide secrets": {"()": "config.log_words.HideSecrets"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide secrets"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"filters": ["hide secrets"]},  # it names the address of every request that failed
            "httpx2": {"level": "WARNING"},  # its INFO lines print whole URLs, and feed URLs carry keys
            # its DEBUG lines print answers' headers, and a Location repeats such a URL
            "httpcore2": {"level": "WARNING"},
            # Three lines for each task, every two seconds: the services say what they did, if they did anything.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
