"""With which credential is Amazon asked, and how does one become a token?"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from catalog.http import Door
from catalog.json_answers import JsonAnswerError, json_object
from catalog.settings_fields import SettingField
from catalog.sources.amazon_creators.asking import Said, posted
from catalog.sources.amazon_creators.shops import SHOPS, Region
from catalog.sources.base import SourceError, Token

API = "https://creatorsapi.amazon"
# https, or a server on this very machine (tests and the demo have theirs there).
_ADDRESS = r"https://[^\s/]+(/\S*)?|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/\S*)?"
# A token goes into a header: nothing else may slip in with it.
_TOKEN = re.compile(r"[!-~]{8,8192}", re.ASCII)
_HOUR = 3600

SETTINGS = (
    SettingField(
        name="marketplace",
        help="The shop, for example www.amazon.de. Each shop is a merchant of its own.",
        pattern="|".join(re.escape(shop) for shop in SHOPS),
    ),
    SettingField(
        name="partner_tag",
        help="Our tracking id in this shop, for example earmark-21. Every shop has its own.",
        pattern=r"[A-Za-z0-9_-]{2,60}-[0-9]{2}",
    ),
    SettingField(
        name="version",
        help="The credential's version as Amazon shows it beside it: 2.1 or 3.1 for North America, 2.2 or 3.2 for "
        "Europe, 2.3 or 3.3 for the Far East.",
        pattern=r"[23]\.[123]",
    ),
    SettingField(
        name="credential_id",
        help="The id of the Creators API credential (not the old AWS key).",
        pattern=r"[A-Za-z0-9._-]{8,200}",
    ),
    SettingField(
        name="credential_secret",
        help="The environment variable that holds the credential's secret, for example AMAZON_SECRET_EU.",
        secret=True,
    ),
    SettingField(
        name="api_url", help=f"Another address than {API}, for example a proxy's.", pattern=_ADDRESS, required=False
    ),
    SettingField(
        name="token_url", help="Another address than the region's for tokens.", pattern=_ADDRESS, required=False
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    shop: str
    region: Region
    partner_tag: str
    version: str
    credential_id: str
    secret: str = field(repr=False)
    api_url: str
    token_url: str

    @property
    def token_key(self) -> str:
        """The same for all merchants on one credential, and nobody's secret."""
        account = hashlib.sha256(f"{self.credential_id} {self.token_url}".encode()).hexdigest()[:16]
        return f"amazon {self.version} {account}"


def access_of(settings: Mapping[str, str]) -> Access:
    """What the merchant's settings say. Raises `SourceError` naming what is missing or does not fit together."""
    missing = [one.name for one in SETTINGS if one.required and not settings.get(one.name)]
    if missing:
        raise SourceError(f"Settings are missing: {', '.join(missing)}.", permanent=True)
    shop, version = settings["marketplace"], settings["version"]
    region = SHOPS.get(shop)
    if region is None:
        raise SourceError("`marketplace` is none of Amazon's shops, such as www.amazon.de.", permanent=True)
    if not re.fullmatch(r"[23]\.[123]", version) or version[-1] != region.number:
        raise SourceError(
            f"`version` is {version[:8]}, but {shop} belongs to {region.name}: it takes a credential of version "
            f"2.{region.number} or 3.{region.number}.",
            permanent=True,
        )
    token_url = region.token_url_2 if version.startswith("2") else region.token_url_3
    return Access(
        shop=shop,
        region=region,
        partner_tag=settings["partner_tag"],
        version=version,
        credential_id=settings["credential_id"],
        secret=settings["credential_secret"],
        api_url=(settings.get("api_url") or API).rstrip("/"),
        token_url=settings.get("token_url") or token_url,
    )


def fetched_token(access: Access, door: Door) -> Token:
    """A new token by OAuth 2 client credentials. Raises `SourceError`."""
    fields = {
        "grant_type": "client_credentials",
        "client_id": access.credential_id,
        "client_secret": access.secret,
    }
    if access.version.startswith("2"):
        content_type = "application/x-www-form-urlencoded"
        body = urlencode({**fields, "scope": "creatorsapi/default"}).encode()
    else:
        content_type = "application/json"
        body = json.dumps({**fields, "scope": "creatorsapi::default"}).encode()
    said = posted(access.token_url, body, {"content-type": content_type, "accept": "application/json"}, door)
    if said.status != 200:
        raise _no_token(said, access)
    try:
        answer = json_object(said.body)
    except JsonAnswerError as error:
        raise SourceError(f"Amazon's answer to the request for a token {error}.", permanent=False) from None
    token, lives = answer.get("access_token"), answer.get("expires_in", _HOUR)
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise SourceError("Amazon's answer to the request for a token holds none.", permanent=False)
    if isinstance(lives, str) and re.fullmatch(r"[0-9]{1,5}", lives, re.ASCII):
        lives = int(lives)
    is_time = isinstance(lives, int) and not isinstance(lives, bool) and 0 < lives <= 24 * _HOUR
    return Token(value=token, lives=float(lives) if is_time else _HOUR)


def _no_token(said: Said, access: Access) -> SourceError:
    try:
        answer = json_object(said.body)
    except JsonAnswerError:
        answer = {}
    code = answer.get("error")
    # An error of OAuth 2 (RFC 6749, 5.2). Its description is not repeated: some providers quote the request there.
    if said.status in {400, 401, 403} and isinstance(code, str) and re.fullmatch(r"[a-z_]{3,40}", code):
        return SourceError(
            f"Amazon hands out no token ({code}): check `credential_id`, the variable that `credential_secret` names, "
            f"and whether the credential is of version {access.version}.",
            permanent=code not in {"temporarily_unavailable", "server_error", "slow_down"},
        )
    return SourceError(f"Amazon answered {said.status} to the request for a token.", permanent=False)
