"""How does CJ know our visitors? They pass over a host of its, which has sister domains under odd names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from catalog.links.addresses import carried, web_address
from catalog.networks.base import Network, link_over, unknown_page, wanted
from catalog.settings_fields import SettingField

# /links/<website>/type/dlg/sid/<sub-id>/https://… : everything from the address on is the shop's.
_DEEP = re.compile(r"/links/[0-9]+/type/[a-z]+/(?:(?!http)[^/]+/[^/]*/)*(http.+)", re.IGNORECASE)


class Cj(Network):
    key = "cj"
    label = "CJ"
    note = "Redirects over /go/ are usual. Deep links must be allowed by the programme (a link of type “deep link”)."
    hosts = ("www.anrdoezrs.net",)
    link_hosts = ("anrdoezrs.net", "tkqlhce.com", "dpbolvw.net", "jdoqocy.com", "kqzyfj.com")
    landing_parameters = ("cjevent",)
    foreign_parameters = ("cjdata",)
    settings = (
        SettingField(
            name="website_id",
            help="Our website's id at CJ, digits: the PID, not the CID.",
            pattern=r"[0-9]{1,12}",
        ),
        SettingField(name="link_id", help="The id of the programme's link, digits (AID).", pattern=r"[0-9]{1,12}"),
    )
    example_settings = {"website_id": "1234567", "link_id": "10987654"}

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """`sid` may have 30 letters and digits (an old help page; 64 are quoted elsewhere): ours always fit."""
        click = f"click-{wanted(settings, 'website_id')}-{wanted(settings, 'link_id')}"
        return link_over(f"https://www.anrdoezrs.net/{click}", sid=sub_id, url=self.shop_address(target))

    def shop_address(self, target: str) -> str:
        """Out of `click-<PID>-<AID>?url=…` and `links/<PID>/type/dlg/sid/<sid>/<address>`, on any sister domain."""
        if not self.is_link(target):
            return target
        behind_host = target.partition(urlsplit(target).netloc)[2]
        if (deep := _DEEP.match(behind_host)) and (found := web_address(deep[1])):
            return found
        if found := carried(target, "url", own=("sid", "cjsku")):
            return found
        raise unknown_page(target, "`url`")
