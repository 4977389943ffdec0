"""A real browser for the tests that need one; they are marked `browser`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.install import installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Playwright's synchronous door keeps an event loop in this thread, and Django would refuse the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; every test opens a context of its own."""
    from playwright.sync_api import sync_playwright

    path = installed()
    if path is None:
        pytest.fail("No Chromium here: run `python -m tests.browser.install`, or name one: CHROMIUM=/path/to/chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _windows_are_closed(browser: Browser) -> Iterator[None]:
    """What a test left open would go on asking the server, and the server would keep the database in use."""
    yield
    for context in browser.contexts:
        context.close()
