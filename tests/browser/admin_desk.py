"""An editor's pages in a real browser: what axe finds, what is wider than the window, what breaks the policy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_staff

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (360, 1280)
# Colours change slowly, beginning with the next picture that is drawn.
COLOURS_HAVE_CHANGED = """() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    .then(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)))
    .then(() => true)"""


def make_administrator(username: str = "editor") -> User:
    """Somebody who may see everything, with the password "listen-closely"."""
    user = make_staff(username)
    user.is_superuser = True
    user.save()
    return user


def logged_in(browser: Browser, live_server: LiveServer, path: str) -> Page:
    """The page behind this path, as the administrator sees it."""
    page = browser.new_context().new_page()
    page.goto(f"{live_server.url}/admin/login/?next={path}")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "listen-closely")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def complaints(page: Page, live_server: LiveServer, paths: Iterable[str], *, also: str = "") -> list[str]:
    """What is wrong with the pages at a phone's and a desk's width; empty when nothing is.

    axe looks at the main part, and at what the selector `also` finds beside it.
    """
    found: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in paths:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(live_server.url + path)
            if answer is None or answer.status != 200:
                found.append(f"{path} answers {answer and answer.status}")
                continue
            found += [f"{path} says {text}" for text in said]
            main = "#content-main" if "/admin/" in path else "main"
            include = [[main], [also]] if also and page.locator(also).count() else [[main]]
            # Not the widgets for looking things up and for times, which are Django's own.
            where = {"include": include, "exclude": [[".select2"], [".datetime"]]}
            page.evaluate(COLOURS_HAVE_CHANGED)
            looked = Axe().run(page, context=where, options={"resultTypes": ["violations"]})
            found += [
                f"{path} at {width}, {rule['id']}: {node['html'][:160]}"
                for rule in looked.response["violations"]
                for node in rule["nodes"]
            ]
            said.clear()  # axe itself tries inline styles, which the policy forbids
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path} at {width} is wider than the window")
    return found
