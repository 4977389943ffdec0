"""Somebody of the newsroom on their first day and on all others, in a real browser: app, passkey, keyboard, axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.admin_desk import complaints
from tests.config.staff.one_time_codes import code_now
from tests.factories import make_colleague

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "listen-closely"


@pytest.fixture(autouse=True)
def _second_factor_is_asked_for(_password_is_enough: None, settings: Any) -> None:
    settings.ADMIN_REQUIRE_MFA = True
    make_colleague("editor", "Editor")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def desk(live_server: LiveServer, path: str = "") -> str:
    """The desk's address at a name: browsers give passkeys to names, not to numbers."""
    return f"{live_server.url.replace('127.0.0.1', 'localhost')}/admin/{path}"


def type_password(page: Page, live_server: LiveServer) -> None:
    page.goto(desk(live_server))
    page.fill("#id_username", "editor")
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def with_a_passkey_in_it(page: Page) -> CDPSession:
    """Chromium with an authenticator that answers at once, as a finger on a sensor would."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def test_a_passkey_is_set_up_and_signs_in(page: Page, live_server: LiveServer) -> None:
    with_a_passkey_in_it(page)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    type_password(page, live_server)
    page.get_by_role("link", name="Set up a passkey").click()
    page.fill("[name=name]", "Office computer")
    page.wait_for_load_state()  # the button does nothing before its script is there
    page.locator("#add-passkey").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.get_by_role("link", name="to the newsroom").click()
    page.get_by_role("link", name="Log out").or_(page.get_by_role("button", name="Log out")).click()

    type_password(page, live_server)
    page.get_by_role("heading", name="The second step").wait_for()
    page.wait_for_load_state()
    page.locator("#use-passkey").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(desk(live_server))
    expect(page.locator("#user-tools")).to_have_count(1)
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None
    assert said == []


def test_an_app_is_set_up_and_signs_in_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(desk(live_server))
    page.fill("#id_username", "editor")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.get_by_role("link", name="Set up an authenticator app").click()
    secret = page.locator("#totp-secret").inner_text()
    page.get_by_label("code").fill(code_now(secret, steps=-1))
    page.click("[type=submit]")
    expect(page.locator(".staff-codes li")).to_have_count(10)
    page.context.clear_cookies()

    page.goto(desk(live_server))
    page.fill("#id_username", "editor")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.get_by_label("Code").fill(code_now(secret))
    page.click("#code-form [type=submit]")
    page.wait_for_url(desk(live_server))
    page.context.close()


def test_the_pages_can_be_used_by_everybody(page: Page, live_server: LiveServer) -> None:
    door = ["/admin/login/"]
    assert complaints(page, live_server, door) == []
    page.goto(live_server.url + "/admin/login/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    inside = ("", "app/", "passkeys/", "passkeys/add/", "sessions/", "password/")
    assert complaints(page, live_server, [f"/admin/sign-in/{path}" for path in inside]) == []
