"""The machine, not the product: settings, address tables, the task queue, the servers."""

from pathlib import Path

import environ

# First of all: whoever asks the environment, manage.py's embedded services included, also gets what .env says.
environ.Env.read_env(Path(__file__).resolve().parent.parent / ".env", overwrite=False)

from config.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
