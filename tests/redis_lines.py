"""Cuts the lines on which processes listen to Redis, as a network does."""

from __future__ import annotations

from redis import Redis


def cut_listening_lines(redis_url: str) -> int:
    """Close every line that listens through ``redis_url``'s database; answers how many there were.

    Redis lists the listeners of all its databases together: those of another database belong to a test that runs
    beside this one, whose worker dies when its line is cut in the middle of an acknowledgement.
    """
    redis = Redis.from_url(redis_url)
    own = str(redis.connection_pool.connection_kwargs.get("db") or 0)
    lines = [one["id"] for one in redis.client_list(_type="pubsub") if one["db"] == own]
    for line in lines:
        redis.client_kill_filter(_id=line)
    return len(lines)
