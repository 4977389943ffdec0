"""How does Impact know our visitors? They pass over a host of the brand's programme, another one for each brand."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from catalog.links.addresses import carried, host_of, lies_on
from catalog.networks.base import Network, link_over, unknown_page, wanted
from catalog.settings_fields import SettingField

# Where brands have their hosts when they use none of their own (`go.brand.example`).
DOMAINS = ("pxf.io", "sjv.io", "evyy.net", "7eer.net", "ojrq.net")
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
_PATH = r"[A-Za-z0-9_-]{1,80}"
_OWN = ("subid1", "subid2", "subid3", "sharedid", "trafsrc", "trafcat")
_IDS = {
    "partner_id": "Our own id at Impact, the first number",
    "ad_id": "The ad's id, the second number",
    "program_id": "The programme's id, the third number",
}


class Impact(Network):
    key = "impact"
    label = "Impact"
    note = "Redirects over /go/ are usual. A programme may forbid deep links, or allow them on some hosts only."
    hosts = DOMAINS
    link_path = r"/c/[0-9]+/[0-9]+/[0-9]+(?:/|\?|$)"
    landing_parameters = ("irclickid", "im_ref")
    foreign_parameters = ("irgwc", "irpid", "irmpname", "afsrc")
    settings = (
        SettingField(
            name="domain",
            help="The host of the programme's links as Impact shows it: `brand.pxf.io`, or one of the brand's own.",
            pattern=_DOMAIN,
        ),
        *(
            SettingField(name=name, help=f"{text}, digits (in `/c/1/2/3`).", pattern=r"[0-9]{1,12}", required=False)
            for name, text in _IDS.items()
        ),
        SettingField(
            name="vanity_path",
            help="Instead of the three numbers: the path of a vanity link Impact made for us, for example `headsets`.",
            pattern=_PATH,
            required=False,
        ),
    )
    example_settings = {"domain": "brand.pxf.io", "partner_id": "123456", "ad_id": "98765", "program_id": "10101"}

    def settings_problems(self, settings: Mapping[str, str], *, hosts: Collection[str] = ()) -> list[str]:
        found = []
        domain, vanity = settings.get("domain", ""), settings.get("vanity_path")
        if domain and (domain in DOMAINS or not lies_on((*DOMAINS, *hosts), f"https://{domain}/")):
            found.append(
                f"`domain`: {domain} is neither below {', '.join(DOMAINS)} nor a host of the merchant's. If Impact "
                "shows it for this programme, add it to the merchant's hosts."
            )
        missing = [name for name in _IDS if not settings.get(name)]
        if vanity and len(missing) < len(_IDS):
            found.append("`vanity_path` stands for the three numbers: set it or them, not both.")
        elif missing and not vanity:
            found.append(f"{' and '.join(f'`{name}`' for name in missing)} missing: set all three, or `vanity_path`.")
        return found

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """Only we see `subId1`; `sharedid`, which the brand would see, is not used."""
        domain = wanted(settings, "domain", _DOMAIN)
        if settings.get("vanity_path"):
            path = wanted(settings, "vanity_path", _PATH)
        else:
            path = "/".join(["c", *(wanted(settings, name) for name in _IDS)])
        return link_over(f"https://{domain}/{path}", subId1=sub_id, u=self.landing(target, settings))

    def shop_address(self, target: str) -> str:
        """Out of `/c/<partner>/<ad>/<program>?u=…` on any host, and of any link on Impact's own domains."""
        if not self.is_link(target):
            return target
        found = carried(target, "u", own=_OWN)
        if not found and lies_on(self.hosts, target):
            raise unknown_page(target, "`u`")
        return found or target

    def landing(self, address: str, settings: Mapping[str, str]) -> str:
        """Out of any link on the programme's host too, vanity links included."""
        if host_of(address) != settings.get("domain"):
            return self.shop_address(address)
        if found := carried(address, "u", own=_OWN):
            return found
        raise unknown_page(address, "`u`")
