"""Readers who follow something, and a teller that says what a test wants said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from readers import news
from readers.consent import Topic
from readers.models import Consent, Reader
from readers.services.follows import ask_to_follow


def topic(key: str = "thing:1", label: str = "The thing") -> Topic:
    return Topic(key=key, label=label, wording=f"Write to me about {label}.", version=1)


def confirmed_reader(address: str = "ada@mail.example", **fields: object) -> Reader:
    return Reader.objects.create(address=address, confirmed_at=timezone.now(), **fields)


def following(reader: Reader, key: str = "thing:1", label: str = "The thing") -> Consent:
    asked = ask_to_follow(address=reader.address, topic=topic(key, label), asked_on="/", now=timezone.now())
    assert asked.consent is not None
    return asked.consent


class Things:
    """Says each thing by its key, but those in `silent`."""

    kind = "thing"

    def __init__(self) -> None:
        self.silent: set[str] = set()
        self.asked = 0

    def tell(self, items: Sequence[news.Item], *, now: datetime) -> Mapping[int, news.Told]:
        self.asked += 1
        return {
            item.id: news.Told(
                title=f"Thing {item.ref}", text=f"It happened: {item.ref}.", url=f"http://testserver/things/{item.ref}/"
            )
            for item in items
            if item.ref not in self.silent
        }

    def change_url(self, key: str) -> str:
        return f"/things/{key}/change/"


@contextmanager
def things_are_told() -> Iterator[Things]:
    things = Things()
    news.register(things)
    try:
        yield things
    finally:
        news._tellers.pop("thing")
