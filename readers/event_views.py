"""The address where the mail server's own program reports bounces and complaints. Only signed messages are read."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from readers.mail_events import MailEventError, is_signed, read_events
from readers.services.suppression import suppress_address


@csrf_exempt
@never_cache
def mail_events(request: HttpRequest) -> JsonResponse:
    """How many of the addresses were readers' is not told: the answer to a leaked message would tell who reads."""
    if request.method != "POST":
        detail = "What happened to mail is told by POST, as docs/operations.md says."
        return JsonResponse({"detail": detail}, status=405, headers={"Allow": "POST"})
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
