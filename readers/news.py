"""What is there to tell about something a reader follows? Each app that can be followed says it here.

A piece of news is kept as a kind and a key of that kind's own, never as words: what it says is asked for when its
letter is made, so that nothing is told that was taken away or may no longer be said. An app above registers its teller
in its `AppConfig.ready()`:

    from readers import news
    news.register(CommentNews())

What is followed is a topic like any other (`readers.consent.Topic`), whose key begins with the kind: `alert:3f9a…`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of news for one reader. `topic`: what they follow; `ref`: the teller's own key of what happened."""

    id: int
    reader_id: int
    address: str
    topic: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a letter says of it: plain text and absolute addresses. `links`: more of them, as (words, address).

    `subject` is the letter's own where nothing else is in it. `disclosure` stands once in a letter.
    """

    title: str
    text: str
    url: str
    subject: str = ""
    kicker: str = ""
    note: str = ""
    url_words: str = "Read it"
    links: tuple[tuple[str, str], ...] = ()
    disclosure: str = ""


class Teller(Protocol):
    """Who knows what news of one kind says."""

    @property
    def kind(self) -> str: ...

    def tell(self, items: Sequence[Item], *, now: datetime) -> Mapping[int, Told]:
        """By the item's id; one that is left out has nothing to say (any more). A fixed number of queries."""

    def change_url(self, key: str) -> str:
        """The path at which the owner of a consent's key changes what they asked for; empty where nothing can be."""


_tellers: dict[str, Teller] = {}


def register(teller: Teller) -> None:
    """A second one of the same kind takes the first one's place."""
    _tellers[teller.kind] = teller


def teller_of(kind: str) -> Teller | None:
    """None for a kind whose app is gone."""
    return _tellers.get(kind)
