"""Is the catalogue's configuration usable? System checks with ids, shown by `manage.py check` and at every start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from catalog.models import NetworkAccount
from catalog.refused_links import disguised_links, unusable_networks
from catalog.services.network_accounts import AccountError, report_settings, setting_problems


@register
def click_spool_can_be_written(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """catalog.E001: clicks that cannot be kept are lost, so it is said before the first one comes."""
    folder = Path(settings.CLICK_SPOOL_DIR)
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if existing.is_dir() and os.access(existing, os.W_OK):
        return []
    return [
        Error(
            f"The click spool {folder} cannot be written.",
            hint="Set CLICK_SPOOL_DIR to a folder that web and worker processes may write.",
            id="catalog.E001",
        )
    ]


@register
def country_header_comes_from_a_proxy(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """catalog.W001: without a proxy of ours in front, visitors can put anything into the header."""
    if not settings.COUNTRY_HEADER or settings.BEHIND_PROXY:
        return []
    return [
        checks.Warning(
            f"COUNTRY_HEADER is {settings.COUNTRY_HEADER}, but BEHIND_PROXY is off: visitors could set it themselves.",
            hint="Set BEHIND_PROXY=1 if a proxy of yours sets the header, or leave COUNTRY_HEADER empty.",
            id="catalog.W001",
        )
    ]


@register
def private_hosts_are_not_read_in_production(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """catalog.W002: the exemption is for shops on a developer's machine."""
    if not settings.PRIVATE_HOSTS_ALLOWED or not settings.IS_HTTPS:
        return []
    return [
        checks.Warning(
            f"Prices may be read from private addresses: {', '.join(settings.PRIVATE_HOSTS_ALLOWED)}.",
            hint="Leave PRIVATE_HOSTS_ALLOWED empty in production: a merchant's record could reach your own services.",
            id="catalog.W002",
        )
    ]


@register(Tags.database)
def merchants_can_be_linked_to(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """catalog.W003, catalog.W004: asked by `check --database default` and before every migration.

    Links of such a merchant are refused, or are not what its programme allows. While tables are still to be made
    nothing can be said.
    """
    if "default" not in (databases or ()):
        return []
    try:
        unusable, disguised = unusable_networks(), disguised_links()
    except DatabaseError:
        return []
    return [
        *(
            checks.Warning(
                f"No visitor can be sent to {merchant}: {' '.join(wrong)}",
                hint="Correct the merchant's network settings; `manage.py check_links` names its links.",
                id="catalog.W003",
            )
            for merchant, wrong in unusable
        ),
        *(
            checks.Warning(
                f"{merchant}'s links go over /go/, but its network wants them straight to the shop.",
                hint="Set the merchant's link style to “Straight to the merchant”.",
                id="catalog.W004",
            )
            for merchant in disguised
        ),
    ]


@register(Tags.database)
def accounts_can_be_asked(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """catalog.W005: what was earned there would never be known. Says names of variables, never what they hold."""
    if "default" not in (databases or ()):
        return []
    try:
        accounts = list(NetworkAccount.objects.filter(is_active=True))
    except DatabaseError:
        return []
    return [
        checks.Warning(
            f"The reports of {account} cannot be read: {' '.join(wrong)}",
            hint="Correct the network account's settings, or set the variables they name.",
            id="catalog.W005",
        )
        for account in accounts
        if (wrong := _account_problems(account))
    ]


def _account_problems(account: NetworkAccount) -> list[str]:
    if not isinstance(account.report_settings, dict):
        return ["its settings are not an object."]
    if found := setting_problems(account.network, account.report_settings):
        return found
    try:
        report_settings(account)
    except AccountError as error:
        return [str(error)]
    return []
