"""How is something posted to Amazon, and what does its refusal mean for us?

The kinds and reasons are those of the Creators API's documentation (2026). Whoever is refused by something that is
not the API (a proxy's page, a firewall) is told so and comes back later: only the API's own word is final.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.http import LONGEST_RETRY_AFTER, Door, DoorError
from catalog.json_answers import JsonAnswerError, json_object, plain_text
from catalog.sources.base import SourceError

_KINDS: Mapping[str, int] = {
    "validationexception": 400,
    "unauthorizedexception": 401,
    "accessdeniedexception": 403,
    "resourcenotfoundexception": 404,
    "throttleexception": 429,
    "throttlingexception": 429,
    "internalserverexception": 500,
}
_STALE_TOKEN = frozenset({"tokenexpired", "invalidtoken"})
_ADVICE: Mapping[str, str] = {
    "invalidpartnertag": "it does not know our tag in this shop: correct `partner_tag`",
    "invalidassociate": (
        "the credential does not belong to our tag in this shop: link them at Amazon, or correct `partner_tag` and "
        "`credential_id`"
    ),
    "invalidissuer": "the token is of another region: check `version` and `marketplace`",
    "associatenoteligible": (
        "our account does not qualify for the API at present (it takes 10 qualified sales within 30 days); nothing "
        "is wrong here, prices come back once it does"
    ),
    "authorizationfailed": "our account may not use the API in this shop: look at its settings at Amazon",
}
_CREDENTIAL_ADVICE = "check `credential_id`, the variable that `credential_secret` names, and `version`"


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an error answer says, as far as it is the API's own."""

    status: int
    reason: str = ""
    fields: frozenset[str] = frozenset()
    resource: str = ""

    @property
    def is_stale_token(self) -> bool:
        return self.status == 401 and self.reason.casefold() in {*_STALE_TOKEN, ""}

    @property
    def is_about_the_ids(self) -> bool:
        return self.status == 400 and bool(self.fields) and all(name.startswith("itemid") for name in self.fields)


def posted(url: str, body: bytes, headers: Mapping[str, str], door: Door) -> Said:
    """POST, and the whole answer. Raises `SourceError` when there is none, or a busy one."""
    try:
        with door.post(url, body, headers=headers) as reply:
            return Said(reply.status, reply.read())
    except DoorError as error:
        waits = [wait for wait in (error.retry_after, _asked_to_wait(error.body)) if wait is not None]
        raise SourceError(str(error), permanent=error.permanent, retry_after=max(waits) if waits else None) from error


def _asked_to_wait(body: bytes) -> float | None:
    """`retryAfterSeconds` of a throttled answer, at most a day."""
    try:
        return _seconds(json_object(body).get("retryAfterSeconds"))
    except JsonAnswerError:
        return None


def _seconds(wait: object) -> float | None:
    if isinstance(wait, str) and re.fullmatch(r"[0-9]{1,6}", wait, re.ASCII):
        wait = int(wait)
    if isinstance(wait, bool) or not isinstance(wait, int | Decimal) or not wait >= 0:
        return None
    return float(min(wait, int(LONGEST_RETRY_AFTER)))


def refusal(status: int, answer: Mapping[str, Any]) -> Refusal | None:
    """The refusal in this answer, by its own kind rather than by its HTTP status; None when it is none of the API's."""
    kind = answer.get("type") or answer.get("__type")
    if isinstance(kind, str):
        name = re.split(r"[#.:/]", kind)[-1].casefold()
        if name in _KINDS:
            fields = answer.get("fieldList")
            named = fields if isinstance(fields, list) else []
            return Refusal(
                _KINDS[name],
                plain_text(answer.get("reason"), longest=60),
                frozenset(one.casefold() for one in named if isinstance(one, str)),
                plain_text(answer.get("resourceType"), longest=60),
            )
    return None


def failure(found: Refusal, answer: Mapping[str, Any], shop: str) -> SourceError:
    """What an editor is told, and whether coming back by itself can help."""
    reason = found.reason.casefold()
    named = f" ({found.reason})" if re.fullmatch(r"[A-Za-z]{3,40}", found.reason) else ""
    if found.status == 429:
        wait = _seconds(answer.get("retryAfterSeconds"))
        return SourceError(f"{shop}: Amazon is too busy for us.", permanent=False, retry_after=wait)
    if found.status >= 500:
        return SourceError(f"{shop}: Amazon had an error of its own.", permanent=False)
    if found.is_stale_token and reason:
        return SourceError(f"{shop}: Amazon refused a token it had just handed out{named}.", permanent=False)
    if reason in _ADVICE:
        return SourceError(f"{shop}: Amazon refuses{named}: {_ADVICE[reason]}.", permanent=True)
    if found.status == 401:
        return SourceError(f"{shop}: Amazon does not accept us{named}: {_CREDENTIAL_ADVICE}.", permanent=True)
    if "partnertag" in found.fields:
        return SourceError(f"{shop}: Amazon refuses{named}: {_ADVICE['invalidpartnertag']}.", permanent=True)
    about = f", about {', '.join(sorted(found.fields))[:80]}" if found.fields else ""
    what = {400: "does not accept the request", 403: "denies access", 404: "does not know what was asked for"}
    return SourceError(
        f"{shop}: Amazon {what[found.status]}{named}{about}: {_CREDENTIAL_ADVICE}, `marketplace` and `partner_tag`.",
        permanent=True,
    )
