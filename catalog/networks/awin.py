"""How does Awin know our visitors? They pass over its own host, which carries them on to the shop.

ShareASale closed and its programmes moved here, so its old links are taken apart here too.
"""

from __future__ import annotations

from collections.abc import Mapping

from catalog.links.addresses import carried
from catalog.networks.base import Network, link_over, unknown_page, wanted
from catalog.settings_fields import SettingField


class Awin(Network):
    key = "awin"
    label = "Awin"
    note = (
        "Redirects over /go/ are usual. Being joined is not enough: a programme that has closed still takes clicks "
        "and pays nothing, which the check of destinations notices."
    )
    hosts = ("www.awin1.com",)
    link_hosts = ("awin1.com", "shareasale.com")
    landing_parameters = ("awc",)
    foreign_parameters = ("clickref", *(f"clickref{number}" for number in range(2, 7)), "sscid", "afftrack")
    # A programme we joined and that closed since leads here: the link looks alive and pays nothing.
    closed_pages = ("awin1.com/closedMerchant.html",)
    settings = (
        SettingField(name="publisher_id", help="Our own id at Awin, digits (`awinaffid`).", pattern=r"[0-9]{1,12}"),
        SettingField(
            name="advertiser_id", help="The merchant's id at Awin, digits (`awinmid`).", pattern=r"[0-9]{1,12}"
        ),
    )
    example_settings = {"publisher_id": "123456", "advertiser_id": "789"}

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """A link that is Awin's already, of whichever publisher, is taken apart and made anew as ours.

        `clickref` may have 50 characters (an old wiki of Awin's), more than a sub-id of ours has.
        """
        return link_over(
            "https://www.awin1.com/cread.php",
            awinmid=wanted(settings, "advertiser_id"),
            awinaffid=wanted(settings, "publisher_id"),
            clickref=sub_id,
            ued=self.shop_address(target),
        )

    def shop_address(self, target: str) -> str:
        if not self.is_link(target):
            return target
        # `p` is how older links spell it (in a feed's pclick.php it is a number), `urllink` is ShareASale's.
        own = ("awinmid", "awinaffid", "clickref", *self.foreign_parameters, "campaign", "platform", "pref1")
        if found := carried(target, "ued", "p", "urllink", own=own):
            return found
        raise unknown_page(target, "`ued`")
