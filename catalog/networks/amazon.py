"""How does Amazon know our visitors? By a tag of ours, another one in each of its shops.

Amazon reports no click of ours back and forbids codes that name one shopper. What it offers instead are tracking ids,
at most 100: one for each kind of place on our pages.

Terms: prices and availability at most 24 hours old with the time beside them, nothing kept for charts, nothing in
mail, feeds or a public interface, links straight to Amazon with the referrer kept (Associates programme policies and
IP licence as of 2026; where a text is unclear the strict reading is taken).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from catalog.links.addresses import host_of, with_parameter, without_parameters
from catalog.networks.base import Network, NetworkError
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


_TAG = r"[A-Za-z0-9_-]{2,60}-[0-9]{2}"
_PLACE_IDS = rf"[a-z][A-Za-z0-9.]{{0,39}}={_TAG}(?:\s*,\s*[a-z][A-Za-z0-9.]{{0,39}}={_TAG})*"
MOST_TRACKING_IDS = 100
_TAGS = frozenset({"tag", "ascsubtag"})
# Very old links name their publisher in the path: /exec/obidos/ASIN/B000000001/somebody-20
_TAG_IN_PATH = re.compile(rf"(/(?:exec/obidos|o)/(?:ASIN/|tg/detail/-/)?[A-Z0-9]{{10}})/{_TAG}(?=/|$)")


class Amazon(Network):
    key = "amazon"
    label = "Amazon Associates"
    note = (
        "Link straight to Amazon, openly, with the referrer kept. No sub-id is sent: places are told apart by tracking "
        "ids. Do not combine with OneLink where a link has routes by country."
    )
    placement_ids = True
    # `tag` means something else in other shops; this one does not.
    foreign_parameters = ("ascsubtag",)
    # Its conditions of use forbid robots and data gathering; what is gone or sold out its own API says.
    lets_robots_look = False
    settings = tuple(
        field
        for host, marketplace in MARKETPLACES.items()
        for field in (
            SettingField(
                name=f"tag_{marketplace}",
                help=f"The tracking id for {host}, for example `earmark-20`. Without it we do not link there.",
                pattern=_TAG,
                required=False,
            ),
            SettingField(
                name=f"tracking_ids_{marketplace}",
                help=(
                    f"Other tracking ids for {host} by how places begin, for example `a=earmark-guides-20, "
                    "q=earmark-quiz-20` (a: articles, p: products, l: lists, q: quiz, m: mails, qr: QR codes). "
                    "The longest beginning counts; elsewhere the tag does."
                ),
                pattern=_PLACE_IDS,
                required=False,
            ),
        )
    )
    terms = Terms(
        max_price_age=timedelta(hours=24),
        # What Amazon says is shown as Amazon says it: amounts are part of its content, which is not to be changed.
        conversion_allowed=False,
        link_style=LinkStyle.DIRECT,
        link_label="paid link",
        disclaimer=(
            "As an Amazon Associate we earn from qualifying purchases. Price and availability are accurate as of the "
            "time shown and may change; what Amazon shows when you buy applies."
        ),
    )
    # Amazon must be able to see which site a click comes from (programme policies), also with the full address.
    referrer_policy = "no-referrer-when-downgrade"
    example_settings = {
        "tag_us": "earmark-20",
        "tag_uk": "earmark-21",
        "tracking_ids_us": "a=earmark-guides-20, q=earmark-quiz-20",
    }
    example_target = "https://www.amazon.com/dp/B000000001"

    def settings_problems(self, settings: Mapping[str, str], *, hosts: Collection[str] = ()) -> list[str]:
        found = []
        for marketplace in MARKETPLACES.values():
            ids = settings.get(f"tracking_ids_{marketplace}", "")
            if not ids:
                continue
            beginnings = [beginning for beginning, _ in _place_ids(ids)]
            if not settings.get(f"tag_{marketplace}"):
                found.append(f"`tracking_ids_{marketplace}` needs `tag_{marketplace}` beside it, for all other places.")
            if twice := sorted({one for one in beginnings if beginnings.count(one) > 1}):
                found.append(f"`tracking_ids_{marketplace}` names {', '.join(twice)} twice.")
            if len(beginnings) >= MOST_TRACKING_IDS:
                found.append(f"`tracking_ids_{marketplace}`: an account has at most {MOST_TRACKING_IDS} tracking ids.")
        return found

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """`tag` is ours, of that shop and that place; the sub-id is not passed on.

        `linkCode`, `th`, `psc` and all else stay as delivered; somebody else's sub-tag goes.
        """
        host, marketplace = _marketplace(target)
        if not marketplace:
            raise NetworkError(f"{host or target!r} is not a shop of Amazon's; it has: {', '.join(MARKETPLACES)}.")
        tag = settings.get(f"tag_{marketplace}", "")
        if not tag:
            raise NetworkError(f"there is no tag for {host}: set `tag_{marketplace}` in the merchant's record.")
        ids = settings.get(f"tracking_ids_{marketplace}", "")
        return with_parameter(self.untagged(target), "tag", _tag_at(place, ids) or tag)

    def untagged(self, address: str) -> str:
        if not _marketplace(address)[1]:
            return address
        address = without_parameters(address, _TAGS)
        if not _TAG_IN_PATH.search(address):
            return address
        parts = urlsplit(address)
        return urlunsplit(parts._replace(path=_TAG_IN_PATH.sub(r"\1", parts.path)))


def _marketplace(address: str) -> tuple[str, str]:
    """The host of one of Amazon's shops and its short name; an empty name for any other host."""
    host = host_of(address)
    for shop in (host, host.partition(".")[2]):
        if shop in MARKETPLACES:
            return shop, MARKETPLACES[shop]
    return host, ""


def _place_ids(text: str) -> list[tuple[str, str]]:
    """Pairs of how places begin and the tracking id they have."""
    pairs = (pair.strip().partition("=") for pair in text.split(","))
    return [(beginning, tag) for beginning, _, tag in pairs]


def _tag_at(place: str, ids: str) -> str:
    """The tracking id of the longest beginning of this place, or an empty text; `a1` does not begin `a12.3`."""
    fitting = [
        (len(beginning), tag)
        for beginning, tag in (_place_ids(ids) if place and ids else ())
        if place.startswith(beginning) and not (beginning[-1:].isdigit() and place[len(beginning) :][:1].isdigit())
    ]
    return max(fitting)[1] if fitting else ""
