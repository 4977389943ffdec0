"""What does the service that carries our letters hear of them? Five services, each in its own form.

django-anymail checks who is speaking, reads each service's form and tells it in one (`anymail.signals.tracking`). Here
is decided what ends mail to an address: a mailbox that is not there for good, and a reader who called a letter
unwanted. What comes back for a while, is opened or clicked is nobody's concern here. `settings.MAIL_SERVICES` are those
of the library's whose temporary failures can be told from lasting ones, and that need no library more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.core.exceptions import SuspiciousOperation
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from readers.mail_events import MailEventError
from readers.models import Reader
from readers.services.suppression import suppress_address

# Told as bounces like the others, in the services' own words: Postmark's, Brevo's, Mailjet's.
_FOR_A_WHILE = (("Type", "SoftBounce"), ("event", "soft_bounce"), ("hard_bounce", False))
_REFUSED = {EventType.BOUNCED, EventType.REJECTED}
_NOT_THERE = {RejectReason.BOUNCED, RejectReason.INVALID}


class NotTheServiceError(Exception):
    """The message does not have the password or the signature that was agreed with the service."""


def hear(request: HttpRequest, service: str) -> HttpResponse:
    """Take a message of one of `settings.MAIL_SERVICES` and do what it asks.

    Raises `NotTheServiceError`, and `MailEventError` for what is none of its reports.
    """
    try:
        return _door_of(service)(request)
    except SuspiciousOperation as error:
        raise NotTheServiceError from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise MailEventError(f"This is not what {service} posts about letters.") from error


@cache
def _door_of(service: str) -> Callable[[HttpRequest], HttpResponse]:
    from anymail.urls import urlpatterns  # a dozen modules that few sites need

    found: Callable[[HttpRequest], HttpResponse] = next(
        pattern.callback for pattern in urlpatterns if pattern.name == f"{service}_tracking_webhook"
    )
    return found


@receiver(tracking)
def _end_mail(event: AnymailTrackingEvent, **_: object) -> None:
    because = _because(event)
    if because and event.recipient:
        suppress_address(address=event.recipient, because=because, now=timezone.now())


def _because(event: AnymailTrackingEvent) -> str:
    if event.event_type == EventType.COMPLAINED:
        return Reader.Suppression.COMPLAINT
    is_lasting = event.event_type in _REFUSED and event.reject_reason in _NOT_THERE
    return Reader.Suppression.BOUNCE if is_lasting and not _is_for_a_while(event.esp_event) else ""


def _is_for_a_while(told: object) -> bool:
    return isinstance(told, Mapping) and any(told.get(name) == value for name, value in _FOR_A_WHILE)
