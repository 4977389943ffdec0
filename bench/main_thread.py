"""How long does a page keep a phone's main thread busy? `python -m bench.main_thread ADDRESS [PATH …]`.

Asks a running demo, in headless Chromium with a phone's window, and prints the median of five first visits per page:
the thread's own time in ms (not the clock's, so that work beside it counts less), of that styles and layout, how many
styles were reckoned and how many boxes laid out. Nothing is slowed down: a phone takes about four times as long.
"""

from __future__ import annotations

import statistics
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RUNS = 5
PHONE = {"width": 412, "height": 823}
PATHS = (
    "/",
    "/products/",
    "/products/?view=table",
    "/products/sony-wh-1000xm5/",
    "/reviews/sony-wh-1000xm5-review/",
    "/best/best-headphones-for-commuting/",
    "/brands/",
)
_CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline,toplevel"
# Scripts that wait for the page, and pictures, come within it.
_AFTER_LOAD_MS = 700


def visit(browser: Browser, address: str) -> dict[str, float]:
    """One first visit, as figures by name."""
    context = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]}, is_mobile=True)
    page = context.new_page()
    session = context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    session.on("Tracing.dataCollected", lambda said: events.extend(said["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    session.send("Tracing.start", {"categories": _CATEGORIES, "transferMode": "ReportEvents"})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(_AFTER_LOAD_MS)
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    context.close()
    return _figures(events)


def _figures(events: list[dict[str, Any]]) -> dict[str, float]:
    # A browser lays out pages of its own beside ours: the page is where most boxes are.
    threads: Counter[tuple[int, int]] = Counter()
    for one in events:
        if one["name"] == "Layout":
            threads[one["pid"], one["tid"]] += one.get("args", {}).get("beginData", {}).get("totalObjects", 0)
    main = threads.most_common(1)[0][0]
    own = [one for one in events if (one.get("pid"), one.get("tid")) == main and one["ph"] == "X"]

    def spent(name: str) -> float:
        return float(sum(one.get("tdur", 0) for one in own if one["name"] == name)) / 1000

    boxes = [one["args"].get("beginData", {}).get("totalObjects", 0) for one in own if one["name"] == "Layout"]
    styled = [one["args"].get("elementCount", 0) for one in own if one["name"] == "UpdateLayoutTree"]
    return {
        "busy": spent("RunTask"),
        "style": spent("UpdateLayoutTree"),
        "layout": spent("Layout"),
        "styled": sum(styled),
        "boxes": max(boxes, default=0),
    }


def main(address: str, paths: tuple[str, ...]) -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser.install import installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=["--no-sandbox", "--disable-gpu"])
        print(f"{'busy':>7}{'style':>7}{'layout':>7}{'styled':>8}{'boxes':>7}  page")
        for path in paths:
            rows = [visit(browser, address.rstrip("/") + path) for _ in range(RUNS)]
            found = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
            times = f"{found['busy']:>7.1f}{found['style']:>7.1f}{found['layout']:>7.1f}"
            print(f"{times}{found['styled']:>8.0f}{found['boxes']:>7.0f}  {path}", flush=True)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Say where the demo answers: python -m bench.main_thread http://127.0.0.1:8000")
    main(sys.argv[1], tuple(sys.argv[2:]) or PATHS)
