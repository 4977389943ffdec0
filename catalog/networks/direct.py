"""A merchant that pays nobody, or us by agreement: the address stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.networks.base import Network


class Direct(Network):
    key = "direct"
    label = "No network"

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str) -> str:
        return target
