"""What does "Needs me today" show? All that waits, ranked by the readers who meet it, and what is coming up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reviews.models import Author
from reviews.today import KINDS
from reviews.today.base import Asker, Item, Kind
from reviews.today.calendar import Event, events_between

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_SHOWN = 60
COMING_UP = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One of the choices above the list; `total` is how many there are of it."""

    label: str
    query: str
    total: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`share` is the readers' share of those of the first line, for the bar."""

    kind: str
    item: Item
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    lines: Sequence[Line]
    filters: Sequence[Filter]
    total: int
    nothing: Sequence[str]
    coming: Sequence[Event]
    title: str = "Needs me today"

    @property
    def hidden(self) -> int:
        return self.total - len(self.lines)


def asker_of(user: User, *, now: datetime) -> Asker:
    """Two queries at most: which authors the user is, and what they may do."""
    authors = Author.objects.filter(user_id=user.pk).values_list("pk", flat=True)
    return Asker(
        user_id=user.pk,
        author_ids=frozenset(authors),
        permissions=frozenset(user.get_all_permissions()),
        now=now,
    )


def today_page(asker: Asker, *, only: str = "", is_mine: bool = False) -> TodayPage:
    """A fixed number of queries. `only` is a kind's key; `is_mine` keeps what waits for this person alone."""
    shown = [kind for kind in KINDS if kind.needs in asker.permissions]
    found = {kind.key: kind.find(asker) for kind in shown}
    chosen = only if only in found else ""
    items = [
        (kind, item)
        for kind in shown
        if not chosen or kind.key == chosen
        for item in found[kind.key].items
        if item.is_mine or not is_mine
    ]
    ranked = sorted(items, key=lambda pair: (not _is_asked(*pair), -pair[1].readers))
    most = max((item.readers for _, item in ranked), default=0.0)
    total = len(items) if is_mine else sum(one.total for key, one in found.items() if not chosen or key == chosen)
    return TodayPage(
        lines=[Line(kind=kind.label, item=item, share=item.readers / most if most else 0.0) for kind, item in ranked][
            :MOST_SHOWN
        ],
        filters=_filters(shown, {key: one.total for key, one in found.items()}, chosen, is_mine=is_mine),
        total=total,
        nothing=[kind.none for kind in shown if not found[kind.key].total],
        coming=[event for event in events_between(asker.today, asker.today + COMING_UP) if not event.is_past],
    )


def _is_asked(kind: Kind, item: Item) -> bool:
    """A colleague or a partner waits for it: it stands before what only readers wait for."""
    return item.is_mine and kind.key in ("reviews", "comments", "keys")


def _filters(shown: Sequence[Kind], totals: dict[str, int], chosen: str, *, is_mine: bool) -> list[Filter]:
    mine = "&mine=1" if is_mine else ""
    choices = [Filter(label="Everything", query=f"?{mine[1:]}", total=sum(totals.values()), is_chosen=not chosen)]
    return choices + [
        Filter(
            label=kind.label,
            query=f"?kind={kind.key}{mine}",
            total=totals[kind.key],
            is_chosen=kind.key == chosen,
        )
        for kind in shown
    ]
