"""How does Awin know our visitors? They pass over its own host, which carries them on to the shop."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from catalog.networks.base import Network, NetworkError, parameter
from catalog.settings_fields import SettingField

# Awin cuts or refuses a longer one.
LONGEST_CLICKREF = 50
_DESTINATION_PARAMETERS = ("ued", "p")  # `p` is how older links spell it


class Awin(Network):
    key = "awin"
    label = "Awin"
    hosts = ("www.awin1.com",)
    landing_parameters = ("awc",)
    # A programme we joined and that closed since leads here: the link looks alive and pays nothing.
    closed_pages = ("awin1.com/closedMerchant.html",)
    settings = (
        SettingField(name="publisher_id", help="Our own id at Awin, digits (`awinaffid`).", pattern=r"[0-9]{1,12}"),
        SettingField(
            name="advertiser_id", help="The merchant's id at Awin, digits (`awinmid`).", pattern=r"[0-9]{1,12}"
        ),
    )
    example_settings = {"publisher_id": "123456", "advertiser_id": "789"}

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str) -> str:
        """A link that is Awin's already, of whichever publisher, is taken apart and made anew as ours."""
        query = {
            "awinmid": self._digits(settings, "advertiser_id"),
            "awinaffid": self._digits(settings, "publisher_id"),
        }
        if sub_id:
            query["clickref"] = sub_id[:LONGEST_CLICKREF]
        query["ued"] = self.shop_address(target)
        return f"https://www.awin1.com/cread.php?{urlencode(query, quote_via=quote, safe='')}"

    @staticmethod
    def _digits(settings: Mapping[str, str], name: str) -> str:
        value = settings.get(name, "")
        if not value.isascii() or not value.isdigit():
            raise NetworkError(f"`{name}` is missing or not a number.")
        return value

    def shop_address(self, target: str) -> str:
        if (urlsplit(target).hostname or "") not in ("www.awin1.com", "awin1.com"):
            return target
        for name in _DESTINATION_PARAMETERS:
            if inner := parameter(target, name):
                return inner
        raise NetworkError(
            "this Awin link does not say which page of the shop it leads to (no `ued`): "
            "store the shop's own address instead."
        )
