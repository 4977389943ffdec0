"""Whoever can write into Redis makes the site run nothing: what is kept there is opened as JSON and as nothing else."""

from __future__ import annotations

import os
import pickle
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from config.plain_values import PlainValues


class Planted:
    """Opened as a pickle it makes a folder."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.place),)


def redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL)


def test_a_planted_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    planted = pickle.dumps(Planted(tmp_path / "run"))
    redis().set(cache.make_key("planted"), planted)

    with pytest.raises(ValueError, match="decode"):
        cache.get("planted")
    assert not (tmp_path / "run").exists()
    pickle.loads(planted)  # it would have been run
    assert (tmp_path / "run").exists()
    cache.delete("planted")


def test_what_was_kept_as_a_pickle_before_is_not_asked_for() -> None:
    redis().set(":1:kept-before", pickle.dumps({"a": 1}))

    assert cache.get("kept-before") is None
    redis().delete(":1:kept-before")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(plain)
def test_plain_values_come_back_as_they_were(value: object) -> None:
    form = PlainValues()
    kept = form.dumps(value)
    back = form.loads(str(kept).encode() if isinstance(kept, int) else kept)

    assert (type(back), back) == (type(value), value)


def test_numbers_are_counted_up_by_redis() -> None:
    cache.set("counted", 41)
    assert (cache.incr("counted"), cache.get("counted")) == (42, 42)
    cache.delete("counted")


def test_what_json_does_not_know_is_refused_when_it_is_kept() -> None:
    for value in (b"bytes", date(2026, 11, 27), {1, 2}):
        with pytest.raises(TypeError):
            cache.set("refused", value)
    assert cache.get("refused") is None
