"""The addresses where a mail server's own program, or a mail service, reports bounces and complaints.

Only what is signed, or comes with the password, is read.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from readers.mail_events import MailEventError, is_signed, read_events
from readers.mail_service import NotTheServiceError, hear
from readers.services.suppression import suppress_address


@csrf_exempt
@never_cache
def mail_events(request: HttpRequest) -> JsonResponse:
    """How many of the addresses were readers' is not told: the answer to a leaked message would tell who reads."""
    if request.method != "POST":
        return _by_post_alone("POST")
    if not is_signed(request.body, request.headers.get("X-Earmark-Signature", ""), settings.MAIL_EVENTS_SECRET):
        return JsonResponse({"detail": "The signature does not fit the body and the secret."}, status=403)
    now = timezone.now()
    try:
        events = read_events(request.body, now=now)
    except MailEventError as error:
        return JsonResponse({"detail": str(error)}, status=400)
    for event in events:
        suppress_address(address=event.address, because=event.kind, now=now)
    return JsonResponse({"read": len(events)})


@csrf_exempt
@never_cache
def mail_service_events(request: HttpRequest, service: str) -> HttpResponse:
    """What the service that carries our letters posts, in its own form; only that of `MAIL_SERVICE` has a door."""
    if service != settings.MAIL_SERVICE or not settings.MAIL_EVENTS_SECRET:
        raise Http404("MAIL_SERVICE names another service or none, or MAIL_EVENTS_SECRET is empty.")
    if request.method not in ("POST", "HEAD"):  # some services look first whether the door is there
        return _by_post_alone("POST, HEAD")
    try:
        return hear(request, service)
    except NotTheServiceError:
        detail = "Name and password (earmark:MAIL_EVENTS_SECRET), or the service's own signature, do not fit."
        return JsonResponse({"detail": detail}, status=403)
    except MailEventError as error:
        return JsonResponse({"detail": str(error)}, status=400)


def _by_post_alone(allowed: str) -> JsonResponse:
    detail = "What happened to mail is told by POST, as docs/operations.md says."
    return JsonResponse({"detail": detail}, status=405, headers={"Allow": allowed})
