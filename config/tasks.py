"""What the machine does by itself for whoever looks after it."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from config.alarms import watching


@shared_task
def watch_promises() -> None:
    watching.watch(now=timezone.now())
