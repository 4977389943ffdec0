"""Who has an account, and which roles? As Django does it, but nobody gives themselves more than they have."""

from __future__ import annotations

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401  (each registers its lists, which are taken off the desk below)
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

# Nobody reads or rewrites others' second factors and sessions by a form: `manage.py forget_second_factor`.
admin.site.unregister([User, EmailAddress, Authenticator, UserSession])

# What only those who may everything anyway hand on.
_FOR_SUPERUSERS = ("is_superuser", "user_permissions")


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts that did something are switched off, not deleted: the log says who did it."""

    list_display = ["username", "email", "first_name", "last_name", "is_active", "is_staff"]
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if _is_superuser(request) else (*fields, *_FOR_SUPERUSERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever could change a superuser's password or address could become one."""
        is_above = obj is not None and obj.is_superuser and not _is_superuser(request)
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """(Nobody deletes themselves: that they did would be a line of theirs in the log.)"""
        may = super().has_delete_permission(request, obj)
        if not may or obj is None:
            return bool(may)
        is_own = obj.pk == request.user.pk
        return not is_own and not _did_something(obj) and self.has_change_permission(request, obj)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """The log names the roles that were given, not only that they changed."""
        message: Any = super().construct_change_message(request, form, formsets, add)
        if "groups" in form.changed_data:
            roles = ", ".join(form.instance.groups.order_by("name").values_list("name", flat=True)) or "none"
            message.append({"changed": {"name": "roles, now", "object": roles, "fields": ["groups"]}})
        return message


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def _did_something(user: Any) -> bool:
    return LogEntry.objects.filter(user=user.pk).exists()
