"""Where on the site does an article stand?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.kinds import Kind, ProductType
from reviews.pages.parts import Crumb, home_crumb, hub_url, type_name


def crumbs_of(told: Mapping[str, Any], section: Crumb, url: str) -> tuple[Crumb, ...]:
    """Home, the hub it belongs to (else its section), itself."""
    middle = [section]
    if told["about_kind"]:
        kind = Kind(told["about_kind"])
        middle = [Crumb(kind.plural, hub_url(kind))]
        if told["about_type"] and ProductType(told["about_type"]).kind is kind:
            name = ProductType(told["about_type"])
            middle.append(Crumb(type_name(name), hub_url(kind, name)))
    return (home_crumb(), *middle, Crumb(told["title"], url))
