"""How does the eBay Partner Network know our visitors? By parameters in eBay's own address, another set in each site.

Terms: eBay's licence wants listings shown fresh and links not disguised; the strict reading is taken: at most 6 hours
(as with its API), nothing kept, mailed or fed on, links straight to eBay with the referrer kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from catalog.links.addresses import carried, host_of, lies_on, with_parameters, without_parameters
from catalog.networks.base import Network, NetworkError, unknown_page, wanted
from catalog.settings_fields import SettingField
from catalog.terms import LinkStyle, Terms

# Rotation ids by site (developer.ebay.com, “Creating an EPN tracking link”).
ROTATIONS: Mapping[str, str] = {
    "ebay.com": "711-53200-19255-0",
    "ebay.co.uk": "710-53481-19255-0",
    "ebay.de": "707-53477-19255-0",
    "ebay.fr": "709-53476-19255-0",
    "ebay.it": "724-53478-19255-0",
    "ebay.es": "1185-53479-19255-0",
    "ebay.at": "5221-53469-19255-0",
    "ebay.ch": "5222-53480-19255-0",
    "ebay.be": "1553-53471-19255-0",
    "ebay.nl": "1346-53482-19255-0",
    "ebay.ie": "5282-53468-19255-0",
    "ebay.pl": "4908-226936-19255-0",
    "ebay.ca": "706-53473-19255-0",
    "ebay.com.au": "705-53470-19255-0",
}
_CAMPAIGN = r"[0-9]{10}"
_TOOL = r"[0-9]{1,8}"
_TRACKING = frozenset({"mkevt", "mkcid", "mkrid", "campid", "toolid", "customid"})
DEFAULT_TOOL = "10001"


class Ebay(Network):
    key = "ebay"
    label = "eBay Partner Network"
    note = "Link straight to eBay, openly, with the referrer kept. Sub-ids come back in its reports as the custom id."
    # The old redirector; eBay's own addresses are tagged as they are.
    link_hosts = ("rover.ebay.com",)
    settings = (
        SettingField(
            name="campaign_id",
            help="Our campaign's id at EPN, exactly 10 digits (`campid`), not the `<ePNCampaignId>` of the manual.",
            pattern=_CAMPAIGN,
        ),
        SettingField(
            name="tool_id",
            help=f"The tool's id (`toolid`), digits. Empty: {DEFAULT_TOOL}, for links made without a tool.",
            pattern=_TOOL,
            required=False,
        ),
    )
    terms = Terms(max_price_age=timedelta(hours=6), link_style=LinkStyle.DIRECT, link_label="paid link")
    # EPN checks which site a click comes from.
    referrer_policy = "no-referrer-when-downgrade"
    example_settings = {"campaign_id": "5338123456"}
    example_target = "https://www.ebay.com/itm/110000000001"

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """Also what eBay's API gives as `itemAffiliateWebUrl`: its parameters are replaced, a placeholder included."""
        target = self.shop_address(target)
        site = next((site for site in ROTATIONS if lies_on((site,), target)), None)
        if site is None:
            raise NetworkError(
                f"{host_of(target) or target!r} is not a site of eBay's; it has: {', '.join(ROTATIONS)}."
            )
        return with_parameters(
            self.untagged(target),
            {
                "mkevt": "1",
                "mkcid": "1",
                "mkrid": ROTATIONS[site],
                "campid": wanted(settings, "campaign_id", _CAMPAIGN),
                "toolid": wanted(settings, "tool_id", _TOOL) if settings.get("tool_id") else DEFAULT_TOOL,
                "customid": sub_id,
            },
        )

    def untagged(self, address: str) -> str:
        return without_parameters(address, _TRACKING) if lies_on(ROTATIONS, address) else address

    def shop_address(self, target: str) -> str:
        """Out of old `rover.ebay.com` links too, which carry the address as `mpre` (or `loc`)."""
        if not self.is_link(target):
            return target
        if found := carried(target, "mpre", "loc", own=("campid", "toolid", "customid", "ff3", "pub", "icep_ff3")):
            return found
        raise unknown_page(target, "`mpre`")
