"""Who may sign in to the demo's admin, and what may they do there?

The password is printed for everybody to read, so the accounts are made only where nothing but demo content is at stake
(`seed.refuse_real_site`), and each may do what its roles (`reviews/roles.py`) may do and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from demo.processes import DemoError
from reviews.models import Author
from reviews.services.roles import RoleError, keep_roles

PASSWORD = "listen-closely"  # noqa: S105 - the demo's, printed on its first screen
_FORMER_GROUP = "Editors"


@dataclass(frozen=True, slots=True)
class Account:
    """`author`: whose articles are this account's own, by the author's slug."""

    username: str
    roles: tuple[str, ...]
    author: str = ""


ACCOUNTS = (
    # Of a small newsroom, where the editor looks after the links as well.
    Account("editor", ("Editor", "Link manager"), author="ines-carrow"),
    Account("writer", ("Writer",), author="tobias-achebe"),
    Account("links", ("Link manager",)),
    Account("moderator", ("Moderator",)),
    # Who hands out keys and webhooks, and sees everything.
    Account("administrator", ("Administrator",)),
)
USERNAME = ACCOUNTS[0].username


class AccountError(DemoError):
    """The accounts' rights cannot be given: the database does not know them."""


@transaction.atomic
def save_accounts() -> int:
    """Makes the roles and the accounts what they should be; how many of them were not.

    A password that somebody changed stays changed. Raises `AccountError` when a right is missing, which means that
    the migrations have not run.
    """
    Group.objects.filter(name=_FORMER_GROUP).delete()
    try:
        changed = len(keep_roles())
    except RoleError as error:
        raise AccountError(str(error)) from error
    return changed + sum(_saved(account) for account in ACCOUNTS)


def _saved(account: Account) -> bool:
    users = get_user_model().objects
    user, is_new = users.get_or_create(
        username=account.username, defaults={"is_staff": True, "email": f"{account.username}@newsroom.example"}
    )
    if is_new:
        user.set_password(PASSWORD)
        user.save()
    missing = [role for role in account.roles if not user.groups.filter(name=role).exists()]
    user.groups.add(*Group.objects.filter(name__in=missing))
    is_nobody = not Author.objects.filter(user=user).exists()
    written = Author.objects.filter(slug=account.author, user=None).update(user=user) if is_nobody else 0
    return bool(is_new or missing or written)
