"""Which token lets a worker in at a merchant's API? One for the whole fleet, fetched by one, kept in Redis."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from catalog.sources.base import SourceError, Token

# A token that ends within so many seconds is not handed out any more: the request with it takes time too.
EARLY = 30
# Whoever fetches a token has so long, a little more than one request may take; then another may try.
FETCHING = 130
# In one step: between a look and a deletion another worker may have fetched a new one.
_FORGET = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class SharedTokens:
    """`catalog.sources.base.Tokens` over Redis: were each worker to fetch its own, providers would refuse us."""

    def __init__(self) -> None:
        self._redis = Redis.from_url(settings.REDIS_URL)

    def get(self, key: str, fetch: Callable[[], Token]) -> str:
        name = f"token:{key}"
        try:
            if kept := self._redis.get(name):
                return _text(kept)
            with self._redis.lock(f"{name}:fetching", timeout=FETCHING, blocking_timeout=FETCHING):
                if kept := self._redis.get(name):
                    return _text(kept)
                token = fetch()
                seconds = int(token.lives) - EARLY
                if seconds > 0:
                    self._redis.set(name, token.value, ex=seconds)
                return token.value
        except RedisError as error:
            raise SourceError(f"The shared tokens are not reachable ({error}).", permanent=False) from error

    def forget(self, key: str, value: str) -> None:
        name = f"token:{key}"
        try:
            self._redis.eval(_FORGET, 1, name, value)
        except RedisError:
            return  # it ends by itself


def _text(kept: object) -> str:
    return kept.decode() if isinstance(kept, bytes) else str(kept)
