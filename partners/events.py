"""What can happen that other people's machines are told of? Each app above says its kinds here.

An event is kept as a kind and a key of that kind's own, never as words: what it says is asked for when its messages are
made, by whoever registered the kind in its `AppConfig.ready()`:

    from partners import events
    events.register(events.Kind("product.changed", "A product's facts changed", describe))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a message says (its `data`), by the key asked about; a key that is left out has nothing to tell (any more).
Describe = Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]

PING = "ping"


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is part of the messages and stays for good; `title` stands in the form. A fixed number of queries."""

    name: str
    title: str
    describe: Describe


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """A second one of the same name takes the first one's place."""
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(name: str) -> Kind | None:
    """None for a kind whose app is gone."""
    return _kinds.get(name)


def choices() -> list[tuple[str, str]]:
    """Name and title of every kind, by name."""
    return sorted((kind.name, f"{kind.title} ({kind.name})") for kind in _kinds.values())
