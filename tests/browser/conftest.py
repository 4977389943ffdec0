"""A real browser for the tests that need one; they are marked `browser`."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.signals import request_finished, request_started

from tests.browser.install import installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Playwright's synchronous door keeps an event loop in this thread, and Django would refuse the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# So long must the server have had nothing to do before its database is emptied, and so long is waited for that at most.
QUIET_SECONDS = 0.1
PATIENCE_SECONDS = 10.0


class AtWork:
    """How many requests the test's server is answering, and since when it is idle."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._last = time.monotonic()

    def began(self, **_: Any) -> None:
        self._move(+1)

    def ended(self, **_: Any) -> None:
        self._move(-1)

    def wait(self) -> None:
        """Until nothing was asked for a moment: a page that is left still sends its farewell (`sendBeacon`)."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with self._lock:
                if self._count <= 0 and time.monotonic() - self._last >= QUIET_SECONDS:
                    return
            time.sleep(0.01)

    def _move(self, step: int) -> None:
        if threading.current_thread() is threading.main_thread():
            return  # the test's own client
        with self._lock:
            self._count += step
            self._last = time.monotonic()


@pytest.fixture(autouse=True)
def _password_is_enough(settings: Any) -> None:
    """Editors come by the sign-in page; `test_staff_signs_in.py` has them show the second factor as well."""
    settings.ADMIN_REQUIRE_MFA = False


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
    """What a test left open would go on asking the server, and the server would keep the database in use.

    Closing a window is itself a request on pages that say goodbye: the database waits until the server has answered it.
    """
    at_work = AtWork()
    request_started.connect(at_work.began)
    request_finished.connect(at_work.ended)
    yield
    for context in browser.contexts:
        context.close()
    at_work.wait()
    request_started.disconnect(at_work.began)
    request_finished.disconnect(at_work.ended)
