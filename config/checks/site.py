"""earmark.E001 to E005, W001 to W007: the site's address, its key, and who stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Doubt
from django.http.request import validate_host

from config.checks.addresses import is_of_this_machine, web_problem

TAG = "earmark"
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
SHORTEST_KEY, FEWEST_LETTERS = 32, 8


@register(TAG)
def site_can_be_reached(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return [*_address(), *_key(), *_proxy()]


def _address() -> Iterator[CheckMessage]:
    address = settings.SITE_URL
    problem = web_problem(address) or ("it has a path" if urlsplit(address).path else "")
    if problem:
        yield Error(
            f"SITE_URL is {address!r}: {problem}.",
            hint="Set SITE_URL to the address readers see, such as https://www.example.org, without a path.",
            id="earmark.E001",
        )
        return
    host = urlsplit(address).hostname or ""
    if not settings.DEBUG and not validate_host(host, settings.ALLOWED_HOSTS):
        yield Error(
            f"The site does not answer to its own address: ALLOWED_HOSTS lacks {host}.",
            hint=f"Add {host} to ALLOWED_HOSTS, or correct SITE_URL.",
            id="earmark.E002",
        )
    own = getattr(settings, "ADMIN_HOST", "")
    if own and not _HOST.fullmatch(own):
        yield Error(
            f"ADMIN_HOST is {own!r}, which is no host.",
            hint="Name the host alone, such as desk.example.org, or leave it empty.",
            id="earmark.E005",
        )
    if settings.IS_HTTPS and "*" in settings.ALLOWED_HOSTS:
        yield Doubt(
            "ALLOWED_HOSTS is *: the site answers to any name, so a stranger's name can get into links and letters.",
            hint="Name the hosts of the site in ALLOWED_HOSTS.",
            id="earmark.W001",
        )
    if not settings.IS_HTTPS and not is_of_this_machine(address):
        yield Doubt(
            f"SITE_URL is {address}: without https sign-ins and readers' links can be read on the way.",
            hint="Put a proxy with a certificate in front and set SITE_URL to https://…",
            id="earmark.W002",
        )


def _key() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if settings.IS_HTTPS and (len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS):
        yield Error(
            f"SECRET_KEY can be guessed: {len(key)} letters, {len(set(key))} different ones.",
            hint="Make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`. "
            "It signs sessions and readers' links: a new one signs everybody out.",
            id="earmark.E003",
        )
    if settings.IS_HTTPS and settings.DEBUG:
        yield Error(
            "DEBUG is on for a public site: whoever meets a failure is shown settings and code.",
            hint="Set DEBUG=0.",
            id="earmark.E004",
        )
    if settings.IS_HTTPS and not getattr(settings, "ADMIN_REQUIRE_MFA", True):
        yield Doubt(
            "ADMIN_REQUIRE_MFA is off: whoever knows an editor's password can change a public site.",
            hint="Set ADMIN_REQUIRE_MFA=1.",
            id="earmark.W007",
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_KEY // 2:
        yield Doubt(
            f"METRICS_TOKEN has {len(settings.METRICS_TOKEN)} letters: it can be guessed.",
            hint="Set METRICS_TOKEN to a long random text, or leave it empty: then /metrics is not there.",
            id="earmark.W003",
        )


def _proxy() -> Iterator[CheckMessage]:
    if settings.SECURE_SSL_REDIRECT and not settings.BEHIND_PROXY:
        yield Doubt(
            "Everything is sent to https, but BEHIND_PROXY is off: behind a proxy readers would be sent in a circle.",
            hint="Set BEHIND_PROXY=1 where a proxy sets X-Forwarded-Proto; leave it where the web server speaks https.",
            id="earmark.W004",
        )
    if not settings.IS_HTTPS and (settings.SECURE_SSL_REDIRECT or settings.SECURE_HSTS_SECONDS):
        yield Doubt(
            "SECURE_SSL_REDIRECT or SECURE_HSTS_SECONDS insists on https, but SITE_URL says http.",
            hint="Set SITE_URL to https://…, or both to 0.",
            id="earmark.W005",
        )
    if settings.SURROGATE_KEYS and not settings.PAGE_CACHE_SECONDS:
        yield Doubt(
            "SURROGATE_KEYS is on, but no page is kept (PAGE_CACHE_SECONDS is 0): no key will be sent.",
            hint="Set PAGE_CACHE_SECONDS, or SURROGATE_KEYS=0.",
            id="earmark.W006",
        )
