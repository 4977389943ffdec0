"""earmark.E020 to E023, E050: numbers that are out of bounds, and words that have a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from catalog.money.currencies import is_active
from config.checks.addresses import web_problem
from config.checks.site import TAG

# Setting → the least and the most that makes sense.
BOUNDS = {
    "ADMIN_IDLE_MINUTES": (1, 1_440),
    "ADMIN_SESSION_HOURS": (1, 720),
    "ALERT_REST_DAYS": (1, 365),
    "CDN_SECONDS": (0, 86_400),
    "CLICK_RETENTION_MONTHS": (1, 120),
    "IMPORT_MAX_MB": (1, 100_000),
    "NEWSLETTER_PER_MINUTE": (0, 1_000_000),
    "NEWS_LETTERS_PER_DAY": (1, 1_000),
    "PAGE_CACHE_SECONDS": (0, 3_600),
    "PAGE_MEMORY_MB": (0, 1_000_000),
    "SECURE_HSTS_SECONDS": (0, 10 * 31_536_000),
}
_RATE = re.compile(r"[1-9][0-9]*/(s|sec|second|m|min|minute|h|hour|d|day)")


@register(TAG)
def numbers_are_in_bounds(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return [*_bounds(), *_forms()]


def _bounds() -> Iterator[CheckMessage]:
    values = {name: getattr(settings, name, None) for name in BOUNDS}
    values["DATABASE_CONN_MAX_AGE"] = settings.DATABASES["default"]["CONN_MAX_AGE"]
    for name, value in values.items():
        least, most = BOUNDS.get(name, (0, 86_400))
        if value is not None and not least <= value <= most:
            yield Error(
                f"{name} is {value}; it makes sense from {least} to {most}.", hint=f"Correct {name}.", id="earmark.E020"
            )


def _forms() -> Iterator[CheckMessage]:
    rates = dict(settings.REST_FRAMEWORK)["DEFAULT_THROTTLE_RATES"]
    for kind, name in (("anon", "API_RATE"), ("key", "API_KEY_RATE")):
        rate = rates[kind]  # type: ignore[index,call-overload]
        if not _RATE.fullmatch(rate):
            yield Error(
                f"{name} is {rate!r}, which is no rate.",
                hint="Write a number and a span: 120/min, 10/s, 5000/day.",
                id="earmark.E021",
            )
    if not is_active(settings.REPORT_CURRENCY):
        yield Error(
            f"REPORT_CURRENCY is {settings.REPORT_CURRENCY!r}, which is no currency we know.",
            hint="Write its three capitals (ISO 4217), such as EUR.",
            id="earmark.E022",
        )
    traces = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    if traces and (problem := web_problem(traces)):
        yield Error(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is {traces!r}: {problem}.",
            hint="Name a collector that takes OTLP over HTTP, such as http://collector:4318, or leave it empty.",
            id="earmark.E050",
        )
    if problem := web_problem(settings.EXCHANGE_RATES_URL):
        yield Error(
            f"EXCHANGE_RATES_URL is {settings.EXCHANGE_RATES_URL!r}: {problem}.",
            hint="Leave it empty for the European Central Bank, or name a mirror with the same paths.",
            id="earmark.E023",
        )
