"""Which words of a log line are nobody's business? The secret in the address that a network calls us at."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(/postback/[0-9]+/)[^/\s?\"']+")


class HideSecrets(logging.Filter):
    """Writes … where a postback's secret stands, whoever logs the address. Nothing is left out of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/postback/" in text:
            record.msg, record.args = _SECRET.sub(r"\1…", text), ()
        return True
