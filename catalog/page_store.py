"""Which pages are kept ready in Redis, are they still true, and who makes the one that is not?

Every change of a tag and every beginning of a build gets a moment of one clock, Redis' own. A page is true as long as
none of its tags changed at or after the moment its build began: so a page that was being built while something changed
is never given out, whoever is first. The check is made where the page lies, in one step with reading or writing it.
Of all who ask for a page that is not there, one is told to make it. Changes are also told to whoever listens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from django.conf import settings
from redis import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from catalog.page_tags import LAG_SECONDS, MAY_LAG

# No page is kept longer, so that changes need not be remembered longer either.
LONGEST_SECONDS = 3600
_REMEMBERED_SECONDS = LONGEST_SECONDS + 600
# Of one path in one page's time: an address whose parameters can be varied at will must not fill the memory.
MOST_VARIANTS = 500
# Redis does nothing else meanwhile.
_TAGS_AT_ONCE = 1000
# A page that waits longer for Redis than it takes to be built is no gain.
TIMEOUT_SECONDS = 0.5
# Whoever was told to make a page and died is waited for no longer.
BUILD_SECONDS = 10

# The clock never stands and never goes back, also when the machine's does. Before `born` this Redis knows of nothing:
# it came up empty, or with what an older copy of it held.
_CLOCK = """
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', 'page:clock') or '0')
local now = math.max(time[1] * 1000000 + time[2], last)
local function text(moment) return string.format('%.0f', moment) end
local function be_born(moment)
    redis.call('SET', 'page:born', text(moment))
    redis.call('SET', 'page:clock', text(moment))
end
if not redis.call('GET', 'page:born') then be_born(now) end
"""
_BEGAN = _CLOCK + "return text(now)"
_GREET = (
    _CLOCK
    + """
if redis.call('GET', 'page:run') == ARGV[1] then return 0 end
redis.call('SET', 'page:run', ARGV[1])
be_born(math.max(now, last + 1))
return 1
"""
)
# Of what may lag the moments of the last seconds are kept, and the newest before them.
_CHANGED = (
    _CLOCK
    + """
now = math.max(now, last + 1)
redis.call('SET', 'page:clock', text(now))
for _, tag in ipairs(ARGV) do
    redis.call('SET', 'page:tag:' .. tag, text(now), 'EX', KEYS[1])
    if string.find(KEYS[3], ' ' .. tag .. ' ', 1, true) then
        local moments = 'page:moments:' .. tag
        redis.call('ZADD', moments, text(now), text(now))
        local old = redis.call('ZREVRANGEBYSCORE', moments, text(now - KEYS[4]), '-inf', 'LIMIT', 0, 1)
        if old[1] then redis.call('ZREMRANGEBYSCORE', moments, '-inf', '(' .. old[1]) end
        redis.call('EXPIRE', moments, KEYS[1])
    end
end
redis.call('PUBLISH', KEYS[2], table.concat(ARGV, ' '))
return text(now)
"""
)
_STATE = (
    _CLOCK
    + """
local function lags(tag, began, most)
    local moments = 'page:moments:' .. tag
    if most <= 0 or redis.call('EXISTS', moments) == 0 then return false end
    local old = redis.call('ZREVRANGEBYSCORE', moments, text(now - most), '-inf', 'LIMIT', 0, 1)
    return not old[1] or tonumber(old[1]) < began
end
local function state(tags, began, most)
    began = tonumber(began)
    if began < tonumber(redis.call('GET', 'page:born')) then return 'gone' end
    local found = 'true'
    for tag in string.gmatch(tags, '%S+') do
        local changed = redis.call('GET', 'page:tag:' .. tag)
        if changed and tonumber(changed) >= began then
            if not lags(tag, began, most) then return 'gone' end
            found = 'lags'
        end
    end
    return found
end
"""
)
_GET = (
    _STATE
    + """
local kept = redis.call('HMGET', KEYS[1], 'tags', 'began', 'fresh', 'page')
local most = tonumber(ARGV[2])
local found = 'gone'
if kept[4] then
    found = state(kept[1], kept[2], most)
    if found == 'true' and now > tonumber(kept[3]) then found = most > 0 and 'lags' or 'gone' end
    if found == 'true' then return {found, kept[4], kept[1], text(kept[3] - now)} end
    if found == 'gone' then redis.call('DEL', KEYS[1]) end
end
local mine = redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[3])
return {found, found == 'lags' and kept[4], kept[1], '0', mine and text(now) or ''}
"""
)
_PUT = (
    _STATE
    + """
if state(ARGV[1], ARGV[2], 0) ~= 'true' then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 then
    local variants = redis.call('INCR', KEYS[2])
    if variants == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
    if variants > tonumber(ARGV[6]) then return 0 end
end
redis.call('HSET', KEYS[1], 'tags', ARGV[1], 'began', ARGV[2], 'page', ARGV[3], 'fresh', text(now + ARGV[4] * 1000))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
"""
)
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whoever has it makes the page: when that began, and the word by which it is given back."""

    began: str
    token: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies under a key. A page without `is_true` was so up to `LAG_SECONDS` ago; `seconds` it stays fresh."""

    page: bytes | None
    is_true: bool
    tags: frozenset[str]
    seconds: float
    turn: Turn | None


class PageStore:
    """Every method raises `redis.exceptions.RedisError` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        # Redis tells all its databases' listeners everything.
        self._channel = f"page:changed:{redis.connection_pool.connection_kwargs.get('db', 0)}"
        self._began = redis.register_script(_BEGAN)
        self._greet = redis.register_script(_GREET)
        self._changed = redis.register_script(_CHANGED)
        self._get = redis.register_script(_GET)
        self._put = redis.register_script(_PUT)
        self._release = redis.register_script(_RELEASE)
        self._strict_until = 0.0
        self._listeners: list[Callable[[Collection[str]], None]] = []

    def now(self) -> str:
        """The moment at which a build begins."""
        return _text(self._began())

    def changed(self, tags: Collection[str]) -> None:
        """From now on no page is true that was begun before and says something of these.

        Who changed something sees it at once: in this process no page lags for a while.
        """
        wanted = list(tags)
        if not MAY_LAG.isdisjoint(wanted):
            self._strict_until = time.monotonic() + LAG_SECONDS
        keys = [str(_REMEMBERED_SECONDS), self._channel, f" {' '.join(sorted(MAY_LAG))} ", str(LAG_SECONDS * 1_000_000)]
        try:
            for start in range(0, len(wanted), _TAGS_AT_ONCE):
                self._changed(keys=keys, args=wanted[start : start + _TAGS_AT_ONCE])
        finally:
            for tell in self._listeners:
                tell(wanted)

    def get(self, key: str) -> bytes | None:
        """The page under this key, if it is there and still true; nobody is told to make it."""
        found = self.find(key, lag_seconds=0)
        if found.turn is not None:
            self.give_back(key, found.turn)
        return found.page

    def find(self, key: str, *, lag_seconds: float | None = None) -> Found:
        """The page under this key, as it is or as it was a moment ago; the first to ask for another has its turn."""
        if lag_seconds is None:
            lag_seconds = 0 if time.monotonic() < self._strict_until else LAG_SECONDS
        token = uuid4().hex
        said: Any = self._get(
            keys=[f"page:kept:{key}", f"page:turn:{key}"],
            args=[token, int(lag_seconds * 1_000_000), BUILD_SECONDS * 1000],
        )
        state, page, tags, left, *began = said
        return Found(
            page=page if isinstance(page, bytes) else None,
            is_true=state == b"true",
            tags=frozenset(tags.decode().split()) if isinstance(tags, bytes) else frozenset(),
            seconds=int(left) / 1_000_000,
            turn=Turn(_text(began[0]), token) if began and began[0] else None,
        )

    def put(
        self,
        key: str,
        page: bytes,
        *,
        path: str,
        tags: Collection[str],
        began: str,
        seconds: float,
        lag_seconds: float = 0,
    ) -> bool:
        """Keep the page for `seconds`, and `lag_seconds` more for those who ask while the next is made.

        False when it is no longer true or `path` has too many variants.
        """
        fresh = int(min(seconds, LONGEST_SECONDS) * 1000)
        if fresh <= 0:
            return False
        kept = self._put(
            keys=[f"page:kept:{key}", f"page:variants:{path}"],
            args=[" ".join(sorted(tags)), began, page, fresh, fresh + int(lag_seconds * 1000), MOST_VARIANTS],
        )
        return bool(kept)

    def give_back(self, key: str, turn: Turn) -> None:
        """The page is made, or cannot be: whoever waits for it need not wait any longer."""
        self._release(keys=[f"page:turn:{key}"], args=[turn.token])

    def tell(self, listener: Callable[[Collection[str]], None]) -> None:
        """Call it with the tags of every change that this process makes known, before `changed` returns."""
        self._listeners.append(listener)

    def hear(self) -> Hearing:
        """Listen to what every process makes known, from now on."""
        run = self._redis.info("server")
        self._greet(args=[str(run.get("run_id", ""))])
        return Hearing(self._redis, self._channel)


class Hearing:
    """One connection over which changes come in the order they were made. It ends with an error, never by coming back
    on its own: what was said meanwhile would be missed without a word (which is what `Redis.pubsub` does)."""

    def __init__(self, redis: Redis, channel: str) -> None:
        pool = redis.connection_pool
        self._connection = pool.connection_class(**{**pool.connection_kwargs, "protocol": 2})
        self._connection.connect()
        self._connection.send_command("SUBSCRIBE", channel)
        self._connection.read_response(timeout=TIMEOUT_SECONDS)

    def changes(self, pause: float, most: float) -> Iterator[tuple[list[str], float]]:
        """Tags that changed, as they come; and every `pause` seconds none, with the moment (monotonic) up to which
        everything was heard. Raises `RedisError` when Redis has been silent for `most` seconds."""
        asked_at, is_asked = -pause, False
        while True:
            now = time.monotonic()
            if not is_asked and now - asked_at >= pause:
                asked_at, is_asked = now, True
                self._connection.send_command("PING", check_health=False)
            wait = asked_at + (most if is_asked else pause) - now
            if wait > 0 and self._connection.can_read(timeout=wait):
                kind, *said = self._connection.read_response(timeout=TIMEOUT_SECONDS)
                if kind == b"message":
                    yield said[1].decode().split(), 0.0
                elif kind == b"pong":
                    is_asked = False
                    yield [], asked_at
            elif is_asked:
                raise RedisTimeoutError("Redis is silent.")

    def close(self) -> None:
        self._connection.disconnect()


@cache
def page_store() -> PageStore:
    """The site's own store. Its connections are made when they are needed, in whatever process asks."""
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    return PageStore(Redis.from_url(settings.REDIS_URL, **options))


def _text(answer: object) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)
