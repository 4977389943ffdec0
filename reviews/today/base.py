"""What is a thing that needs an editor, and how many readers meet it while it waits?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from catalog.click_reports import Window, views_by_path

# As many of one kind are looked at and ranked; what is beyond is counted.
MOST_OF_A_KIND = 50
# Readers a day are the mean of so many whole days.
DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks: the user's id, the ids of the authors they are, and what they may do (`app.codename`)."""

    user_id: int
    author_ids: frozenset[int]
    permissions: frozenset[str]
    now: datetime

    @property
    def today(self) -> date:
        """In the site's time zone."""
        return timezone.localdate(self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`readers` meet it on a usual day; `due` is when it has to be done, or since when it waits."""

    title: str
    detail: str
    url: str
    act: str
    readers: float = 0.0
    due: datetime | date | None = None
    # Waits for this person and nobody else.
    is_mine: bool = False
    # Said of what is no matter of readers.
    met_by: str = ""

    @property
    def readers_text(self) -> str:
        if self.met_by:
            return self.met_by
        if not self.readers:
            return "Readers not known"
        if self.readers < 1:
            return "Not one reader a day"
        return f"About {counted(round(self.readers), 'reader')} a day"


@dataclass(frozen=True, slots=True)
class Found:
    """The heaviest of a kind, and how many there are in all."""

    items: Sequence[Item] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`needs`: the permission without which nobody is shown it; `find` runs a fixed number of queries."""

    key: str
    label: str
    needs: str
    find: Callable[[Asker], Found]
    # Said where there is none of them.
    none: str


@dataclass(frozen=True, slots=True)
class Readers:
    """How many readers a page has on a usual day."""

    views: Mapping[str, float] = field(default_factory=dict)

    def of(self, path: str) -> float:
        return self.views.get(path, 0.0)


def readers_of(paths: Iterable[str], *, today: date) -> Readers:
    """People who saw these pages, a day, in the last four weeks. One query."""
    wanted = set(paths)
    if not wanted:
        return Readers()
    window = Window(today - timedelta(days=DAYS), today - timedelta(days=1))
    return Readers({path: views.net_views / DAYS for path, views in views_by_path(window, wanted).items()})


def found(items: Iterable[Item], total: int | None = None) -> Found:
    """The items, those that most readers meet first."""
    ranked = sorted(items, key=lambda item: (-item.readers, item.title))
    return Found(ranked[:MOST_OF_A_KIND], len(ranked) if total is None else total)


def days_ago(when: datetime | date, today: date) -> str:
    """`today`, `yesterday`, `3 days ago`; `in 2 days` for what is to come."""
    day = timezone.localdate(when) if isinstance(when, datetime) else when
    days = (today - day).days
    words = {0: "today", 1: "yesterday", -1: "tomorrow"}
    return words.get(days) or (f"{days} days ago" if days > 0 else f"in {-days} days")


def counted(number: int, word: str) -> str:
    """`1 claim`, `2 claims`."""
    return f"{number} {word}{'' if number == 1 else 's'}"
