"""How is eBay asked, and what do the errors in its answer mean?

Errors are judged by their number and not by the HTTP status: the Browse API is known to send them with 200 too. No
message of ours repeats an answer's words, which may quote the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.http import Door, DoorError
from catalog.json_answers import JsonAnswerError, json_object
from catalog.sources.base import SourceError, Tokens
from catalog.sources.ebay_browse.access import Access, fetched_token

NOT_FOUND, GONE, WRONG_ID = 11001, 11004, frozenset({11002, 11003, 11012})
GROUP = frozenset({11006, 11020})
_MARKETPLACE = 11011
_TOO_MANY_IDS = 11015
_TOKEN_ERRORS = frozenset({1001, 1002, 1003})
_NO_PERMISSION = frozenset({1100})
_QUOTA = frozenset({2001, 2002})


class BrokenError(SourceError):
    """eBay had an error of its own, perhaps only about this item."""


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    answer: Mapping[str, Any]
    # The numbers of its errors and warnings.
    troubles: Sequence[int]

    def has(self, *numbers: int) -> bool:
        return any(number in numbers for number in self.troubles)


def asked(path: str, access: Access, door: Door, tokens: Tokens) -> Said:
    """GET below the Browse API; a token that is no longer taken is renewed once. Raises `SourceError` when nothing
    in the answer is about single items: the key set, the quota, the site, eBay itself.
    """
    for attempt in ("with the kept token", "with a new one"):
        token = tokens.get(access.token_key, lambda: fetched_token(access, door))
        said = _got(
            f"{access.api_url}/buy/browse/v1/{path}", {**access.headers, "authorization": f"Bearer {token}"}, door
        )
        if said.status != 401 and not said.has(*_TOKEN_ERRORS):
            break
        tokens.forget(access.token_key, token)
        if attempt == "with a new one":
            raise SourceError("eBay refused a token it had just handed out (401).", permanent=False)
    _raise_if_not_about_items(said, access)
    return said


def _got(url: str, headers: Mapping[str, str], door: Door) -> Said:
    try:
        with door.get(url, headers=headers) as reply:
            status, body = reply.status, reply.read()
    except DoorError as error:
        raise SourceError(str(error), permanent=error.permanent, retry_after=error.retry_after) from error
    try:
        answer = json_object(body)
    except JsonAnswerError as error:
        if status == 200:
            raise SourceError(f"eBay's answer {error}.", permanent=False) from None
        answer = {}
    return Said(status, answer, [*_troubles(answer.get("errors")), *_troubles(answer.get("warnings"))])


def _raise_if_not_about_items(said: Said, access: Access) -> None:
    if said.has(*_QUOTA):
        raise SourceError("eBay says that our quota of requests is used up.", permanent=False)
    if said.has(_MARKETPLACE):
        raise SourceError(f"eBay's Browse API does not serve {access.site}: correct `marketplace`.", permanent=True)
    if said.has(*_NO_PERMISSION):
        about = " (reading in bulk takes the scope buy.item.bulk: take `bulk` away)" if access.is_bulk else ""
        raise SourceError(f"eBay does not let our key set use the Browse API{about}.", permanent=True)
    if said.has(_TOO_MANY_IDS):
        raise SourceError("eBay does not take so many items in one request any more.", permanent=True)
    about_items = said.has(NOT_FOUND, GONE, *WRONG_ID, *GROUP)
    if said.status != 200 and not about_items:
        named = f" (error {said.troubles[0]})" if said.troubles else ""
        error = BrokenError if said.status >= 500 else SourceError
        raise error(f"eBay answered {said.status}{named}.", permanent=False)


def _troubles(found: object) -> list[int]:
    troubles = []
    for one in found if isinstance(found, list) else []:
        number = one.get("errorId") if isinstance(one, dict) else None
        if isinstance(number, str) and re.fullmatch(r"[0-9]{1,9}", number, re.ASCII):
            number = int(number)
        if isinstance(number, int) and not isinstance(number, bool):
            troubles.append(number)
    return troubles
