"""How much does each kind of page load on a phone that has nothing of it yet? `python -m bench.page_weight ADDRESS`.

Asks a running demo, in headless Chromium, and prints a line per page: requests, kilobytes as they cross the line
(headers included), of that scripts and stylesheets, cookies, hosts beside ours, and violations of the content security
policy. Exit code 1 where a page is over its budget.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession

# Kilobytes are of 1,000 bytes. A page of a product may spend more on pictures.
MOST_REQUESTS, MOST_KB, MOST_SCRIPT_KB, MOST_STYLE_KB = 10, 80, 10, 12
PHONE = {"width": 360, "height": 800}
PAGES = {
    "home": "/",
    "hub": "/headsets/gaming/",
    "guide": "/guides/headphones-versus-headsets/",
    "review": "/reviews/sony-wh-1000xm5-review/",
    "best of": "/best/best-headphones-for-commuting/",
    "product": "/products/sony-wh-1000xm5/",
    "catalogue": "/products/",
    "compare": "/compare/?products=sony-wh-1000xm5,soundcore-space-one",
    "rank": "/rank/everyday/",
    "brand": "/brands/sony/",
    "author": "/authors/",
    "search": "/search/?q=sony",
    "choose": "/choose/",
    "method": "/method/",
    "disclosure": "/disclosure/",
    "not found": "/no-such-page/",
}


@dataclass(slots=True)
class Load:
    requests: int = 0
    bytes: Counter[str] = field(default_factory=Counter)
    hosts: set[str] = field(default_factory=set)
    violations: int = 0
    cookies: int = 0

    def kilobytes(self, kind: str = "") -> float:
        return (self.bytes[kind] if kind else sum(self.bytes.values())) / 1000

    @property
    def fits(self) -> bool:
        return (
            self.requests <= MOST_REQUESTS
            and self.kilobytes() <= MOST_KB
            and self.kilobytes("Script") <= MOST_SCRIPT_KB
            and self.kilobytes("Stylesheet") <= MOST_STYLE_KB
            and not (self.cookies or self.violations or len(self.hosts) > 1)
        )


def load(browser: Browser, address: str) -> Load:
    """One first visit."""
    found = Load()
    context = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]}, device_scale_factor=2)
    page = context.new_page()
    page.on("console", lambda message: _count_violation(found, message.text))
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    _listen(session, found)
    page.goto(address, wait_until="networkidle")
    found.cookies = len(context.cookies())
    context.close()
    return found


def _count_violation(found: Load, text: str) -> None:
    found.violations += "Content Security Policy" in text


def _listen(session: CDPSession, found: Load) -> None:
    kinds: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        address = urlsplit(event["response"]["url"])
        if address.scheme in {"http", "https"}:
            kinds[event["requestId"]] = event["type"]
            found.hosts.add(address.netloc)

    def finished(event: dict[str, Any]) -> None:
        if kind := kinds.get(event["requestId"]):
            found.requests += 1
            found.bytes[kind] += int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)


def main(address: str) -> int:
    from playwright.sync_api import sync_playwright

    from tests.browser.install import installed

    all_fit = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=["--no-sandbox", "--disable-gpu"])
        print(f"{'page':<11}{'requests':>9}{'kB':>7}{'scripts':>9}{'styles':>8}{'cookies':>9}{'hosts':>7}{'CSP':>5}")
        for name, path in PAGES.items():
            one = load(browser, address.rstrip("/") + path)
            all_fit = all_fit and one.fits
            figures = f"{one.requests:>9}{one.kilobytes():>7.1f}{one.kilobytes('Script'):>9.1f}"
            figures += f"{one.kilobytes('Stylesheet'):>8.1f}{one.cookies:>9}{len(one.hosts):>7}{one.violations:>5}"
            print(f"{name:<11}{figures}{'' if one.fits else '  over'}", flush=True)
        browser.close()
    return 0 if all_fit else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where the demo answers: python -m bench.page_weight http://127.0.0.1:8000")
    sys.exit(main(sys.argv[1]))
