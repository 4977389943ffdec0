"""How does a merchant that pays nobody, or us by an agreement of its own, know our visitors?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from catalog.links.addresses import with_parameters
from catalog.networks.base import Network, NetworkError
from catalog.settings_fields import SettingField

_NAME = r"[A-Za-z0-9_.-]{1,40}"


class Direct(Network):
    key = "direct"
    label = "No network"
    note = "What the shop's own agreement says about links counts; without one, links earn nothing."
    settings = (
        SettingField(
            name="parameter",
            help="The query parameter that names us to the merchant, for example `ref`.",
            pattern=_NAME,
            required=False,
        ),
        SettingField(
            name="value",
            help="What that parameter says, for example `earmark`.",
            pattern=r"[\x21-\x7e]{1,100}",
            required=False,
        ),
        SettingField(
            name="sub_id_parameter",
            help="The query parameter that may carry the code of a click, for example `subid`.",
            pattern=_NAME,
            required=False,
        ),
    )
    example_settings = {"parameter": "ref", "value": "ear&mark", "sub_id_parameter": "subid"}

    def settings_problems(self, settings: Mapping[str, str], *, hosts: Collection[str] = ()) -> list[str]:
        if bool(settings.get("parameter")) != bool(settings.get("value")):
            return ["`parameter` and `value` belong together: set both or neither."]
        if settings.get("parameter") and settings.get("parameter") == settings.get("sub_id_parameter"):
            return ["`parameter` and `sub_id_parameter` must differ: one would overwrite the other."]
        return []

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """The parameter by agreement, and the sub-id where the merchant takes one; somebody else's are replaced."""
        if found := self.settings_problems(settings):
            raise NetworkError(" ".join(found))
        ours = {settings.get("parameter", ""): settings.get("value", ""), settings.get("sub_id_parameter", ""): sub_id}
        ours.pop("", None)
        return with_parameters(target, ours) if ours else target
