"""How does one place on our pages link to an offer, and who counts the click?"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.placements import token
from catalog.shown_offer import DirectLink, ShownOffer

# Google and the programmes want a paid link named as one (`sponsored`); the shop gets no hold of our window.
PAID_REL = "sponsored nofollow noopener"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLink:
    """What an `<a>` says. The click on a direct link is told to `ping`, which is empty where `/go/` counts it itself.

    `referrer_policy` is empty where the page's own will do. The same for every reader, so that pages may be kept.
    """

    href: str
    ping: str
    referrer_policy: str
    rel: str = PAID_REL


def offer_link(offer: ShownOffer, place: str) -> OfferLink:
    """The link to this offer as it stands in `place` (`catalog.placements`). Raises ValueError for what is no place.

    Only an address of ours carries the place, signed; a merchant's never does.
    """
    return link_at(offer.link_code, offer.direct, place)


def link_at(code: str, direct: DirectLink | None, place: str) -> OfferLink:
    """The same for a link by its code; `direct` where its programme wants one straight to the merchant."""
    ours = f"/go/{code}/?p={token(place)}"
    if direct is None:
        return OfferLink(href=ours, ping="", referrer_policy="")
    return OfferLink(href=direct.address_at(place), ping=ours, referrer_policy=direct.referrer_policy)
