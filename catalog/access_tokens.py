"""What lets a worker in at somebody's API, and where does a fleet of workers keep it?

Pure: the words that price sources and networks' reports share with whoever keeps the tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What lets us in, and for how many seconds from now."""

    value: str
    lives: float


class Tokens(Protocol):
    """Where a fleet of workers keeps the tokens it shares."""

    def get(self, key: str, fetch: Callable[[], Token]) -> str:
        """The kept token of this key, or a fresh one: one worker fetches it, the others wait. Raises what `fetch` does.

        `key` names the account and the region, never the secret.
        """

    def forget(self, key: str, value: str) -> None:
        """This very token was refused: the next `get` fetches another. A newer one, already fetched, stays."""
