"""A Celery app that also knows the bench's own shop: `celery -A bench.worker worker`."""

from __future__ import annotations

import django

from config.celery import app

django.setup()

from bench.refresh import BenchShop  # noqa: E402
from catalog import sources  # noqa: E402

sources.SOURCES[BenchShop.key] = BenchShop()

__all__ = ["app"]
