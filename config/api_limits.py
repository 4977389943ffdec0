"""How often may one address or one key ask the API, and how does it hear what is left before it is refused?

Who shows a key that fits is counted by the key, from wherever it asks; everybody else by the address. Counted in Redis
in one step, so that no two processes let the same request through: a sliding window, of which only two sums are kept,
under a sum of the address with the site's key (nobody's address is stored). While Redis is away nothing can be counted,
and readers are answered.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from functools import cache as once
from typing import TYPE_CHECKING, Any

from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import ConnectionPool
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from partners.models import ApiKey
from readers.networks import network_of

if TYPE_CHECKING:  # views load what throttles them
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


@once
def _windows() -> SlidingWindowCounterRateLimiter:
    pool: Any = ConnectionPool.from_url(settings.REDIS_URL, **settings.REDIS_PATIENCE)
    return SlidingWindowCounterRateLimiter(RedisStorage("redis://", connection_pool=pool, key_prefix="api-limit"))


def client_of(address: str) -> str:
    """Who is counted: an IPv4 address; of IPv6 the first 56 bits, because one customer has all that follow."""
    who = network_of(address) if ":" in address else address
    return hashlib.blake2b(who.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()


class PerClient(AnonRateThrottle):
    """Said in every answer: `RateLimit-Limit`, `-Remaining`, `-Reset` (seconds until one more may come).

    `API_RATE` for an address, `API_KEY_RATE` for a key.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        # While a key is being refused `request.auth` would look at it once more.
        key = getattr(request, "_auth", None)
        kind = "key" if isinstance(key, ApiKey) else "anon"
        number, seconds = self.parse_rate(self.THROTTLE_RATES[kind])
        if not number or not seconds:
            return True
        bound = RateLimitItemPerSecond(number, seconds)
        who = f"key-{key.pk}" if isinstance(key, ApiKey) else client_of(self.get_ident(request) or "")
        try:
            may_pass = _windows().hit(bound, who)
            left = _windows().get_window_stats(bound, who)
        except RedisError:
            log.warning("How often the API is asked cannot be counted now: Redis does not answer.")
            return True
        self.seconds = max(1, math.ceil(left.reset_time - time.time()))
        view.headers |= {
            "RateLimit-Limit": str(bound.amount),
            "RateLimit-Remaining": str(left.remaining if may_pass else 0),
            "RateLimit-Reset": str(self.seconds),
        }
        return may_pass

    def wait(self) -> float | None:
        """Seconds; they become `Retry-After`."""
        return float(self.seconds)
