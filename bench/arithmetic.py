"""How many processes and gigabytes does a site of some size need, as measured? The tables of docs/scaling.md."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.figures import Figure, Kept

# What is assumed, and said in the docs.
PEAK = 4  # the busiest hour asks for so many times the average
MADE_ANEW = 0.01  # of the pages asked for, those that no cache has
CHECKS_A_DAY = 4  # an offer is looked at so often
CHANGED = 0.05  # of the looks, those that find another price
FULL = 0.5  # so much of what a process can do is asked of it
DAY, YEAR = 86_400, 365


@dataclass(frozen=True, slots=True)
class Rate:
    """What one process does in a second: the figure it comes from, what of its note, and by how many processes."""

    what: str
    figure: str
    pattern: str
    processes: int


RATES = {
    "kept": Rate("kept pages sent", "page_vs_empty_view", r"medians ([\d,]+)", 2),
    "new": Rate("pages made anew", "article_vs_template", r"medians ([\d,.]+)", 1),
    "clicks": Rate("redirects, each click written down", "go_vs_empty_view", r"medians ([\d,]+)", 2),
    "shipped": Rate("clicks shipped into PostgreSQL", "shipping_vs_copy", r"medians ([\d,]+)", 1),
    "refreshed": Rate("prices refreshed", "refresh_vs_http_client_at_30_ms", r"medians ([\d,]+)", 1),
    "imported": Rate("rows of a feed imported", "feed_import", r"([\d,]+) and", 1),
    "letters": Rate("letters sent", "newsletter_sending", r"([\d,]+) copies", 1),
    "advised": Rate("answers of the adviser's API", "advice_api", r"([\d,]+) requests", 1),
}


@dataclass(frozen=True, slots=True)
class Site:
    """Views and clicks are of a day."""

    name: str
    views: int
    clicks: int
    offers: int


SITES = (
    Site("a new one", 10_000, 1_000, 7_000),
    Site("a known one", 1_000_000, 100_000, 200_000),
    Site("among the largest", 100_000_000, 10_000_000, 5_000_000),
    Site("all of them", 1_000_000_000, 100_000_000, 50_000_000),
)


def rates(rows: Sequence[Kept]) -> dict[str, float]:
    """Of one process, by key of RATES. Raises ValueError where a figure's note no longer says it."""
    figures = {row.figure.name: row.figure for row in rows}
    return {key: _said(figures[rate.figure], rate.pattern) / rate.processes for key, rate in RATES.items()}


def numbers(rows: Sequence[Kept]) -> str:
    """What one process does, as a table."""
    known = rates(rows)
    lines = ["| one process | a second | by |", "|---|---|---|"]
    lines += [f"| {rate.what} | {known[key]:,.0f} | `{rate.figure}` |" for key, rate in RATES.items()]
    sizes = {row.figure.name: row.figure.ratio for row in rows}
    for name in ("click", "offer", "price"):
        lines.append(f"| bytes of a stored {name} | {sizes[f'bytes_per_{name}']:,.0f} | `bytes_per_{name}` |")
    lines.append(f"| bytes of a link in each web process | {sizes['go_bytes_per_link']:,.0f} | `go_bytes_per_link` |")
    return "\n".join(lines)


def sites(rows: Sequence[Kept], among: Sequence[Site] = SITES) -> str:
    """What sites of these sizes need, as a table."""
    known = rates(rows)
    size = {row.figure.name: row.figure.ratio for row in rows}

    def peak(a_day: float) -> float:
        return a_day * PEAK / DAY

    def processes(a_second: float, rate: float) -> int:
        return max(1, math.ceil(a_second / (rate * FULL)))

    needs: dict[str, Callable[[Site], str]] = {
        "views a day": lambda site: f"{site.views:,}",
        "clicks a day": lambda site: f"{site.clicks:,}",
        "offers": lambda site: f"{site.offers:,}",
        "pages a second, busiest hour": lambda site: _plain(peak(site.views)),
        "web processes, if no CDN stands before them": lambda site: _plain(
            processes(peak(site.views), known["kept"])
            + processes(peak(site.views) * MADE_ANEW, known["new"])
            + processes(peak(site.clicks), known["clicks"])
        ),
        "the same behind a CDN": lambda site: _plain(
            processes(peak(site.views) * MADE_ANEW, known["new"]) + processes(peak(site.clicks), known["clicks"])
        ),
        "workers for prices": lambda site: _plain(processes(site.offers * CHECKS_A_DAY / DAY, known["refreshed"])),
        "shippers of clicks": lambda site: _plain(processes(peak(site.clicks), known["shipped"])),
        "clicks stored in a year": lambda site: _bytes(site.clicks * YEAR * size["bytes_per_click"]),
        "prices stored in a year": lambda site: _bytes(
            site.offers * CHECKS_A_DAY * CHANGED * YEAR * size["bytes_per_price"]
        ),
    }
    head = "| | " + " | ".join(site.name for site in among) + " |"
    lines = [head, "|---" * (len(among) + 1) + "|"]
    lines += [f"| {what} | " + " | ".join(need(site) for site in among) + " |" for what, need in needs.items()]
    return "\n".join(lines)


def _said(figure: Figure, pattern: str) -> float:
    found = re.search(pattern, figure.note)
    if found is None:
        raise ValueError(f"the note of {figure.name} does not say {pattern!r}: {figure.note}")
    return float(found[1].replace(",", ""))


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _bytes(value: float) -> str:
    for size, unit in ((1e12, "TB"), (1e9, "GB")):
        if value >= size:
            return f"{value / size:,.1f} {unit}"
    return f"{value / 1e6:,.0f} MB"
