"""PostgreSQL and Redis, and the pages that are kept."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config import embedded, env
from config.databases import databases
from config.settings.site import DEBUG, TESTING

DATABASES = databases(
    url=env.text("DATABASE_URL") or embedded.database_url(),
    # A streaming copy that click reports read from.
    copy_url=env.text("DATABASE_COPY_URL"),
    # DATABASE_URL leads to a pooler that hands out servers by the transaction (PgBouncer): for web processes only.
    is_pooled=env.flag("DATABASE_POOLED"),
    max_age=env.integer("DATABASE_CONN_MAX_AGE", 60),
)
DATABASE_ROUTERS = ["config.copy_router.ReportsFromTheCopy"] if "copy" in DATABASES else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL") or embedded.redis_url()
if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("REDIS_URL is no address of Redis: write it as redis://:password@host:6379/0.")
# How long a page may be given out as it was made; what it shows changes before that, and it goes. 0: never.
PAGE_CACHE_SECONDS = env.integer("PAGE_CACHE_SECONDS", 0 if DEBUG or TESTING else 300)
if not 0 <= PAGE_CACHE_SECONDS <= 3600:
    raise ImproperlyConfigured(f"PAGE_CACHE_SECONDS is {PAGE_CACHE_SECONDS}; say 0 to 3600.")
# How many megabytes of pages each web process has ready in its own memory. 0: none, each is asked of Redis.
PAGE_MEMORY_MB = env.integer("PAGE_MEMORY_MB", 64)
# How long caches between us and readers may keep a page at least, and whether they are told its keys.
CDN_SECONDS = env.integer("CDN_SECONDS", 60)
SURROGATE_KEYS = env.flag("SURROGATE_KEYS")
# A Redis that hangs says nothing: whoever asks it beside other work waits no longer than this.
REDIS_PATIENCE = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {**REDIS_PATIENCE, "serializer": "config.plain_values.PlainValues"},
        # 2: as JSON. What was kept under 1 is pickles; nobody opens them any more, and they end by themselves.
        "VERSION": 2,
    }
}
