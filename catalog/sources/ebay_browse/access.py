"""With which key set is eBay asked, for whom, and how does the key set become a token?"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from catalog.http import Door, DoorError
from catalog.json_answers import JsonAnswerError, json_object
from catalog.settings_fields import SettingField
from catalog.sources.base import SourceError, Token
from catalog.sources.ebay_browse.marketplaces import MARKETPLACES, Marketplace

API = "https://api.ebay.com"
SCOPE = "https://api.ebay.com/oauth/api_scope"
BULK_SCOPE = f"{SCOPE}/buy.item.bulk"
# https, or a server on this very machine (tests and the demo have theirs there).
_ADDRESS = r"https://[^\s/]+(/\S*)?|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/\S*)?"
# A token goes into a header: nothing else may slip in with it. eBay's are long and end in "#" or "=".
_TOKEN = re.compile(r"[!-~]{8,8192}", re.ASCII)
_KEY = re.compile(r"[!-9;-~]{4,200}", re.ASCII)
_TWO_HOURS = 7200

SETTINGS = (
    SettingField(
        name="marketplace",
        help="The site, for example EBAY_US or EBAY_DE. Each site is a merchant of its own, with its own currency.",
        pattern="|".join(MARKETPLACES),
    ),
    SettingField(
        name="client_id",
        help="The App ID of our production key set.",
        pattern=r"[A-Za-z0-9._-]{4,200}",
    ),
    SettingField(
        name="client_secret",
        help="The environment variable that holds the Cert ID of the key set, for example EBAY_CERT_ID.",
        secret=True,
    ),
    SettingField(
        name="campaign_id",
        help="Our campaign in the eBay Partner Network: ten digits. Without it, links that eBay hands out pay nothing.",
        pattern=r"[0-9]{10}",
        required=False,
    ),
    SettingField(
        name="reference_id",
        help="A word of ours that comes back in the network's reports: letters, digits, - and _.",
        pattern=r"[A-Za-z0-9_-]{1,64}",
        required=False,
    ),
    SettingField(
        name="postal_code",
        help="A postal code in the site's country, for eBay to reckon shipping to.",
        pattern=r"[A-Za-z0-9][A-Za-z0-9 -]{1,9}",
        required=False,
    ),
    SettingField(
        name="bulk",
        help="`read` when eBay has granted our key set the scope buy.item.bulk: twenty items a request.",
        pattern="read",
        required=False,
    ),
    SettingField(
        name="api_url", help=f"Another address than {API}, for example a proxy's.", pattern=_ADDRESS, required=False
    ),
    SettingField(name="token_url", help="Another address than eBay's for tokens.", pattern=_ADDRESS, required=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    site: str
    marketplace: Marketplace
    client_id: str
    secret: str = field(repr=False)
    campaign_id: str
    reference_id: str
    postal_code: str
    is_bulk: bool
    api_url: str
    token_url: str

    @property
    def scope(self) -> str:
        return f"{SCOPE} {BULK_SCOPE}" if self.is_bulk else SCOPE

    @property
    def token_key(self) -> str:
        """The same for all merchants on one key set, and nobody's secret."""
        account = hashlib.sha256(f"{self.client_id} {self.token_url} {self.scope}".encode()).hexdigest()[:16]
        return f"ebay {account}"

    @property
    def headers(self) -> dict[str, str]:
        """What every question says beside its token: for which site, for which campaign, shipped where."""
        place = f"country={self.marketplace.country}" + (f",zip={self.postal_code}" if self.postal_code else "")
        told = [f"contextualLocation={quote(place, safe='')}"]
        if self.campaign_id:
            told.insert(0, f"affiliateCampaignId={self.campaign_id}")
            if self.reference_id:
                told.insert(1, f"affiliateReferenceId={self.reference_id}")
        return {
            "x-ebay-c-marketplace-id": self.site,
            "x-ebay-c-enduserctx": ",".join(told),
            "accept": "application/json",
        }


def access_of(settings: Mapping[str, str]) -> Access:
    """What the merchant's settings say. Raises `SourceError` naming what is missing or cannot be."""
    missing = [one.name for one in SETTINGS if one.required and not settings.get(one.name)]
    if missing:
        raise SourceError(f"Settings are missing: {', '.join(missing)}.", permanent=True)
    wrong = [
        one.name
        for one in SETTINGS
        if not one.secret and settings.get(one.name) and not re.fullmatch(one.pattern, settings[one.name])
    ]
    if wrong:
        raise SourceError(f"Settings do not look right: {', '.join(wrong)}.", permanent=True)
    if not _KEY.fullmatch(settings["client_secret"]):
        raise SourceError("The variable that `client_secret` names holds no Cert ID of eBay's.", permanent=True)
    api_url = (settings.get("api_url") or API).rstrip("/")
    return Access(
        site=settings["marketplace"],
        marketplace=MARKETPLACES[settings["marketplace"]],
        client_id=settings["client_id"],
        secret=settings["client_secret"],
        campaign_id=settings.get("campaign_id", ""),
        reference_id=settings.get("reference_id", ""),
        postal_code=settings.get("postal_code", ""),
        is_bulk=settings.get("bulk") == "read",
        api_url=api_url,
        token_url=settings.get("token_url") or f"{api_url}/identity/v1/oauth2/token",
    )


def fetched_token(access: Access, door: Door) -> Token:
    """A new application token by OAuth 2 client credentials. Raises `SourceError`."""
    pair = base64.b64encode(f"{access.client_id}:{access.secret}".encode()).decode()
    headers = {
        "authorization": f"Basic {pair}",
        "content-type": "application/x-www-form-urlencoded",
        "accept": "application/json",
    }
    form = urlencode({"grant_type": "client_credentials", "scope": access.scope}).encode()
    try:
        with door.post(access.token_url, form, headers=headers) as reply:
            status, body = reply.status, reply.read()
    except DoorError as error:
        raise SourceError(str(error), permanent=error.permanent, retry_after=error.retry_after) from error
    if status != 200:
        raise _no_token(status, body)
    try:
        answer = json_object(body)
    except JsonAnswerError as error:
        raise SourceError(f"eBay's answer to the request for a token {error}.", permanent=False) from None
    token, lives = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise SourceError("eBay's answer to the request for a token holds none.", permanent=False)
    is_time = isinstance(lives, int) and not isinstance(lives, bool) and 0 < lives <= 24 * 3600
    return Token(value=token, lives=float(lives) if is_time and isinstance(lives, int) else _TWO_HOURS)


def _no_token(status: int, body: bytes) -> SourceError:
    """An error of OAuth 2 (RFC 6749, 5.2). Its description is not repeated: it may quote the request."""
    try:
        code = json_object(body).get("error")
    except JsonAnswerError:
        code = None
    if status not in {400, 401, 403} or not isinstance(code, str) or not re.fullmatch(r"[a-z_]{3,40}", code):
        return SourceError(f"eBay answered {status} to the request for a token.", permanent=False)
    if code == "invalid_scope":
        advice = "our key set has not been granted buy.item.bulk: take `bulk` away, or ask eBay for it"
    else:
        advice = "check `client_id` and the variable that `client_secret` names (a production key set, not a sandbox's)"
    return SourceError(
        f"eBay hands out no token ({code}): {advice}.",
        permanent=code not in {"temporarily_unavailable", "server_error", "slow_down"},
    )
