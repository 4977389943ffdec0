"""What is wrong with how this process is told to run? Into its log when it starts, and it starts all the same."""

from __future__ import annotations

import logging

from celery.signals import worker_init
from django.core.checks import ERROR, run_checks

from config.checks.site import TAG

log = logging.getLogger("config.checks")


def say_problems() -> int:
    """How many there are. No service is asked: it may be away, and `/readyz` says so."""
    found = sorted(run_checks(tags=[TAG]), key=lambda message: str(message.id))
    for message in found:
        level = logging.ERROR if message.level >= ERROR else logging.WARNING
        log.log(level, "%s %s %s", message.id, message.msg, message.hint)
    return len(found)


@worker_init.connect
def _worker_begins(**_: object) -> None:
    say_problems()
