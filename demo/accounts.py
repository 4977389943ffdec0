"""Who may sign in to the demo's admin, and what may they do there?

The password is printed for everybody to read, so the account is made only where nothing but demo content is at stake
(`seed.refuse_real_site`), and it may do what an editor does and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from demo.processes import DemoError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

USERNAME = "editor"
PASSWORD = "listen-closely"  # noqa: S105 - the demo's, printed on its first screen
GROUP = "Editors"

_WRITES = ("add", "change", "view")
# app → model → what an editor may do with it. Blocks are deleted while writing, so that right is among them.
RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "reviews": {
        "article": (*_WRITES, "publish"),
        "author": _WRITES,
        "block": (*_WRITES, "delete"),
        "blockproduct": (*_WRITES, "delete"),
        "revision": ("view",),
        "revisionproduct": ("view",),
    },
    "catalog": {
        "audiospecs": _WRITES,
        "brand": ("view",),
        "click": ("view",),
        "clicktally": ("view",),
        "conversion": ("view",),
        "destination": ("change", "view"),
        "exchangerate": ("add", "view"),
        "failover": ("change", "view"),
        "doubtfulmatch": ("change", "view"),
        "feedimport": _WRITES,
        "importproblem": ("view",),
        "link": _WRITES,
        "linkroute": (*_WRITES, "delete"),
        "merchant": ("view",),
        "networkaccount": _WRITES,
        "offer": ("view", "change"),
        "postback": ("change", "view"),
        "price": ("view",),
        "product": _WRITES,
        "productcode": _WRITES,
        "productmerge": ("view",),
        "refreshrun": ("view",),
        "reportfile": ("add", "view"),
        "specevidence": _WRITES,
        "unknowncode": ("view",),
    },
}


class AccountError(DemoError):
    """The editor's rights cannot be given: the database does not know them."""


@transaction.atomic
def save_editor() -> bool:
    """Makes the editor and the Editors' group what they should be; True when something was changed.

    A password that somebody changed stays changed. Raises `AccountError` when a right is missing, which means that
    the migrations have not run.
    """
    group, changed = Group.objects.get_or_create(name=GROUP)
    wanted = _permissions()
    if set(group.permissions.all()) != wanted:
        group.permissions.set(wanted)
        changed = True
    users = get_user_model().objects
    user: User | None = users.filter(username=USERNAME).first()
    if user is None:
        user = users.create_user(USERNAME, password=PASSWORD, is_staff=True)
        changed = True
    if not user.groups.filter(pk=group.pk).exists():
        user.groups.add(group)
        changed = True
    return changed


def _permissions() -> set[Permission]:
    wanted = {
        (app, f"{action}_{model}")
        for app, models in RIGHTS.items()
        for model, acts in models.items()
        for action in acts
    }
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.filter(content_type__app_label__in=RIGHTS).select_related("content_type")
    }
    if missing := sorted(f"{app}.{codename}" for app, codename in wanted - known.keys()):
        raise AccountError(
            f"The database does not know the rights {', '.join(missing)}. Run `manage.py migrate` first."
        )
    return {known[key] for key in wanted}
