"""How fast may a host be asked, by all our workers together, and how much of its daily quota is used?

The counters are in Redis. When Redis is away nothing is asked: no limit would be kept.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from fractions import Fraction
from urllib.parse import urlsplit

from django.conf import settings
from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
    RateLimitItemPerSecond,
)
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter
from redis import Redis
from redis.exceptions import RedisError

from catalog import sources
from catalog.http import Door, DoorError, Reply
from catalog.models import Merchant

# A request waits so long for its turn; beyond that the round ends and goes on later.
LONGEST_WAIT = 5.0
# Nobody's quota is asked after more rarely than this, nor more often than that, once it is used up.
_SOONEST, _LATEST = 1.0, 3600.0
# How long a door trusts what it last heard of a host that wants to be left alone.
_GATE_IS_KNOWN_FOR = 0.5
_WITHOUT_REDIS = 60.0


class PaceError(DoorError):
    """Our own limit, not the host's failure: go on after `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message, retry_after=retry_after, host_is_down=True)


class PacedDoor:
    """A door that keeps a merchant's pace. Threads share it.

    `requests` counts what was asked through it. `closed_for`: seconds after which to go on, when it had to refuse.
    """

    def __init__(self, door: Door, merchant: Merchant) -> None:
        self._door = door
        self._account = _account(merchant)
        self._limits = _limits(merchant)
        self._lock = threading.Lock()
        self._gates: dict[str, float] = {}
        self.requests = 0
        self.closed_for: float | None = None

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]:
        return self._paced(url, lambda: self._door.get(url, headers=headers, max_bytes=max_bytes))

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]:
        return self._paced(url, lambda: self._door.post(url, body, headers=headers, max_bytes=max_bytes))

    @contextmanager
    def _paced(self, url: str, ask: Callable[[], AbstractContextManager[Reply]]) -> Iterator[Reply]:
        key = self._account or _host(url)
        try:
            self._wait_for_turn(key)
        except PaceError as error:
            self.closed_for = max(self.closed_for or 0.0, error.retry_after or 0.0)
            _close_gate(key, error.retry_after or 0.0, only_if_open=True)
            raise
        except RedisError as error:
            self.closed_for = _WITHOUT_REDIS
            raise PaceError("The shared limits are not reachable, so nothing is asked.", retry_after=60) from error
        with self._lock:
            self.requests += 1
        try:
            with ask() as reply:
                yield reply
        except DoorError as error:
            if error.retry_after:
                _close_gate(key, error.retry_after)
                self._gates.pop(key, None)
            raise

    def _wait_for_turn(self, key: str) -> None:
        self._pass_gate(key)
        until = time.monotonic() + LONGEST_WAIT
        for limiter, item, name in self._limits:
            while not limiter.hit(item, name, key):
                wait = max(limiter.get_window_stats(item, name, key).reset_time - time.time(), 0.01)
                if time.monotonic() + wait > until:
                    text = f"{_who(key)} may be asked {item} and was: it goes on in a while."
                    raise PaceError(text, retry_after=min(max(wait, _SOONEST), _LATEST))
                time.sleep(wait)

    def _pass_gate(self, key: str) -> None:
        now = time.monotonic()
        if self._gates.get(key, 0.0) > now:
            return
        left = _away_for(key)
        if left > 0:
            raise PaceError(f"{_who(key)} is left alone for a while.", retry_after=left)
        self._gates[key] = now + _GATE_IS_KNOWN_FOR


def quota_used(merchant: Merchant, now: datetime) -> tuple[int, int | None]:
    """Requests of the last 24 hours that count against the merchant's daily quota, and that quota (None: it has none).

    The count is that of the account or host, shared by all its merchants. `now` is the moment for the reader; the
    counter's clock is Redis's. Raises `redis.exceptions.RedisError`.
    """
    key = _account(merchant) or _host(_address(merchant))
    for limiter, item, name in _limits(merchant):
        if isinstance(item, RateLimitItemPerDay):
            return item.amount - limiter.get_window_stats(item, name, key).remaining, item.amount
    return 0, None


def open_at(merchant: Merchant) -> float:
    """Seconds until the merchant's account or host may be asked again; 0 when it may be asked now."""
    key = _account(merchant) or _host(_address(merchant))
    return _away_for(key)


def host_open_at(url: str) -> float:
    """Seconds until the address' host may be asked again by anybody of us; 0 when it may be asked now."""
    return _away_for(_host(url))


def leave_host_alone(url: str, seconds: float) -> None:
    """The address' host asked us to stay away so long: readers of prices keep to it too."""
    _close_gate(_host(url), seconds)


_store: list[RedisStorage] = []


def _storage() -> RedisStorage:
    if not _store:
        _store.append(RedisStorage(settings.REDIS_URL, socket_timeout=5))
    return _store[0]


def _away_for(key: str) -> float:
    left = _redis().pttl(_gate(key))
    assert isinstance(left, int)
    return max(left, 0) / 1000


def _redis() -> Redis:
    connection = _storage().storage
    assert isinstance(connection, Redis)
    return connection


def _close_gate(key: str, seconds: float, *, only_if_open: bool = False) -> None:
    try:
        _redis().set(_gate(key), "1", px=max(int(seconds * 1000), 1), nx=only_if_open)
    except RedisError:
        return  # the failure itself keeps this merchant away; only its neighbours on the host were not told


def _limits(merchant: Merchant) -> list[tuple[RateLimiter, RateLimitItem, str]]:
    """What is hit for each request: the short windows first, so that a refusal costs nothing of the day's quota."""
    pace = sources.SOURCES[merchant.source].pace
    moving = MovingWindowRateLimiter(_storage())
    found: list[tuple[RateLimiter, RateLimitItem, str]] = []
    if merchant.requests_per_minute:
        found.append((moving, _per_minute(merchant.requests_per_minute), "own"))
    else:
        if pace.per_second:
            share = Fraction(pace.per_second).limit_denominator(60)
            item = RateLimitItemPerSecond(share.numerator, share.denominator, namespace="pace")
            found.append((moving, item, "second"))
        if pace.per_minute:
            found.append((moving, RateLimitItemPerMinute(pace.per_minute, namespace="pace"), "minute"))
    per_day = merchant.requests_per_day or pace.per_day
    if per_day:
        counter = SlidingWindowCounterRateLimiter(_storage())
        found.append((counter, RateLimitItemPerDay(per_day, namespace="pace"), "day"))
    return found


def _per_minute(requests: int) -> RateLimitItem:
    """Spread over the minute: sixty at once are not what "sixty a minute" grants."""
    share = Fraction(requests, 60).limit_denominator(60)
    if share <= 0:
        return RateLimitItemPerHour(max(requests * 60, 1), namespace="pace")
    return RateLimitItemPerSecond(share.numerator, share.denominator, namespace="pace")


def _account(merchant: Merchant) -> str:
    """Whose quota is used; the key itself never stands in Redis."""
    setting = sources.SOURCES[merchant.source].pace.account
    value = str((merchant.source_settings or {}).get(setting, "")) if setting else ""
    return f"{merchant.source}:{hashlib.sha256(value.encode()).hexdigest()[:16]}" if value else ""


def _address(merchant: Merchant) -> str:
    source = sources.SOURCES[merchant.source]
    address = (merchant.source_settings or {}).get(source.address_setting, "") if source.address_setting else ""
    return str(address) or f"https://{next(iter(merchant.hosts), '')}/"


def _host(url: str) -> str:
    try:
        return (urlsplit(url).netloc or "").rpartition("@")[2].lower()
    except ValueError:
        return ""


def _who(key: str) -> str:
    return f"The account of {key.partition(':')[0]}" if key.partition(":")[0] in sources.SOURCES else key


def _gate(key: str) -> str:
    return f"pace:away:{key}"
