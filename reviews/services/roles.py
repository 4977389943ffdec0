"""Are the groups what the table of roles says?"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from reviews.roles import ROLES, permissions_of


class RoleError(Exception):
    """The database does not know a permission that the table names; nothing was changed."""


@transaction.atomic
def keep_roles() -> list[str]:
    """Makes every role's group what `reviews/roles.py` says, and names those that were not. Raises `RoleError`.

    Who is in which group stays as it is, and so does every other group.
    """
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    wanted = {role: set(permissions_of(role)) for role in ROLES}
    missing = sorted(f"{app}.{name}" for names in wanted.values() for app, name in names if (app, name) not in known)
    if missing:
        raise RoleError(
            f"The database does not know the rights {', '.join(dict.fromkeys(missing))}. Run `manage.py migrate` first."
        )
    changed: list[str] = []
    for role, names in wanted.items():
        group, is_new = Group.objects.get_or_create(name=role)
        rights = {known[name] for name in names}
        if is_new or set(group.permissions.all()) != rights:
            group.permissions.set(rights)
            changed.append(role)
    return changed
