"""Which work of the recommender happens by itself? Each task calls its service, and ends."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from recommender.services import step_tallies


@shared_task
def store_steps() -> None:
    step_tallies.store_steps()


@shared_task
def forget_old_steps() -> None:
    step_tallies.forget_old_steps(now=timezone.now())
