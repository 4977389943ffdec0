"""Who is at the desk? Behind the admin's door it is always somebody with an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def signed_in(request: HttpRequest) -> User:
    """The account behind a request that the admin let through; one of nobody is a mistake in the address table."""
    assert request.user.is_authenticated, "only `admin_view` may lead here"
    return request.user
