"""How does Rakuten Advertising (LinkShare of old) know our visitors? They pass over its click host."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from catalog.links.addresses import carried
from catalog.networks.base import Network, link_over, unknown_page, wanted
from catalog.settings_fields import SettingField

_ID = r"[A-Za-z0-9*/._-]{11}"


class Rakuten(Network):
    key = "rakuten"
    label = "Rakuten Advertising"
    note = "Redirects over /go/ are usual. The merchant must allow deep links, else its error page is shown."
    hosts = ("click.linksynergy.com",)
    link_hosts = ("linksynergy.com",)
    landing_parameters = ("ranSiteID",)
    foreign_parameters = ("ranmid", "raneaid")
    settings = (
        SettingField(
            name="publisher_id",
            help="Our id in its links: 11 characters, capitals matter (`id`, not the number of the account).",
            pattern=_ID,
        ),
        SettingField(name="merchant_id", help="The advertiser's id at Rakuten, digits (`mid`).", pattern=r"[0-9]{1,9}"),
    )
    example_settings = {"publisher_id": "aB3dE5gH7jK", "merchant_id": "24542"}

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """`u1`, in small letters, may have 72 letters and digits. Without `id`, `mid` or `murl` an error page comes."""
        publisher = quote(wanted(settings, "publisher_id", _ID), safe="*/")
        return link_over(
            f"https://click.linksynergy.com/deeplink?id={publisher}",
            mid=wanted(settings, "merchant_id"),
            u1=sub_id,
            murl=self.shop_address(target),
        )

    def shop_address(self, target: str) -> str:
        """Out of `deeplink?…&murl=…`, and of older links that carry the address as `RD_PARM1`."""
        if not self.is_link(target):
            return target
        if found := carried(target, "murl", "rd_parm1", own=("id", "mid", "u1", "offerid", "type", "subid", "tmpid")):
            return found
        raise unknown_page(target, "`murl`")
