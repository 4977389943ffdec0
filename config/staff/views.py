"""What the library has no page for: the way in, and the end of one session."""

from __future__ import annotations

from typing import Any

from allauth.account.views import login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from config.staff import log
from config.staff.factors import has_one, is_fully_signed_in


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first page; whoever is in by password only is led to what is missing instead of round in a circle."""
    if request.user.is_authenticated and not is_fully_signed_in(request):
        if not has_one(request.user):
            return redirect("mfa_index")
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
    answer: HttpResponse = login(request)
    return answer


@require_POST
@login_required
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """Ends one of their own other sessions."""
    session = get_object_or_404(UserSession, pk=number, user=request.user)
    session.end()
    log.write(request.user, "Ended another session.")
    return redirect("usersessions_list")


class HowYouSignIn(IndexView):  # type: ignore[misc]
    """The library's page does not know whether a second factor is asked for here."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "asks_for_a_second_factor": settings.ADMIN_REQUIRE_MFA}


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """The library asks for the app only whether it may go; here the last passkey stays as well."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        answer: HttpResponse = super().form_valid(form)
        return answer
