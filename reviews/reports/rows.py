"""What does one line of a report say: a link, a page, a shop, and what its clicks came to?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.click_reports import Counts, Earned, Views, Window, clicks_by, earned_by, views_by_path
from catalog.money import money_text
from reviews.reports.sides import NOWHERE, Name, Side
from reviews.reports.upkeep import Upkeep, weight

# What is shown on a page; a CSV file holds all.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Amounts are in `currency`. `views` is None where clicks are no share of views."""

    key: str
    name: Name
    counts: Counts
    earned: Earned
    views: Views | None
    currency: str
    share: float = 0.0
    # Of an article that readers see, where rows are articles.
    upkeep: Upkeep | None = None

    @property
    def rate(self) -> float | None:
        """Net clicks per net view (CTR); above 1 where readers click more than once."""
        if self.views is None or not self.views.net_views:
            return None
        return self.counts.net_clicks / self.views.net_views

    @property
    def per_click(self) -> Decimal | None:
        """Approved and pending commission per net click (EPC)."""
        return self.earned.commission / self.counts.net_clicks if self.counts.net_clicks else None

    @property
    def approved_text(self) -> str:
        return money_text(self.earned.approved, self.currency)

    @property
    def pending_text(self) -> str:
        return money_text(self.earned.pending, self.currency)

    @property
    def commission_text(self) -> str:
        return money_text(self.earned.commission, self.currency)

    @property
    def per_click_text(self) -> str:
        return "" if self.per_click is None else money_text(self.per_click, self.currency)

    @property
    def rate_text(self) -> str:
        return "" if self.rate is None else f"{self.rate:.1%}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a window from a side, by key."""

    counts: Mapping[str, Counts]
    earned: Mapping[str, Earned]

    @property
    def total(self) -> tuple[Counts, Earned]:
        """All keys together."""
        clicks = sum(one.clicks for one in self.counts.values())
        net_clicks = sum(one.net_clicks for one in self.counts.values())
        return Counts(clicks, net_clicks), sum(self.earned.values(), Earned())


def seen_from(side: Side, window: Window, *, currency: str, begins: str = "", key: str | None = None) -> Seen:
    """Three queries, however many keys."""
    begins = begins or side.begins
    return Seen(
        clicks_by(side.dimension, window, begins=begins, key=key),
        earned_by(side.dimension, window, currency=currency, begins=begins, key=key),
    )


def rows_of(
    side: Side,
    window: Window,
    seen: Seen,
    *,
    currency: str,
    most: int | None = MOST_SHOWN,
    upkeep: Mapping[str, Upkeep] | None = None,
    sort: str = "",
) -> tuple[list[Row], int]:
    """The rows with most net clicks first, at most so many, and how many there are in all.

    `upkeep` by key brings articles that nobody clicked in; `sort` (`upkeep.SORTS`) puts first what needs an editor.

    The number of queries does not depend on the number of rows.
    """
    counts, earned = seen.counts, seen.earned
    kept = upkeep or {}
    keys = list({**counts, **earned, **kept})
    keys.sort(key=lambda one: (weight(sort, kept.get(one)) if sort else (), _order(one, counts, earned)), reverse=True)
    shown = keys if most is None else keys[:most]
    names = side.names(shown)
    views = views_by_path(window, {name.path for name in names.values() if name.path}) if side.has_views else {}
    largest = max((counts[one].net_clicks for one in shown if one in counts), default=0)
    return [
        Row(
            key=one,
            name=names.get(one) or Name(text=_nameless(one)),
            counts=counts.get(one, Counts()),
            earned=earned.get(one, Earned()),
            views=_views(names.get(one), views) if side.has_views else None,
            currency=currency,
            share=counts[one].net_clicks / largest if one in counts and largest else 0.0,
            upkeep=kept.get(one),
        )
        for one in shown
    ], len(keys)


def _order(key: str, counts: Mapping[str, Counts], earned: Mapping[str, Earned]) -> tuple[int, int, Decimal, str]:
    ours = counts.get(key, Counts())
    return ours.net_clicks, ours.clicks, earned[key].commission if key in earned else Decimal(0), key


def _nameless(key: str) -> str:
    return f"{key} (deleted)" if key else NOWHERE


def _views(name: Name | None, views: Mapping[str, Views]) -> Views | None:
    return views.get(name.path, Views()) if name is not None and name.path else None


COLUMNS = (
    "key",
    "name",
    "page views",
    "net page views",
    "clicks",
    "net clicks",
    "net clicks per net view",
    "conversions",
    "declined",
    "approved",
    "pending",
    "earned per net click",
    "currency",
    "without a rate",
)


UPKEEP_COLUMNS = (
    "days since revision",
    "oldest price in hours",
    "claims past due",
    "claims due within 30 days",
    "open findings",
    "broken claims",
)


def cells_with_upkeep(rows: Sequence[Row]) -> Iterable[list[object]]:
    """The same with `UPKEEP_COLUMNS`; empty for what readers do not see."""
    for row, own in zip(rows, cells(rows), strict=True):
        one = row.upkeep
        if one is None:
            yield [*own, *[None] * len(UPKEEP_COLUMNS)]
            continue
        hours = None if one.price_age is None else round(one.price_age.total_seconds() / 3600, 1)
        yield [*own, one.revised_days, hours, one.overdue, one.due_soon, one.findings, one.broken]


def cells(rows: Iterable[Row]) -> Iterable[list[object]]:
    """The rows as a CSV file's, unrounded where they are divided."""
    for row in rows:
        rate, per_click = row.rate, row.per_click
        yield [
            row.key,
            row.name.text,
            None if row.views is None else row.views.views,
            None if row.views is None else row.views.net_views,
            row.counts.clicks,
            row.counts.net_clicks,
            None if rate is None else round(rate, 6),
            row.earned.conversions,
            row.earned.declined,
            row.earned.approved.quantize(Decimal("0.0001")),
            row.earned.pending.quantize(Decimal("0.0001")),
            None if per_click is None else per_click.quantize(Decimal("0.000001")),
            row.currency,
            row.earned.unconverted,
        ]
