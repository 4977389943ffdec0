"""earmark.E010 to E013, W010 to W014: can letters go out, and does anybody hear when something breaks?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Doubt

from config.checks.addresses import domain_of, is_mail_address
from config.checks.site import TAG

SMTP = "django.core.mail.backends.smtp.EmailBackend"
SHORTEST_SECRET = 24


@register(TAG)
def letters_can_go_out(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return [*_server(), *_sender(), *_service(), *_operators()]


def _server() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND != SMTP:
        if settings.IS_HTTPS:
            yield Doubt(
                "EMAIL_URL names no mail server: letters and confirmations are only written down here.",
                hint="Set EMAIL_URL, such as smtp+tls://user:password@mail.example.org:587.",
                id="earmark.W010",
            )
        return
    user, password = settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD
    if not settings.EMAIL_HOST:
        problem = "it names no host"
    elif bool(user) != bool(password):
        problem = "it has a password without a user" if password else "it has a user without a password"
    else:
        return
    yield Error(
        f"EMAIL_URL cannot be used: {problem}.",
        hint="Write it as smtp+tls://user:password@mail.example.org:587; in the password @ as %40, : as %3A, / as %2F.",
        id="earmark.E010",
    )


def _sender() -> Iterator[CheckMessage]:
    sender = settings.DEFAULT_FROM_EMAIL
    if not is_mail_address(sender):
        yield Error(
            f"DEFAULT_FROM_EMAIL is {sender!r}, which is no mail address.",
            hint="Write it as Earmark <post@example.org>.",
            id="earmark.E011",
        )
    elif settings.IS_HTTPS and domain_of(sender) in ("localhost", "localhost.localdomain"):
        yield Doubt(
            f"Letters come from {domain_of(sender)}, which mail servers refuse.",
            hint="Set DEFAULT_FROM_EMAIL to an address of your domain.",
            id="earmark.W011",
        )
    if settings.MAIL_EVENTS_SECRET and len(settings.MAIL_EVENTS_SECRET) < SHORTEST_SECRET:
        yield Doubt(
            f"MAIL_EVENTS_SECRET has {len(settings.MAIL_EVENTS_SECRET)} letters: guessed, it unsubscribes readers.",
            hint=f"Set it to at least {SHORTEST_SECRET} random letters, here and where bounces are posted from.",
            id="earmark.W012",
        )


def _service() -> Iterator[CheckMessage]:
    if settings.MAIL_SERVICE and not settings.MAIL_EVENTS_SECRET:
        yield Doubt(
            f"MAIL_SERVICE is {settings.MAIL_SERVICE}, but its reports are not taken: MAIL_EVENTS_SECRET is empty.",
            hint="Set it to the password in the address that the service posts to (docs/operations.md).",
            id="earmark.W014",
        )
    if settings.MAIL_SERVICE == "mailgun" and not settings.ANYMAIL.get("MAILGUN_WEBHOOK_SIGNING_KEY"):
        yield Error(
            "MAIL_SERVICE is mailgun, but the key that it signs its reports with is not known.",
            hint='Set MAIL_SERVICE_OPTIONS={"MAILGUN_WEBHOOK_SIGNING_KEY": "…"}.',
            id="earmark.E013",
        )


def _operators() -> Iterator[CheckMessage]:
    wrong = [address for address in settings.OPERATOR_EMAILS if not is_mail_address(address)]
    if wrong:
        yield Error(
            f"OPERATOR_EMAILS names what is no mail address: {', '.join(wrong)}.",
            hint="Write addresses with commas between: ops@example.org,second@example.org.",
            id="earmark.E012",
        )
    if settings.IS_HTTPS and not settings.OPERATOR_EMAILS:
        yield Doubt(
            "OPERATOR_EMAILS is empty: nobody is told when clicks wait, prices grow stale or a backup is missing.",
            hint="Set OPERATOR_EMAILS to whoever looks after this machine.",
            id="earmark.W013",
        )
