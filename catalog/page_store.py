"""Which pages are kept ready in Redis, and are they still true?

Every change of a tag and every beginning of a build gets a moment of one clock, Redis' own. A page is true as long as
none of its tags changed at or after the moment its build began: so a page that was being built while something changed
is never given out, whoever is first. The check is made where the page lies, in one step with reading or writing it.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis

# No page is kept longer, so that changes need not be remembered longer either.
LONGEST_SECONDS = 3600
_REMEMBERED_SECONDS = LONGEST_SECONDS + 600
# Of one path in one page's time: an address whose parameters can be varied at will must not fill the memory.
MOST_VARIANTS = 500
# Redis does nothing else meanwhile.
_TAGS_AT_ONCE = 1000
# A page that waits longer for Redis than it takes to be built is no gain.
TIMEOUT_SECONDS = 0.5

# The clock never stands and never goes back, also when the machine's does.
_CLOCK = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local last = tonumber(redis.call('GET', 'page:clock') or '0')
"""
_BEGAN = _CLOCK + "return string.format('%.0f', math.max(now, last))"
_CHANGED = (
    _CLOCK
    + """
local moment = string.format('%.0f', math.max(now, last + 1))
redis.call('SET', 'page:clock', moment)
for _, tag in ipairs(ARGV) do redis.call('SET', 'page:tag:' .. tag, moment, 'EX', KEYS[1]) end
return moment
"""
)
_IS_TRUE = """
local function is_true(tags, began)
    for tag in string.gmatch(tags, '%S+') do
        local changed = redis.call('GET', 'page:tag:' .. tag)
        if changed and tonumber(changed) >= tonumber(began) then return false end
    end
    return true
end
"""
_GET = (
    _IS_TRUE
    + """
local kept = redis.call('HMGET', KEYS[1], 'tags', 'began', 'page')
if not kept[3] then return false end
if is_true(kept[1], kept[2]) then return kept[3] end
redis.call('DEL', KEYS[1])
return false
"""
)
_PUT = (
    _IS_TRUE
    + """
if not is_true(ARGV[1], ARGV[2]) then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 then
    local variants = redis.call('INCR', KEYS[2])
    if variants == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
    if variants > tonumber(ARGV[5]) then return 0 end
end
redis.call('HSET', KEYS[1], 'tags', ARGV[1], 'began', ARGV[2], 'page', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
"""
)


class PageStore:
    """Every method raises `redis.exceptions.RedisError` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._began = redis.register_script(_BEGAN)
        self._changed = redis.register_script(_CHANGED)
        self._get = redis.register_script(_GET)
        self._put = redis.register_script(_PUT)

    def now(self) -> str:
        """The moment at which a build begins."""
        return _text(self._began())

    def changed(self, tags: Collection[str]) -> None:
        """From now on no page is true that was begun before and says something of these."""
        wanted = list(tags)
        for start in range(0, len(wanted), _TAGS_AT_ONCE):
            self._changed(keys=[str(_REMEMBERED_SECONDS)], args=wanted[start : start + _TAGS_AT_ONCE])

    def get(self, key: str) -> bytes | None:
        """The page under this key, if it is there and still true."""
        found = self._get(keys=[f"page:kept:{key}"])
        return found if isinstance(found, bytes) else None

    def put(self, key: str, page: bytes, *, path: str, tags: Collection[str], began: str, seconds: float) -> bool:
        """Keep the page for so long; False when it is no longer true or `path` has too many variants."""
        milliseconds = int(min(seconds, LONGEST_SECONDS) * 1000)
        if milliseconds <= 0:
            return False
        kept = self._put(
            keys=[f"page:kept:{key}", f"page:variants:{path}"],
            args=[" ".join(sorted(tags)), began, page, milliseconds, MOST_VARIANTS],
        )
        return bool(kept)


@cache
def page_store() -> PageStore:
    """The site's own store. Its connections are made when they are needed, in whatever process asks."""
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    return PageStore(Redis.from_url(settings.REDIS_URL, **options))


def _text(answer: object) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)
