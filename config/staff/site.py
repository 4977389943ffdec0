"""Who comes to the desk? Staff whose session has shown a second factor (`ADMIN_REQUIRE_MFA`)."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.staff.factors import is_fully_signed_in


class NewsroomSite(AdminSite):
    """Django's admin. Its own sign-in page is never reached: `addresses` stands before it at the same place."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and is_fully_signed_in(request)

    def password_change(  # type: ignore[override]  # Django shows a page here; ours is elsewhere
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
