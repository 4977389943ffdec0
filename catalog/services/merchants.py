"""How does a merchant's record come to be, with settings and terms that can be used?"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog import networks, sources
from catalog.models import Merchant
from catalog.networks.base import Network
from catalog.services.page_changes import announce
from catalog.settings_fields import problems
from catalog.sources.base import Source
from catalog.targets import LINK_HOSTS
from catalog.terms import LinkStyle, Terms

_WORKERS = frozenset(
    {
        "paused_until",
        "consecutive_failures",
        "last_error",
        "claimed_at",
        "owner_told_at",
        "feed_etag",
        "feed_last_modified",
        "feed_sha256",
        "least_worth",
        "planned_at",
    }
)


# Where countries keep everybody's hosts: co.uk, com.au.
_SHARED = re.compile(r"(?:co|com|net|org|gov|edu|ac|ne|or|web)\.[a-z]{2}")


class MerchantError(Exception):
    """The record cannot be used as it is; nothing was stored. `problems` are sentences for the editor."""

    def __init__(self, slug: str, found: list[str]) -> None:
        super().__init__(f"Merchant {slug!r}: {' '.join(found)}")
        self.problems = found


@transaction.atomic
def save_merchant(*, slug: str, **fields: Any) -> Merchant:
    """Make or change the merchant with this slug; fields not named keep their values.

    A new merchant starts with the stricter of its source's and its network's terms, except where `fields` say
    otherwise. Raises `MerchantError` with every problem.
    """
    merchant = Merchant.objects.select_for_update().filter(slug=slug).first()
    if merchant is None:
        merchant = Merchant(slug=slug, **starting_terms(fields.get("source", ""), fields.get("network", "")))
    unknown = sorted(set(fields) - {field.name for field in Merchant._meta.concrete_fields})
    if unknown:
        raise MerchantError(slug, [f"`{name}` is not a field of a merchant." for name in unknown])
    for name, value in fields.items():
        setattr(merchant, name, value)
    store_merchant(merchant=merchant, also=fields)
    return merchant


@transaction.atomic
def store_merchant(*, merchant: Merchant, also: Collection[str] = ()) -> None:
    """Store the record as it is now. Raises `MerchantError` with every problem.

    What workers write of a merchant (its health, its plan, its claim) stays theirs, except the columns named in `also`.

    Another feed or other settings are another source: what the old one said of its version is forgotten.
    """
    if found := merchant_problems(merchant):
        raise MerchantError(merchant.slug, found)
    stored = Merchant.objects.filter(pk=merchant.pk).values("source", "source_settings").first()
    if stored is not None and stored != {"source": merchant.source, "source_settings": merchant.source_settings}:
        merchant.feed_etag = merchant.feed_last_modified = merchant.feed_sha256 = ""
        also = {*also, "feed_etag", "feed_last_modified", "feed_sha256"}
    if merchant._state.adding:
        merchant.save()
    else:
        columns = [field.name for field in Merchant._meta.concrete_fields if not field.primary_key]
        merchant.save(update_fields=[name for name in columns if name not in _WORKERS or name in also])
    announce(f"merchant:{merchant.pk}")


def merchant_problems(merchant: Merchant) -> list[str]:
    """What is wrong with the record, one sentence each; empty when it can be stored."""
    found: list[str] = []
    try:
        merchant.full_clean(validate_unique=True)
    except ValidationError as error:
        found += [f"`{name}`: {' '.join(messages)}" for name, messages in error.message_dict.items()]
    if merchant.source in sources.SOURCES:
        found += plugin_problems("Source", sources.SOURCES[merchant.source], merchant.source_settings)
    if merchant.network in networks.NETWORKS:
        found += network_problems(networks.NETWORKS[merchant.network], merchant.network_settings, merchant.hosts or [])
    found += [problem for host in merchant.hosts or [] if (problem := host_problem(host))]
    return found


def plugin_problems(what: str, plugin: Source | Network, settings: object) -> list[str]:
    if not isinstance(settings, dict):
        return [f"{what} {plugin.label}: the settings must be an object such as {{}}, not {type(settings).__name__}."]
    return [f"{what} {plugin.label}: {problem}" for problem in problems(plugin.settings, settings)]


def network_problems(network: Network, settings: object, hosts: Collection[str]) -> list[str]:
    """One by one, and when each is right, together."""
    if (found := plugin_problems("Network", network, settings)) or not isinstance(settings, dict):
        return found
    return [f"Network {network.label}: {problem}" for problem in network.settings_problems(settings, hosts=hosts)]


def host_problem(host: str) -> str:
    """A sentence when this is not a bare host such as shop.example or shop.example:8443, or more than one shop's."""
    name, _, port = host.partition(":")
    is_bare = name and not set(host) & set("/@?# \\*,") and host == host.lower() and (not port or port.isdigit())
    if not is_bare:
        return f"`hosts`: {host!r} is not a bare host name in small letters, such as shop.example."
    is_one_word = "." not in name.strip(".") and not port and name != "localhost"
    if is_one_word or _SHARED.fullmatch(name):
        return f"`hosts`: {host!r} is shared by many: links could lead to anybody's. Name the shop's own host."
    if name in LINK_HOSTS:
        return f"`hosts`: {host!r} is a network's, not the shop's; its links are taken apart without it."
    return ""


def starting_terms(source: str, network: str) -> dict[str, Any]:
    """The stricter of what the two plug-ins start with, as the record's columns."""
    given = [
        plugin.terms for plugin in (sources.SOURCES.get(source), networks.NETWORKS.get(network)) if plugin is not None
    ]
    if not given:
        return {}
    first, *others = given
    strictest = first
    for other in others:
        strictest = _stricter(strictest, other)
    columns = asdict(strictest)
    columns["link_style"] = strictest.link_style.value
    return columns


def _stricter(one: Terms, other: Terms) -> Terms:
    ages: list[timedelta] = [age for age in (one.max_price_age, other.max_price_age) if age is not None]
    default = Terms()
    return Terms(
        max_price_age=min(ages) if ages else None,
        history_allowed=one.history_allowed and other.history_allowed,
        alerts_allowed=one.alerts_allowed and other.alerts_allowed,
        mail_allowed=one.mail_allowed and other.mail_allowed,
        feeds_allowed=one.feeds_allowed and other.feeds_allowed,
        api_allowed=one.api_allowed and other.api_allowed,
        image_copies_allowed=one.image_copies_allowed and other.image_copies_allowed,
        used_allowed=one.used_allowed and other.used_allowed,
        conversion_allowed=one.conversion_allowed and other.conversion_allowed,
        link_style=LinkStyle.DIRECT if LinkStyle.DIRECT in (one.link_style, other.link_style) else LinkStyle.REDIRECT,
        link_label=one.link_label if one.link_label != default.link_label else other.link_label,
        disclaimer=one.disclaimer or other.disclaimer,
    )
