"""Each thing that can be wrong with how the machine is told to run is named by its id; what is right is not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from config import embedded, env
from config.checks import services
from config.checks.at_start import say_problems
from config.checks.site import TAG
from tests.ports import closed_port
from tests.site_processes import environment

OPERATIONS = (embedded.PROJECT / "docs" / "operations.md").read_text()
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PUBLIC: dict[str, Any] = {
    "SITE_URL": "https://www.example.org",
    "IS_HTTPS": True,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["www.example.org"],
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789",
    "BEHIND_PROXY": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "EMAIL_BACKEND": SMTP,
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_HOST_USER": "",
    "EMAIL_HOST_PASSWORD": "",
    "DEFAULT_FROM_EMAIL": "Earmark <post@example.org>",
    "OPERATOR_EMAILS": ["ops@example.org"],
    "PAGE_CACHE_SECONDS": 300,
    "METRICS_TOKEN": "",
    "ADMIN_REQUIRE_MFA": True,
    "ADMIN_HOST": "",
}
# What any text is right for, and what settings refuse themselves (config/env.py, Django's own) or compose reads.
ANY_VALUE = {"SITE_NAME", "FETCH_USER_AGENT", "STATIC_ROOT", "WORKER_ALIVE_FILE"}
REFUSED_AT_START = {"TIME_ZONE", "ADMIN_PATH"}


def found(**changed: Any) -> list[str]:
    with override_settings(**{**PUBLIC, **changed}):
        return [str(message.id) for message in run_checks(tags=[TAG])]


def test_a_public_site_that_is_told_all_it_needs_is_fine() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("E001", {"SITE_URL": "www.example.org"}),
        ("E001", {"SITE_URL": "https://"}),
        ("E001", {"SITE_URL": "https://www.example.org/shop"}),
        ("E001", {"SITE_URL": "https://www.example.org:port"}),
        ("E002", {"ALLOWED_HOSTS": ["example.org"]}),
        ("E003", {"SECRET_KEY": "short"}),
        ("E003", {"SECRET_KEY": "a" * 60}),
        ("E004", {"DEBUG": True}),
        ("E005", {"ADMIN_HOST": "https://desk.example.org"}),
        ("E010", {"EMAIL_HOST": ""}),
        ("E010", {"EMAIL_HOST_USER": "earmark"}),
        ("E010", {"EMAIL_HOST_PASSWORD": "secret"}),
        ("E011", {"DEFAULT_FROM_EMAIL": "Earmark"}),
        ("E012", {"OPERATOR_EMAILS": ["ops@example.org", "nobody"]}),
        ("E013", {"MAIL_SERVICE": "mailgun", "MAIL_EVENTS_SECRET": "x" * 24}),
        ("E020", {"CDN_SECONDS": -1}),
        ("E020", {"CLICK_RETENTION_MONTHS": 0}),
        ("E020", {"PAGE_MEMORY_MB": -64}),
        ("E021", {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_RATES": {"anon": "120 a minute", "key": "9/s"}}}),
        ("E021", {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_RATES": {"anon": "0/min", "key": "9/s"}}}),
        ("E021", {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_RATES": {"anon": "9/s", "key": "many"}}}),
        ("E022", {"REPORT_CURRENCY": "EURO"}),
        ("E023", {"EXCHANGE_RATES_URL": "ecb.europa.eu"}),
        ("E050", {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}),
        ("E030", {"MEDIA_ROOT": Path("/dev/null/media")}),
        ("E030", {"LINK_SNAPSHOT": Path("/dev/null/links/one")}),
        ("E031", {"GEO_DATABASE": "/no/such/file.mmdb"}),
        ("E031", {"GEO_DATABASE": __file__}),
        ("E032", {"STORAGES": {"default": {"BACKEND": "no.such.Storage", "OPTIONS": {}}}}),
        ("E032", {"STORAGES": {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage",
                                           "OPTIONS": {"bucket": "x"}}}}),
        ("W001", {"ALLOWED_HOSTS": ["*"]}),
        ("W002", {"SITE_URL": "http://www.example.org", "IS_HTTPS": False, "SECURE_SSL_REDIRECT": False,
                  "SECURE_HSTS_SECONDS": 0}),
        ("W003", {"METRICS_TOKEN": "guess"}),
        ("W004", {"BEHIND_PROXY": False}),
        ("W006", {"SURROGATE_KEYS": True, "PAGE_CACHE_SECONDS": 0}),
        ("W007", {"ADMIN_REQUIRE_MFA": False}),
        ("W010", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
        ("W011", {"DEFAULT_FROM_EMAIL": "post@localhost"}),
        ("W012", {"MAIL_EVENTS_SECRET": "short"}),
        ("W013", {"OPERATOR_EMAILS": []}),
        ("W014", {"MAIL_SERVICE": "postmark", "MAIL_EVENTS_SECRET": ""}),
    ],
)  # fmt: skip
def test_one_thing_that_is_wrong_is_named_alone(name: str, changed: dict[str, Any]) -> None:
    assert found(**changed) == [f"earmark.{name}"]


def test_insisting_on_https_while_the_address_says_http_is_a_doubt() -> None:
    own = {"SITE_URL": "http://127.0.0.1:8000", "IS_HTTPS": False, "ALLOWED_HOSTS": ["127.0.0.1"]}
    assert found(**own) == ["earmark.W005"]
    assert found(**own, SECURE_SSL_REDIRECT=False, SECURE_HSTS_SECONDS=0) == []


def test_every_message_says_what_to_do() -> None:
    with override_settings(SITE_URL="x", SECRET_KEY="short", IS_HTTPS=True, EMAIL_HOST="", EMAIL_BACKEND=SMTP):
        messages = run_checks(tags=[TAG])
    assert len(messages) >= 3
    assert all(message.hint for message in messages)


def asked_for_services(*, deploy: bool) -> list[str]:
    found = run_checks(databases=["default"], include_deployment_checks=deploy)
    return [str(message.id) for message in found if str(message.id).startswith("earmark.")]


@pytest.mark.django_db
def test_services_that_answer_are_fine_and_an_old_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"earmark.E040", "earmark.E041", "earmark.E042", "earmark.W040"}.isdisjoint(asked_for_services(deploy=True))
    monkeypatch.setattr(services, "OLDEST_POSTGRESQL", 99)
    assert "earmark.E041" in asked_for_services(deploy=False)


@pytest.mark.django_db
def test_the_command_asks_the_copy_too_and_a_doubt_stops_nothing() -> None:
    told = environment(DATABASE_COPY_URL=f"postgresql://earmark@127.0.0.1:{closed_port()}/earmark")
    command = [sys.executable, "manage.py", "check", "--database", "default"]
    asked = subprocess.run(command, env=told, cwd=embedded.PROJECT, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    assert "(earmark.W041) The copy of the database does not answer" in asked.stderr
    assert "earmark.E" not in asked.stderr


@pytest.mark.django_db
def test_a_redis_that_is_away_is_an_error_for_a_deployment_and_stops_no_migration() -> None:
    with override_settings(REDIS_URL=f"redis://127.0.0.1:{closed_port()}/0"):
        assert "earmark.E042" in asked_for_services(deploy=True)
        assert "earmark.E042" not in asked_for_services(deploy=False)


def test_what_is_wrong_is_in_the_log_of_a_process_that_starts(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(**{**PUBLIC, "SITE_URL": "www.example.org", "OPERATOR_EMAILS": []}):
        assert say_problems() == 2
    assert [(line.levelname, line.getMessage().split()[0]) for line in caplog.records] == [
        ("ERROR", "earmark.E001"),
        ("WARNING", "earmark.W013"),
    ]


def ids_in_code() -> set[str]:
    sources = [
        path.read_text()
        for app in ("config", "catalog", "recommender", "reviews", "partners", "readers")
        for path in (embedded.PROJECT / app).rglob("*.py")
    ]
    return {name for text in sources for name in re.findall(r"""id="([a-z]+\.[EW]\d{3})\"""", text)}


def listed() -> dict[str, str]:
    """The variables that the guide names beside each id."""
    return dict(re.findall(r"^\| `([a-z]+\.[EW]\d{3})` \| (.*?) \|", OPERATIONS, re.MULTILINE))


def test_the_guide_lists_every_id_and_no_other() -> None:
    assert set(listed()) == ids_in_code()


def test_every_variable_is_checked_or_said_to_need_none() -> None:
    checked = {name for names in listed().values() for name in re.findall(r"`([A-Z_]+)`", names)}
    ours = {name for name in env.VARIABLES if name.isupper()}
    assert ours - checked - ANY_VALUE - REFUSED_AT_START - env.FEW_WORDS == set(), "check it, or say above why not"
    assert not checked & (ANY_VALUE | REFUSED_AT_START)
