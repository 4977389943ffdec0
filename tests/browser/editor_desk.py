"""A colleague at the article's form in a real browser, by keyboard where it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Colleague:
    """Somebody signed in, with a browser of their own that remembers every complaint in its console."""

    def __init__(self, browser: Browser, live_server: Any, username: str = "editor") -> None:
        self.address = live_server.url
        self.username = username
        self.context = browser.new_context()
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda message: message.type in ("error", "warning") and self.complaints.append(message.text)
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.sign_in(self.page)

    def sign_in(self, page: Page) -> None:
        page.goto(self.address + reverse("admin:login"))
        page.fill("#id_username", self.username)
        page.fill("#id_password", "listen-closely")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def open(self, name: str, *args: Any) -> None:
        self.page.goto(self.address + reverse(name, args=args))

    def tab_to(self, selector: str, *, limit: int = 400, back: bool = False) -> None:
        """Presses Tab until what has the focus fits; fails when nothing that fits can be reached."""
        for _ in range(limit):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab does not reach {selector}")

    def press_enter_and_wait(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    @property
    def kinds(self) -> list[str]:
        return self.page.locator("[data-block-list] input[name$=-kind]").evaluate_all(
            "all => all.map(one => one.value)"
        )
