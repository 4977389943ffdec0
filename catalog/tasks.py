"""Which work of the catalogue happens later or by itself? Each task fetches, calls its service, and ends."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from catalog.services import clicks


@shared_task
def ship_clicks() -> None:
    clicks.ship_clicks(now=timezone.now())


@shared_task
def maintain_click_partitions() -> None:
    clicks.maintain_click_partitions(now=timezone.now())
