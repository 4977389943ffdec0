"""How does a merchant that pays nobody, or us by an agreement of its own, know our visitors?"""

from __future__ import annotations

from collections.abc import Mapping

from catalog.networks.base import Network, NetworkError, with_parameter
from catalog.settings_fields import SettingField

_NAME = r"[A-Za-z0-9_.-]{1,40}"


class Direct(Network):
    key = "direct"
    label = "No network"
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
            help="The query parameter that may carry the code of the place on our page, for example `subid`.",
            pattern=_NAME,
            required=False,
        ),
    )
    example_settings = {"parameter": "ref", "value": "ear&mark", "sub_id_parameter": "subid"}

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str) -> str:
        name, value = settings.get("parameter", ""), settings.get("value", "")
        if bool(name) != bool(value):
            raise NetworkError("`parameter` and `value` belong together: set both or neither.")
        if name:
            target = with_parameter(target, name, value)
        if sub_id and (sub_name := settings.get("sub_id_parameter", "")):
            target = with_parameter(target, sub_name, sub_id)
        return target
