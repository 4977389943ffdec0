"""A server that speaks Amazon's Creators API (getItems and both kinds of tokens) as strictly as the real one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.catalog.shop import Page, Shop, Visit, open_shop

ASIN = re.compile(r"^([0-9]{9}[0-9X]|[A-Z][A-Z0-9]{9})$")
CREDENTIAL = "amzn1.application-oa2-client.1234"
SECRET = "amzn1.oa2-cs.v1.this-is-the-secret"
Json = dict[str, Any]


def listing(amount: Any = 99.99, currency: str = "USD", *, condition: str | None = "New", **fields: Any) -> Json:
    """One listing of offersV2; a field that is None is left out."""
    made: Json = {
        "price": {"money": {"amount": amount, "currency": currency}},
        "availability": {"type": "IN_STOCK"},
        "condition": None if condition is None else {"value": condition},
        "isBuyBoxWinner": False,
        "violatesMAP": False,
        **fields,
    }
    return {name: value for name, value in made.items() if value is not None}


def item(asin: str, *listings: Any, **fields: Any) -> Json:
    return {"asin": asin, "offersV2": {"listings": list(listings)}, **fields}


def error(kind: str, reason: str = "", **fields: Any) -> Json:
    return {"type": kind, "message": "Said in words.", **({"reason": reason} if reason else {}), **fields}


def says(status: int, body: Any, **headers: str) -> Page:
    """The answer with this status, whatever was asked. Bytes go out as they are, anything else as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda visit: visit.answer(sent, status=status, **headers)


@dataclass
class Amazon:
    shop: Shop
    marketplace: str = "www.amazon.com"
    tag: str = "earmark-20"
    version: str = "3.1"
    items: dict[str, Json] = field(default_factory=dict)
    # ASIN: the error's code, for items that are not handed out.
    errors: dict[str, str] = field(default_factory=dict)
    container: str = "itemsResult"
    eligible: bool = True
    # What the next requests get instead of an answer, in turn.
    faults: list[Page] = field(default_factory=list)
    token_faults: list[Page] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    expired: set[str] = field(default_factory=set)
    # Each token is good for so many requests.
    requests_per_token: int = 1_000_000
    asked: list[Json] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)

    def settings(self, **changed: str) -> dict[str, str]:
        """What `read` is given: the secret itself, the addresses of this server."""
        return {
            "marketplace": self.marketplace,
            "partner_tag": self.tag,
            "version": self.version,
            "credential_id": CREDENTIAL,
            "credential_secret": SECRET,
            "api_url": self.shop.url(""),
            "token_url": self.shop.url("/token"),
            **changed,
        }

    def token(self, visit: Visit) -> None:
        if self.token_faults:
            return self.token_faults.pop(0)(visit)
        if self.version.startswith("2"):
            assert visit.headers["content-type"] == "application/x-www-form-urlencoded"
            sent = {name: values[0] for name, values in parse_qs(visit.body.decode()).items()}
        else:
            assert visit.headers["content-type"] == "application/json"
            sent = json.loads(visit.body)
        scope = "creatorsapi/default" if self.version.startswith("2") else "creatorsapi::default"
        wanted = {
            "grant_type": "client_credentials",
            "client_id": CREDENTIAL,
            "client_secret": SECRET,
            "scope": scope,
        }
        if sent != wanted:
            return says(401, {"error": "invalid_client", "error_description": f"bad secret {SECRET}"})(visit)
        self.tokens.append(f"Atc|token-number-{len(self.tokens)}")
        return says(200, {"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": 3600})(visit)

    def get_items(self, visit: Visit) -> None:
        sent = json.loads(visit.body)
        self.asked.append(sent)
        if self.faults:
            return self.faults.pop(0)(visit)
        refused = self._refusal(visit, sent)
        return says(*refused)(visit) if refused else says(*self._answer(sent["itemIds"]))(visit)

    def _refusal(self, visit: Visit, sent: Mapping[str, Any]) -> tuple[int, Json] | None:
        given = re.fullmatch(r"Bearer (\S+?)(?:, Version (2\.[123]))?", visit.headers.get("authorization", ""))
        suffix = self.version if self.version.startswith("2") else None
        if given is None or given[2] != suffix or given[1] not in self.tokens:
            return 401, error("UnauthorizedException", "InvalidToken")
        self.used[given[1]] = self.used.get(given[1], 0) + 1
        if given[1] in self.expired or self.used[given[1]] > self.requests_per_token:
            return 401, error("UnauthorizedException", "TokenExpired")
        if not self.eligible:
            return 403, error("AccessDeniedException", "AssociateNotEligible")
        if visit.headers.get("x-marketplace") != self.marketplace or sent.get("marketplace") != self.marketplace:
            return 400, error("ValidationException", "InvalidAssociate")
        if sent.get("partnerTag") != self.tag:
            return 400, error("ValidationException", "InvalidPartnerTag")
        ids = sent.get("itemIds")
        if not ids or len(ids) > 10 or len(set(ids)) < len(ids) or not all(ASIN.match(one) for one in ids):
            return 400, error("ValidationException", "FieldValidationFailed", fieldList=["itemIds"])
        known = {"itemIds", "itemIdType", "condition", "marketplace", "partnerTag", "resources"}
        if set(sent) - known or sent["itemIdType"] != "ASIN" or sent["condition"] not in {"Any", "New"}:
            return 400, error("ValidationException", "CannotParse")
        return None

    def _answer(self, ids: list[str]) -> tuple[int, Json]:
        # Never in the order of the request.
        found = [self.items[one] for one in reversed(ids) if one in self.items]
        errors = [
            {
                "code": self.errors.get(one, "ItemNotFound"),
                "message": f"The ItemId {one} provided in the request is not there.",
            }
            for one in ids
            if one not in self.items
        ]
        if not found and len(errors) == len(ids) and not any(one in self.errors for one in ids):
            return 404, error("ResourceNotFoundException", resourceType="Item", resourceId=ids[0])
        held: Any = found if self.container == "items" else {"items": found}
        return 200, {self.container: held, **({"errors": errors} if errors else {})}


@contextmanager
def open_amazon(**how: Any) -> Iterator[Amazon]:
    with open_shop() as shop:
        amazon = Amazon(shop, **how)
        shop.serves("/token", amazon.token)
        shop.serves("/catalog/v1/getItems", amazon.get_items)
        yield amazon
