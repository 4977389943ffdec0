"""How is Best Buy asked, and what does its refusal mean for us?

The key travels in the address, as Best Buy wants it: no message of ours repeats an address or the body of an answer,
since both may hold it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from catalog.http import Door, DoorError
from catalog.json_answers import JsonAnswerError, json_object, plain_text
from catalog.sources.base import SourceError

API = "https://api.bestbuy.com"
_KEY = re.compile(r"[!-~]{8,200}", re.ASCII)
# 403 is both "too many requests" and "not your door": only the words beside it tell which.
_TOO_MANY = re.compile(
    r"over.?(qps|quota|rate|limit)|(rate|call|quota|qps|second|minute|hour|day|daily) limit|quota|too many|throttl|"
    r"limit.{0,20}(exceeded|reached|allotted)"
)
_WRONG = r"(invalid|inactive|not (valid|active|authori[sz]ed)|unknown|unregistered|missing|required|disabled|revoked)"
_BAD_KEY = re.compile(
    rf"(key|developer|account|application).{{0,40}}{_WRONG}|({_WRONG}|requires?).{{0,40}}(key|developer|account)"
)


@dataclass(frozen=True, slots=True)
class Access:
    api_url: str
    key: str = field(repr=False)


def access_of(settings: Mapping[str, str]) -> Access:
    """Raises `SourceError` when there is no usable key."""
    key = settings.get("api_key", "")
    if not _KEY.fullmatch(key):
        raise SourceError("The variable that `api_key` names holds no key of Best Buy's.", permanent=True)
    return Access((settings.get("api_url") or API).rstrip("/"), key)


def asked(access: Access, path: str, door: Door, **parameters: str) -> dict[str, Any]:
    """The object that Best Buy answers with. Raises `SourceError`."""
    query = urlencode({**parameters, "apiKey": access.key}, quote_via=quote)
    try:
        with door.get(f"{access.api_url}{path}?{query}", headers={"accept": "application/json"}) as reply:
            status, headers, body = reply.status, reply.headers, reply.read()
    except DoorError as error:
        raise SourceError(str(error), permanent=error.permanent, retry_after=error.retry_after) from error
    if status != 200:
        raise _refusal(
            status, f"{headers.get('x-mashery-error-code', '')} {_words(body)}", headers.get("retry-after", "")
        )
    try:
        return json_object(body)
    except JsonAnswerError as error:
        raise SourceError(f"Best Buy's answer {error}.", permanent=False) from None


def no_list(answer: Mapping[str, Any], name: str) -> SourceError:
    """Why an answer with status 200 holds no list of this name."""
    for said in (answer, answer.get("error"), answer.get("fault")):
        parts = said if isinstance(said, dict) else {"message": said}
        words = " ".join(plain_text(parts.get(part)) for part in ("errorMessage", "message", "faultstring", "error"))
        if words.strip():
            return _refusal(403, words)
    return SourceError(f"Best Buy's answer holds no list of {name}.", permanent=False)


def _words(body: bytes) -> str:
    return re.sub(r"<[^>]{0,200}>", " ", body[:4000].decode("utf-8", "replace"))


def _refusal(status: int, words: str, retry_after: str = "") -> SourceError:
    plain = words.casefold().replace("_", " ")
    wait = float(retry_after) if re.fullmatch(r"[0-9]{1,5}", retry_after.strip(), re.ASCII) else None
    if status in {401, 403} and _TOO_MANY.search(plain):
        return SourceError("Best Buy says that we have asked too often.", permanent=False, retry_after=wait)
    if status == 401 or (status in {400, 403} and _BAD_KEY.search(plain)):
        return SourceError(
            f"Best Buy does not accept our key ({status}): check the variable that `api_key` names.", permanent=True
        )
    if status == 403:
        return SourceError(
            "Best Buy answered 403: too many requests, or a key it does not accept. It is asked again later.",
            permanent=False,
            retry_after=wait,
        )
    if status == 400:
        return SourceError("Best Buy does not understand the question (400): its API may have changed.", permanent=True)
    return SourceError(f"Best Buy answered {status}.", permanent=False, retry_after=wait)
