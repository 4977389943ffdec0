"""What was seen on a walk through all answers: dead ends, ties, products nobody is shown, and who wins how often?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recommender.rules import load
from recommender.simulation import BUDGETS, MOST_OF_A_USE
from reviews.models import ChoiceWalk

State = ChoiceWalk.State
COLUMNS = (
    "what",
    "name",
    "pays us by",
    "wins",
    "share of wins in per cent",
    "products",
    "share of products in per cent",
)
_BAR, _ROW, _LEFT, _MOST_BARS = 380, 30, 230, 12
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Wins among all wins, products among all products, in per cent."""

    name: str
    payer: str
    wins: int
    products: int
    won: float
    has: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """In the picture's units: the wins above, the products below, so that a skew is seen."""

    name: str
    y: int
    won: float
    has: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    rows: tuple[Share, ...]
    bars: tuple[Bar, ...]
    height: int
    description: str
    width: int = _LEFT + _BAR + 110
    left: int = _LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    at: datetime
    is_of_todays_rules: bool
    ways: int
    cut: int
    figures: tuple[tuple[str, str], ...]
    dead: tuple[str, ...]
    tied: tuple[tuple[str, str], ...]
    never: tuple[str, ...]
    never_count: int
    brands: Shares
    merchants: Shares
    paid: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPage:
    """`result` is the last walk that ended; `done` says how far the one on its way is, `error` why the last failed."""

    result: Result | None
    is_moving: bool
    done: int
    total: int
    error: str
    budgets: str = ", ".join(f"{amount}" for amount in BUDGETS)
    most: int = MOST_OF_A_USE


def walk_page() -> WalkPage:
    """Two queries."""
    last = ChoiceWalk.objects.first()
    ended = ChoiceWalk.objects.filter(state=State.DONE).first()
    moving = last is not None and last.state in (State.WAITING, State.WALKING)
    return WalkPage(
        result=_result(ended) if ended else None,
        is_moving=moving,
        done=last.done if last else 0,
        total=last.total if last else 0,
        error=last.error if last and last.state == State.FAILED else "",
    )


def cells(result: Result) -> Iterator[Sequence[Any]]:
    for what, shares in (("brand", result.brands), ("merchant", result.merchants)):
        for row in shares.rows:
            yield (what, row.name, row.payer, row.wins, row.won, row.products, row.has)
    for state in result.dead:
        yield ("dead end", state, "", "", "", "", "")
    for state, pair in result.tied:
        yield ("tie", f"{state}: {pair}", "", "", "", "", "")
    for name in result.never:
        yield ("never recommended", name, "", "", "", "", "")


def _result(walk: ChoiceWalk) -> Result:
    told = walk.result
    ways = told["ways"]
    asked = {int(number): count for number, count in told["asked"].items()}
    merchants = _shares((name, payer, wins, has) for name, payer, wins, has in told["merchants"])
    paid = [row for row in merchants.rows if row.payer]
    return Result(
        at=walk.created_at,
        is_of_todays_rules=walk.rules_version == load().version,
        ways=ways,
        cut=told["cut"],
        figures=(
            ("Ways walked", f"{ways:,}"),
            ("Dead ends", f"{told['dead']['count']:,}"),
            ("Only with something given up", f"{told['relaxed']:,} ({_percent(told['relaxed'], ways)} %)"),
            ("Both kinds at the end", f"{told['kinds'].get('either', 0):,}"),
            ("Ties at the top", f"{told['tied']['count']:,}"),
            ("Products never shown", f"{told['products']['never']:,} of {told['products']['count']:,}"),
            ("Questions, in the middle", str(_median(asked))),
        ),
        dead=tuple(told["dead"]["examples"]),
        tied=tuple((state, pair) for state, pair in told["tied"]["examples"]),
        never=tuple(told["products"]["names"]),
        never_count=told["products"]["never"],
        brands=_shares((name, "", wins, has) for name, wins, has in told["brands"]),
        merchants=merchants,
        paid=Share(
            name="Merchants that pay us",
            payer="",
            wins=sum(row.wins for row in paid),
            products=sum(row.products for row in paid),
            won=round(sum(row.won for row in paid), 1),
            has=round(sum(row.has for row in paid), 1),
        ),
    )


def _shares(rows: Iterable[tuple[str, str, int, int]]) -> Shares:
    found = list(rows)
    wins, products = sum(row[2] for row in found), sum(row[3] for row in found)
    shares = tuple(
        Share(name=name, payer=payer, wins=won, products=has, won=_percent(won, wins), has=_percent(has, products))
        for name, payer, won, has in found
    )
    longest = max((max(row.won, row.has) for row in shares), default=0.0) or 1.0
    bars = tuple(
        Bar(
            name=row.name[:28],
            y=index * _ROW,
            won=round(_BAR * row.won / longest, 1),
            has=round(_BAR * row.has / longest, 1),
            text=f"{row.won} % / {row.has} %",
        )
        for index, row in enumerate(shares[:_MOST_BARS])
    )
    best = f"{shares[0].name} wins most, {shares[0].won} % with {shares[0].has} % of the products. " if shares else ""
    return Shares(
        rows=shares[:_MOST_SHOWN],
        bars=bars,
        height=max(1, len(bars)) * _ROW,
        description=f"{best}All are in the table below.",
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _median(asked: dict[int, int]) -> int:
    half = (sum(asked.values()) + 1) // 2
    for number, count in sorted(asked.items()):
        half -= count
        if half <= 0:
            return number
    return 0
