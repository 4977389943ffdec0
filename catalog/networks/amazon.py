"""How does Amazon know our visitors? By a tag of ours, another one in each of its shops.

Terms: prices and availability at most 24 hours old with the time beside them, nothing kept for charts, nothing in
mail, feeds or a public interface, links straight to Amazon with the referrer kept (Associates programme policies and
IP licence as of 2026; where a text is unclear the strict reading is taken).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from catalog.networks.base import Network, NetworkError, with_parameter
from catalog.settings_fields import SettingField
from catalog.terms import LinkStyle, Terms

# One partner tag per shop; a tag is never made from another one by changing its ending.
MARKETPLACES: Mapping[str, str] = {
    "amazon.com": "us",
    "amazon.ca": "ca",
    "amazon.com.mx": "mx",
    "amazon.com.br": "br",
    "amazon.co.uk": "uk",
    "amazon.de": "de",
    "amazon.fr": "fr",
    "amazon.it": "it",
    "amazon.es": "es",
    "amazon.nl": "nl",
    "amazon.com.be": "be",
    "amazon.ie": "ie",
    "amazon.pl": "pl",
    "amazon.se": "se",
    "amazon.com.tr": "tr",
    "amazon.ae": "ae",
    "amazon.sa": "sa",
    "amazon.eg": "eg",
    "amazon.in": "in",
    "amazon.co.jp": "jp",
    "amazon.com.au": "au",
    "amazon.sg": "sg",
}


class Amazon(Network):
    key = "amazon"
    label = "Amazon Associates"
    settings = tuple(
        SettingField(
            name=f"tag_{marketplace}",
            help=f"The tracking id for {host}, for example `earmark-20`. Without it we do not link there.",
            pattern=r"[A-Za-z0-9_-]{2,60}-[0-9]{2}",
            required=False,
        )
        for host, marketplace in MARKETPLACES.items()
    )
    terms = Terms(
        max_price_age=timedelta(hours=24),
        link_style=LinkStyle.DIRECT,
        link_label="paid link",
        disclaimer=(
            "As an Amazon Associate we earn from qualifying purchases. Price and availability are accurate as of the "
            "time shown and may change; what Amazon shows when you buy applies."
        ),
    )
    # Amazon must be able to see which site a click comes from (programme policies), also with the full address.
    referrer_policy = "no-referrer-when-downgrade"
    example_settings = {"tag_us": "earmark-20", "tag_uk": "earmark-21"}
    example_target = "https://www.amazon.com/dp/B000000001"

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str) -> str:
        """`tag` is ours; the sub-id is not passed on: Amazon pays by tracking id and forbids codes of its own kind."""
        host = (urlsplit(target).hostname or "").removeprefix("www.").removeprefix("smile.")
        marketplace = MARKETPLACES.get(host)
        if marketplace is None:
            raise NetworkError(f"{host or target!r} is not a shop of Amazon's; it has: {', '.join(MARKETPLACES)}.")
        tag = settings.get(f"tag_{marketplace}", "")
        if not tag:
            raise NetworkError(f"there is no tag for {host}: set `tag_{marketplace}` in the merchant's record.")
        return with_parameter(target, "tag", tag)
