"""Who keeps what about a mail address? Each app that keeps something says so here, and one press gets or erases it all.

An app above registers its part in its `AppConfig.ready()`:

    from readers import personal_data
    personal_data.register(CommentData())

`export` answers JSON-ready rows about the address (lower case), `erase` removes them or makes them nobody's, within the
transaction of the caller, and says how many rows that were. Both are asked with an address whose owner was proven.
What has to be kept (a comment's text without its author, say) is named in `stays`, which the page shows before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol


class PersonalData(Protocol):
    """One kind of things kept about an address. `label` is its heading, `stays` what erasing leaves, or empty."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def stays(self) -> str: ...
    def export(self, address: str) -> Sequence[Mapping[str, Any]]: ...
    def erase(self, address: str, *, now: datetime) -> int: ...


_sources: dict[str, PersonalData] = {}


def register(source: PersonalData) -> None:
    """A second one of the same key takes the first one's place."""
    _sources[source.key] = source


def sources() -> Iterator[PersonalData]:
    """In the order in which they were registered."""
    yield from _sources.values()
