"""The way to the desk: password, second factor, locks, what is written down of it."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.staff.adapter import TOO_MANY, network_of
from tests.config.staff.one_time_codes import code_now, wrong_code
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
PASSWORD = "listen-closely"


@pytest.fixture
def editor() -> User:
    return make_staff("editor", "catalog.view_product")


@pytest.fixture
def secret(editor: User) -> str:
    """The secret in the editor's authenticator app."""
    made = generate_totp_secret()
    TOTP.activate(editor, made)
    return made


def type_password(client: Client, username: str = "editor", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("admin:login"), {"login": username, "password": password}, **extra)


def type_code(client: Client, code: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def may_enter(client: Client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def told(user: User) -> list[str]:
    """What the log says of the account, oldest first."""
    lines = LogEntry.objects.filter(object_id=str(user.pk)).order_by("pk")
    return [line.get_change_message() for line in lines]


def test_a_password_alone_opens_nothing_and_leads_to_the_set_up(client: Client, editor: User) -> None:
    assert type_password(client).status_code == 302
    assert not may_enter(client)
    led = client.get(reverse("admin:index"), follow=True)
    assert led.redirect_chain[-1][0] == reverse("mfa_index")
    assert "One step is missing" in led.content.decode()
    assert "Signed in by password only." in told(editor)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_on_the_first_day_and_its_codes_are_shown_once(client: Client, editor: User) -> None:
    type_password(client)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}, follow=True)
    codes = RecoveryCodes(Authenticator.objects.get(user=editor, type="recovery_codes")).get_unused_codes()
    assert all(code in done.content.decode() for code in codes)
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(code in again for code in codes)
    assert may_enter(client)
    assert "Set up an authenticator app." in told(editor)


def test_a_secret_is_not_readable_in_the_database(editor: User, secret: str) -> None:
    assert secret not in str(Authenticator.objects.get(user=editor).data)


def test_password_and_code_open_the_desk(client: Client, editor: User, secret: str) -> None:
    assert type_password(client).url == reverse("mfa_authenticate")
    assert not may_enter(client)
    assert type_code(client, code_now(secret)).url == reverse("admin:index")
    assert may_enter(client)
    assert told(editor) == ["Signed in, with a second factor."]


def test_a_code_opens_once(editor: User, secret: str) -> None:
    first, second = Client(), Client()
    code = code_now(secret)
    for client in (first, second):
        type_password(client)
        type_code(client, code)
    assert may_enter(first)
    assert not may_enter(second)


def test_a_recovery_code_opens_once(editor: User, secret: str) -> None:
    code = RecoveryCodes.activate(editor).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client)
        type_code(client, code)
    assert may_enter(first)
    assert not may_enter(second)


def test_ten_wrong_codes_lock_even_the_right_one_out(client: Client, editor: User, secret: str) -> None:
    type_password(client)
    for _ in range(10):
        assert "not valid now" in type_code(client, wrong_code(secret)).content.decode()
    assert TOO_MANY in type_code(client, code_now(secret)).content.decode()
    assert not may_enter(client)
    assert told(editor).count("The password was right, the code of the second factor was not.") == 10


def test_ten_wrong_passwords_lock_the_account_for_every_browser(editor: User, secret: str) -> None:
    for _ in range(10):
        type_password(Client(), password="wrong")
    page = type_password(Client(), REMOTE_ADDR="198.51.100.7").content.decode()
    assert TOO_MANY in page
    assert told(editor)[-1].startswith("Sign-in is locked")


def test_a_network_is_locked_whatever_names_it_tries(editor: User) -> None:
    for number in range(50):
        type_password(Client(), f"somebody{number}", REMOTE_ADDR=f"203.0.113.{number}")
    assert TOO_MANY in type_password(Client(), REMOTE_ADDR="203.0.113.200").content.decode()
    assert type_password(Client(), REMOTE_ADDR="192.0.2.1").status_code == 302


def test_the_answer_does_not_say_whether_an_account_exists(editor: User) -> None:
    reader = User.objects.create_user("reader", password=PASSWORD)
    off = make_staff("gone")
    off.is_active = False
    off.save()
    tried = (("editor", "wrong"), ("nobody", "wrong"), (reader.username, PASSWORD), (off.username, PASSWORD))
    answers = {
        type_password(Client(), name, password).content.decode().partition('role="alert">')[2].partition("<")[0]
        for name, password in tried
    }
    assert len(answers) == 1
    assert "do not belong together" in answers.pop()


def test_a_name_nobody_has_is_kept_nowhere() -> None:
    type_password(Client(), "my-password-by-mistake", "x")
    assert not LogEntry.objects.exists()


def test_the_only_second_factor_cannot_be_removed(client: Client, editor: User, secret: str) -> None:
    client.force_login(editor)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.post(reverse("mfa_deactivate_totp"))
    assert "only second factor" in page.content.decode()
    assert Authenticator.objects.filter(user=editor, type="totp").exists()


def test_changing_how_one_signs_in_asks_for_the_password_again(client: Client, editor: User) -> None:
    client.force_login(editor)
    for name in ("mfa_add_webauthn", "mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate")), name


def test_a_short_or_common_password_is_refused(client: Client, editor: User) -> None:
    client.force_login(editor)
    for new, why in (("elevenchars", "at least 12"), ("qwertyuiop123", "too common")):
        given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        page = client.post(reverse("account_change_password"), given).content.decode()
        assert why in page, new


def test_a_lost_phone_is_forgotten_by_command(client: Client, editor: User, secret: str) -> None:
    client.force_login(editor)
    call_command("forget_second_factor", "editor", verbosity=0)
    assert not Authenticator.objects.exists()
    assert "by command on the machine" in told(editor)[-1]
    with pytest.raises(CommandError, match="No account is called 'nobody'"):
        call_command("forget_second_factor", "nobody")


def test_an_app_outlives_a_new_secret_key_that_names_the_former_one(
    client: Client, editor: User, secret: str, settings: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    type_password(client)
    type_code(client, code_now(secret))
    assert may_enter(client)


def test_an_app_of_a_key_that_is_gone_opens_nothing_and_breaks_nothing(
    client: Client, editor: User, secret: str, settings: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, []
    type_password(client)
    assert type_code(client, code_now(secret)).status_code == 200
    assert type_code(client, code_now("")).status_code == 200
    assert not may_enter(client)


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "mfa_login_webauthn"])
def test_what_is_not_used_does_not_answer(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_without_the_requirement_a_password_is_enough(client: Client, editor: User, settings: Any) -> None:
    settings.ADMIN_REQUIRE_MFA = False
    type_password(client)
    assert may_enter(client)
    assert "Here a password is enough." in client.get(reverse("mfa_index")).content.decode()


def test_who_has_no_second_factor_is_told_that_a_step_is_missing(client: Client, editor: User) -> None:
    type_password(client)
    said = client.get(reverse("mfa_index")).content.decode()
    assert "One step is missing." in said
    assert "a password is enough" not in said


def test_an_address_is_shortened_to_its_network() -> None:
    assert network_of("203.0.113.77") == "203.0.113.0"
    assert network_of("2001:db8:1:2:3::4") == "2001:db8:1::"
