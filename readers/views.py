"""The addresses where readers sign up and leave. GET shows, only POST acts: mail scanners open every link.

The sign-up form stands on cached pages, so there is no CSRF token in it and none is needed: no session is used, and
all that a forged request could do is what anybody can do by typing an address. A foreign `Origin` is refused anyway.
"""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from readers import pages, tasks
from readers.consent import NEWSLETTER
from readers.pages import NewsletterPage
from readers.same_site import is_foreign
from readers.selectors import consent_by_key
from readers.services import subscriptions

# What the column holds, and what mail servers accept (RFC 5321); the validator alone lets longer ones pass.
LONGEST_ADDRESS = 254


def _show(request: HttpRequest, page: NewsletterPage, status: int = 200) -> HttpResponse:
    return render(request, "readers/newsletter.html", {"page": page}, status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, pages.asking())
    if is_foreign(request):
        return _show(request, pages.refused("The form was sent from another site. Please use the one here."), 403)
    if request.POST.get("website"):  # a field people do not see: whoever fills it in is a machine
        return _show(request, pages.ASKED)
    address = request.POST.get("email", "").strip()
    try:
        validate_email(address)
        MaxLengthValidator(LONGEST_ADDRESS)(address)
    except ValidationError:
        error = (
            f"“{address}” is not a mail address: it needs a name, an @ and a domain."
            if address
            else "Fill in your address."
        )
        return _show(request, pages.asking(address=address, errors=(error,)), 400)
    _ask(address, asked_on=request.POST.get("page", request.path).replace("\0", ""))
    return _show(request, pages.ASKED)


def _ask(address: str, *, asked_on: str) -> None:
    consent = subscriptions.ask_for_consent(address=address, topic=NEWSLETTER, asked_on=asked_on, now=timezone.now())
    if consent is not None:
        transaction.on_commit(partial(tasks.send_confirmation.delay, consent.pk))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_confirm(request: HttpRequest, key: str) -> HttpResponse:
    consent = consent_by_key(key)
    if consent is None:
        return _show(request, pages.UNKNOWN, 404)
    if request.method != "POST":
        return _show(request, pages.CONFIRMING)
    try:
        subscriptions.confirm_consent(consent=consent, now=timezone.now())
    except subscriptions.ConsentError as error:
        return _show(request, pages.refused(str(error)), 410)
    return _show(request, pages.CONFIRMED)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter_leave(request: HttpRequest, key: str) -> HttpResponse:
    """Also the target of mail programs' one-click button (RFC 8058), which posts without a cookie or a token."""
    consent = consent_by_key(key)
    if consent is None:
        return _show(request, pages.UNKNOWN, 404)
    if request.method != "POST":
        return _show(request, pages.LEAVING)
    subscriptions.withdraw_consent(consent=consent, now=timezone.now())
    return _show(request, pages.LEFT)
