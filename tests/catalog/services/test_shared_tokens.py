"""One token for the whole fleet: fetched by one worker, kept in Redis, thrown away only by who was refused with it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from catalog.services.tokens import EARLY, SharedTokens
from catalog.sources.base import SourceError, Token


@pytest.fixture
def key() -> str:
    return f"test {uuid4().hex}"


def test_many_workers_fetch_one_token(key: str) -> None:
    fetched: list[str] = []

    def fetch() -> Token:
        time.sleep(0.05)
        fetched.append("one")
        return Token(value="one", lives=3600)

    with ThreadPoolExecutor(8) as workers:
        found = list(workers.map(lambda _: SharedTokens().get(key, fetch), range(8)))
    assert found == ["one"] * 8
    assert fetched == ["one"]


def test_a_refused_token_is_fetched_anew(key: str) -> None:
    values = iter(["one", "two"])
    tokens = SharedTokens()
    assert tokens.get(key, lambda: Token(value=next(values), lives=3600)) == "one"
    tokens.forget(key, "one")
    assert tokens.get(key, lambda: Token(value=next(values), lives=3600)) == "two"


def test_a_newer_token_is_not_thrown_away_for_an_old_ones_refusal(key: str) -> None:
    tokens = SharedTokens()
    tokens.get(key, lambda: Token(value="two", lives=3600))
    tokens.forget(key, "one")
    assert tokens.get(key, lambda: Token(value="three", lives=3600)) == "two"


def test_a_token_about_to_end_is_not_kept(key: str) -> None:
    tokens = SharedTokens()
    assert tokens.get(key, lambda: Token(value="one", lives=EARLY)) == "one"
    assert tokens.get(key, lambda: Token(value="two", lives=EARLY)) == "two"


def test_a_failed_fetch_stands_in_nobodys_way(key: str) -> None:
    def fails() -> Token:
        raise SourceError("no", permanent=False)

    tokens = SharedTokens()
    with pytest.raises(SourceError, match="no"):
        tokens.get(key, fails)
    assert tokens.get(key, lambda: Token(value="one", lives=3600)) == "one"
