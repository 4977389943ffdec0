"""What is a kept page, for whom, and how old may it get where we cannot take it back?"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse

from catalog.page_store import Turn

FORMAT = "2"  # of what `KeptPage.pack` makes: another release must not be given what it cannot read
HAND = "earmark.page"
_FAST = 1  # zlib's level: a page shrinks to a sixth in a millisecond


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it left the view's side of the middleware; `until` (aware): something on it ends by itself then."""

    headers: list[tuple[str, str]]
    until: datetime | None
    body: bytes

    def pack(self) -> bytes:
        until = self.until.timestamp() if self.until else None
        return zlib.compress(json.dumps([self.headers, until]).encode() + b"\n" + self.body, _FAST)

    @classmethod
    def unpack(cls, packed: bytes) -> KeptPage:
        head, _, body = zlib.decompress(packed).partition(b"\n")
        headers, until = json.loads(head)
        return cls([(name, value) for name, value in headers], until and datetime.fromtimestamp(until, UTC), body)

    def answer(self) -> HttpResponse:
        return HttpResponse(self.body, headers=dict(self.headers))


@dataclass(slots=True)
class Hand:
    """What passes between the cache and whoever stands in front of Django, in the request's environ under `HAND`.

    `turn`: this request is to make the page, whatever is there. The cache leaves behind `page`, when it gave one that
    is true, with its path, its tags and the seconds it stays fresh; or `lagging`, when it gave an older one and
    somebody has to make the next.
    """

    turn: Turn | None = None
    page: KeptPage | None = None
    path: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)
    seconds: float = 0.0
    lagging: Turn | None = None

    def leave(self, page: KeptPage, path: str, tags: frozenset[str], seconds: float) -> None:
        self.page, self.path, self.tags, self.seconds = page, path, tags, seconds


def is_for_everybody(response: HttpResponse) -> bool:
    """A whole page that its view calls public, that sets no cookie and was made without looking at one."""
    control = response.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.get("Vary", "").lower()
        and "public" in control
        and "no-store" not in control
    )


def shared_age(control: str) -> str:
    """What a view says of its age, with `s-maxage` for caches between us that are told when a page changes."""
    said = _said(control)
    if "max-age" in said:
        said["s-maxage"] = str(max(int(said["max-age"]), settings.CDN_SECONDS))
    return _control(said)


def limited_age(control: str, left: float) -> str:
    """The same for a page of which something ends in so many seconds: nothing is kept or shown past that."""
    said = _said(control)
    said.pop("immutable", None)
    said.setdefault("max-age", "0")
    ages = [name for name in ("max-age", "s-maxage") if name in said]
    for name in ages:
        said[name] = str(max(0, min(int(said[name]), int(left))))
    if lag := said.get("stale-while-revalidate"):
        rest = int(left) - max(int(said[name]) for name in ages)
        said["stale-while-revalidate"] = str(min(int(lag), rest))
        if rest <= 0:
            del said["stale-while-revalidate"]
    return _control(said)


def longest_age(control: str) -> float:
    """For how many seconds somebody may show an answer that says this of itself."""
    said = _said(control)
    ages = [int(said.get(name, "0")) for name in ("max-age", "s-maxage")]
    return max(ages) + int(said.get("stale-while-revalidate", "0"))


def limit_age(response: HttpResponse, until: datetime | None, *, now: datetime) -> None:
    """Browsers and caches between us must not show a price after its licence, and cannot be told: theirs ends first."""
    if until is not None:
        response["Cache-Control"] = limited_age(response["Cache-Control"], (until - now).total_seconds())


def _said(control: str) -> dict[str, str]:
    pairs = (word.strip().partition("=") for word in control.split(","))
    return {name: value for name, _, value in pairs}


def _control(said: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" if value else name for name, value in said.items())
