"""Tests that run side by side must not empty each other's cache."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.cache import cache

from catalog.page_store import page_store
from tests.conftest import _redis_database


def test_the_site_under_test_uses_this_workers_database() -> None:
    number = _redis_database(os.environ.get("PYTEST_XDIST_WORKER", ""))
    if "embedded" in settings.REDIS_URL or settings.REDIS_URL.startswith("unix://"):
        assert settings.REDIS_URL.endswith(f"db={number}")
    assert settings.CACHES["default"]["LOCATION"] == settings.REDIS_URL == os.environ["REDIS_URL"]
    page_store().changed(["seen by both"])
    assert cache._cache.get_client().exists("page:tag:seen by both")  # type: ignore[attr-defined]
