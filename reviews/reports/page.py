"""What does a report's page show? The choices, the sums beside those of the days before, a chart and the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from catalog.click_reports import Counts, Dimension, Earned, Window, clicks_by, clicks_by_day, earned_by
from catalog.money import money_text
from reviews.reports.chart import Chart, chart
from reviews.reports.rows import Row, Seen, rows_of, seen_from
from reviews.reports.sides import SIDES, Side
from reviews.reports.upkeep import SORTS, upkeep_of_articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for. `begins`: only what lies in this page or block; `key`: only this one."""

    side: Side
    window: Window
    begins: str = ""
    key: str | None = None
    # One of `upkeep.SORTS` where rows are articles; empty: by clicks.
    sort: str = ""

    @property
    def has_upkeep(self) -> bool:
        """All articles, with how fresh they are."""
        return self.side.has_upkeep and self.key is None and not self.begins

    @property
    def is_of_all(self) -> bool:
        """Not about a part of the site: clicks whose page, product or shop is not known belong to it too."""
        return self.key is None and not self.begins and not self.side.begins

    def query(self, **other: str) -> str:
        """The address's query with something changed; an empty value leaves its name out."""
        asked = {
            "by": self.side.key,
            "since": self.window.since.isoformat(),
            "until": self.window.until.isoformat(),
            "in": self.begins,
            "key": "" if self.key is None else self.key,
            "sort": self.sort,
            **other,
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the sums; `change` says how it compares with the same number of days before."""

    label: str
    text: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row with its links: into it, and to its days alone."""

    row: Row
    into: str
    alone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    title: str
    asked: Asked
    sides: tuple[Choice, ...]
    windows: tuple[Choice, ...]
    figures: tuple[Figure, ...]
    chart: Chart
    # Where rows are articles: what their columns of upkeep are called, with the address that sorts by each.
    sorts: Mapping[str, Choice]
    lines: tuple[Line, ...]
    total: int
    currency: str
    unconverted: int
    csv: str
    whole: str

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.lines)


def report_page(asked: Asked, *, now: datetime, today: date, currency: str) -> ReportPage:
    """A fixed number of queries, however many rows and however many clicks."""
    side, window = asked.side, asked.window
    seen = seen_from(side, window, currency=currency, begins=asked.begins, key=asked.key)
    upkeep = upkeep_of_articles(now=now) if asked.has_upkeep else None
    rows, total = rows_of(side, window, seen, currency=currency, upkeep=upkeep, sort=asked.sort)
    sums, before = sums_of(asked, window, currency, seen), sums_of(asked, window.before, currency)
    return ReportPage(
        title=_title(asked, rows),
        asked=asked,
        sides=tuple(
            Choice(
                label=one.label,
                href=asked.query(by=one.key, **{"in": "", "key": "", "sort": ""}),
                is_chosen=one == side,
            )
            for one in SIDES.values()
        ),
        windows=tuple(
            Choice(
                label=label,
                href=asked.query(since=span.since.isoformat(), until=span.until.isoformat()),
                is_chosen=span == window,
            )
            for label, span in presets(today)
        ),
        figures=_figures(sums, before, currency),
        chart=chart(_by_day(asked), window),
        sorts=_sorts(asked),
        lines=tuple(_line(asked, row) for row in rows),
        total=total,
        currency=currency,
        unconverted=sums[1].unconverted,
        csv=asked.query(format="csv"),
        whole=asked.query(**{"in": "", "key": ""}) if asked.begins or asked.key is not None else "",
    )


def _sorts(asked: Asked) -> dict[str, Choice]:
    if not asked.has_upkeep:
        return {}
    chosen = asked.sort or "clicks"
    return {
        key: Choice(label=label, href=asked.query(sort="" if key == "clicks" else key), is_chosen=key == chosen)
        for key, label in SORTS.items()
    }


def presets(today: date) -> tuple[tuple[str, Window], ...]:
    """The windows one asks for most; all of them end with today or with the month before."""
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    return (
        ("7 days", Window(today - timedelta(days=6), today)),
        ("30 days", Window(today - timedelta(days=29), today)),
        ("90 days", Window(today - timedelta(days=89), today)),
        ("This month", Window(first, today)),
        ("Last month", Window(last_month.replace(day=1), last_month)),
        ("This year", Window(today.replace(month=1, day=1), today)),
        ("365 days", Window(today - timedelta(days=364), today)),
    )


def _title(asked: Asked, rows: list[Row]) -> str:
    if asked.key is not None:
        return f"Clicks: {rows[0].name.text if rows else asked.key}"
    return f"Clicks by {asked.side.label.lower()}"


def sums_of(asked: Asked, window: Window, currency: str, seen: Seen | None = None) -> tuple[Counts, Earned]:
    """All that the report is about; everything of the site when it is not about a part of it."""
    if asked.is_of_all:
        return (
            clicks_by(Dimension.TOTAL, window).get("", Counts()),
            earned_by(Dimension.TOTAL, window, currency=currency).get("", Earned()),
        )
    seen = seen or seen_from(asked.side, window, currency=currency, begins=asked.begins, key=asked.key)
    return seen.total


def _by_day(asked: Asked) -> dict[date, Counts]:
    if asked.is_of_all:
        return clicks_by_day(Dimension.TOTAL, asked.window)
    begins = asked.begins or asked.side.begins
    return clicks_by_day(asked.side.dimension, asked.window, key=asked.key, begins=begins)


def _figures(now: tuple[Counts, Earned], before: tuple[Counts, Earned], currency: str) -> tuple[Figure, ...]:
    def counted(label: str, new: int, old: int) -> Figure:
        return Figure(label=label, text=f"{new:,}", change=_change(new, old))

    def money(label: str, new: Decimal | None, old: Decimal | None) -> Figure:
        text = "–" if new is None else money_text(new, currency)
        return Figure(label=label, text=text, change=_change(new or 0, old or 0))

    (counts, earned), (counts_then, earned_then) = now, before
    return (
        counted("Net clicks", counts.net_clicks, counts_then.net_clicks),
        counted("All clicks", counts.clicks, counts_then.clicks),
        counted("Conversions", earned.conversions, earned_then.conversions),
        money("Approved", earned.approved, earned_then.approved),
        money("Pending", earned.pending, earned_then.pending),
        money("Earned per net click", _per_click(counts, earned), _per_click(counts_then, earned_then)),
    )


def _per_click(counts: Counts, earned: Earned) -> Decimal | None:
    return earned.commission / counts.net_clicks if counts.net_clicks else None


def _change(new: int | Decimal, old: int | Decimal) -> str:
    if not old:
        return "none before" if new else ""
    change = (new - old) / old
    return "as before" if not round(change, 2) else f"{change:+.0%}"


def _line(asked: Asked, row: Row) -> Line:
    inner = asked.side.inner
    into = asked.query(by=inner, key="", sort="", **{"in": f"{row.key}."}) if inner and row.key else ""
    alone = asked.query(key=row.key) if row.key and asked.key is None else ""
    return Line(row=row, into=into, alone=alone)
