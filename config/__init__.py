"""The machine, not the product: settings, URL tables, the task queue, the servers."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
