"""What may this account do to the rows of a file it brings in? The same as in the forms of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.services.table_imports.outcome import Rights
from catalog.tables import TABLES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def may_import(user: User | AnonymousUser, kind: str) -> bool:
    """Whether the account may change rows of this kind at all."""
    return user.has_perm(f"catalog.change_{TABLES[kind].model}")


def rights_of(user: User | None, kind: str) -> Rights:
    """None is the console of the machine, which may do everything."""
    if user is None:
        return Rights()
    model = TABLES[kind].model
    return Rights(
        may_add=user.has_perm(f"catalog.add_{model}"),
        may_change=user.has_perm(f"catalog.change_{model}"),
        may_add_brands=user.has_perm("catalog.add_brand"),
        may_delete_codes=user.has_perm("catalog.delete_productcode"),
    )
