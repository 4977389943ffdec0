"""How are steps through the questions counted, so that no page waits for it? As views of pages are, in Redis."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis

from catalog.page_views import ViewCounter

WAITING, TAKEN = "steps:waiting", "steps:taken"


@cache
def step_counter() -> ViewCounter:
    """The site's own counter: a day, and what a page or a redirect says of its steps."""
    return ViewCounter(Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1), waiting=WAITING)
