"""Tokens for one test, kept in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from catalog.sources.base import Token


@dataclass
class OwnTokens:
    kept: dict[str, str] = field(default_factory=dict)

    def get(self, key: str, fetch: Callable[[], Token]) -> str:
        if key not in self.kept:
            self.kept[key] = fetch().value
        return self.kept[key]

    def forget(self, key: str, value: str) -> None:
        if self.kept.get(key) == value:
            del self.kept[key]
