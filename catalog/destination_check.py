"""Does a link still lead to its offer, and does it still pay? What was seen on the way, judged.

Pure. One look gives a `Finding`; `after` says what is held true after it: a failure must be seen twice, at least an
hour apart, before anything follows from it. What could not be looked at is unknown, never broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from catalog.destination_page import PageSaid
from catalog.links.addresses import without_parameters
from catalog.networks.base import Network
from catalog.reading import Availability
from catalog.sources.page_markup import is_elsewhere
from catalog.targets import owns, shop_address

STRIKES = 2
BETWEEN_STRIKES = timedelta(hours=1)
# What barred us for so long may have been mended meanwhile: an old failure is not held against a shop for ever.
FAILURE_LIVES = timedelta(days=7)
_GONE = frozenset({404, 410})
_BARRED = frozenset({401, 402, 403, 407, 418, 429, 451, 511, 999})
_FRONT = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:index\.\w{3,5}|home|start|default\.aspx)?/?", re.IGNORECASE)
_SEARCH = re.compile(r"/(?:search|suche|recherche|buscar|cerca|zoeken|catalogsearch)\b", re.IGNORECASE)
_ERROR_PAGE = re.compile(
    r"/(?:404|410|error|not-?found|page-?not-?found|fehler|erreur|no-?encontrad[ao]|sorry|gone)(?:[/.?]|$)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+")


class State(StrEnum):
    """The words of `models.Destination.State`."""

    NEW = "new"
    FINE = "fine"
    SUSPECT = "suspect"
    BROKEN = "broken"
    SOLD_OUT = "sold_out"
    UNTAGGED = "untagged"
    ELSEWHERE = "elsewhere"
    BARRED = "barred"


FAILURES = frozenset({State.BROKEN, State.SOLD_OUT, State.UNTAGGED, State.ELSEWHERE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request of a look: what was asked, and the status that came (0: no answer)."""

    method: str
    address: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look, from the tagged address to where it ended.

    `failure`: why there is no answer to the last request. `is_busy`: the host, or we ourselves, asked to wait.
    `barred`: why we may not look (robots.txt). `is_circle`: it never ended.
    """

    hops: tuple[Hop, ...]
    page: PageSaid | None = None
    failure: str = ""
    barred: str = ""
    is_circle: bool = False

    @property
    def final(self) -> Hop | None:
        return self.hops[-1] if self.hops else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a good end looks like.

    `offered`: the offer's own address. `names`: what the item is called. `tags`: query parameters of ours that must
    still be there; `landing`: one of these must be there, where the network sends visitors over a host of its own.
    """

    merchant: str
    hosts: tuple[str, ...]
    offered: str
    names: str = ""
    network: str = ""
    network_hosts: tuple[str, ...] = ()
    closed_pages: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    landing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look came to. `words` are the page's own, where they decided."""

    state: State
    detail: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is held true of a destination. `failing_since`: when the first strike fell (aware, UTC)."""

    state: State = State.NEW
    suspected: State | None = None
    strikes: int = 0
    failing_since: datetime | None = None
    confirmed_at: datetime | None = None


def expected(*, merchant: str, hosts: Sequence[str], offered: str, names: str, tagged: str, payer: Network) -> Expected:
    """`tagged`: the address a visitor is sent to, without a sub-id. Raises `TargetError`."""
    bare = shop_address(offered)
    passes_over = bool(payer.landing_parameters) or not owns(hosts, tagged)
    before = _query(bare)
    return Expected(
        merchant=merchant,
        hosts=tuple(hosts),
        offered=bare,
        names=names,
        network=payer.label,
        network_hosts=(*payer.hosts, *payer.link_hosts) if passes_over else (),
        closed_pages=payer.closed_pages,
        tags={} if passes_over else {name: value for name, value in _query(tagged) if (name, value) not in before},
        landing=payer.landing_parameters,
    )


def judge(seen: Seen, wanted: Expected) -> Finding:
    """What this look says, by itself."""
    end = seen.final
    if seen.barred:
        return Finding(state=State.BARRED, detail=seen.barred)
    if end is None:
        return Finding(state=State.BROKEN, detail=seen.failure or "Nothing was asked.")
    host = urlsplit(end.address).hostname or "its host"
    if seen.is_circle:
        return Finding(state=State.BROKEN, detail=f"The redirects of {host} never end ({len(seen.hops)} requests).")
    if seen.failure:
        return Finding(state=State.BROKEN, detail=seen.failure)
    if seen.page is not None and seen.page.is_barrier:
        return Finding(
            state=State.BARRED, detail=f"{host} asks whether we are a robot ({end.status}).", words=seen.page.words
        )
    if end.status in _BARRED:
        return Finding(state=State.BARRED, detail=f"{host} answered {end.status}: it does not let us look.")
    if end.status in _GONE:
        return Finding(state=State.BROKEN, detail=f"The page answered {end.status}: it is gone.")
    if end.status >= 400:
        return Finding(state=State.BROKEN, detail=f"The page answered {end.status}.")
    return _judge_place(seen, end, wanted) or _judge_page(seen, end, wanted) or _judge_tag(seen, end, wanted)


def _judge_place(seen: Seen, end: Hop, wanted: Expected) -> Finding | None:
    """Is it the merchant's host, and still the item's page?"""
    host = urlsplit(end.address).hostname or ""
    if closed := _closed(end.address, wanted):
        return Finding(
            state=State.ELSEWHERE,
            detail=f"Not paid: {wanted.network} ends the link at {closed}: {wanted.merchant} left the programme.",
        )
    if not owns(wanted.hosts, end.address):
        whose = f"{wanted.network}’s own host" if owns(wanted.network_hosts, end.address) else "not a host"
        rest = "" if owns(wanted.network_hosts, end.address) else f" of {wanted.merchant}"
        hint = "" if rest == "" else " If it is the merchant's, add it to the merchant's hosts."
        return Finding(state=State.ELSEWHERE, detail=f"The link ends at {host}, {whose}{rest}.{hint}")
    path, offered = urlsplit(end.address).path, urlsplit(wanted.offered).path
    for pattern, what in ((_ERROR_PAGE, "which is no item's page"), (_SEARCH, "a search of the shop")):
        if pattern.search(path) and not pattern.search(offered):
            return Finding(state=State.BROKEN, detail=f"The link ends at {path[:100]}, {what}.")
    # Our tag may have a word in common with the item.
    ours = {name.lower() for name in (*wanted.tags, *wanted.landing)}
    if not is_elsewhere(wanted.offered, without_parameters(end.address, ours)):
        return None
    if _FRONT.fullmatch(path):
        return Finding(state=State.BROKEN, detail="The link ends at the shop's front page.")
    if not _names_item(seen.page, wanted.names):
        return Finding(state=State.BROKEN, detail=f"The link ends at {path[:100]}, which does not name the item.")
    return None


def _judge_page(seen: Seen, end: Hop, wanted: Expected) -> Finding | None:
    page = seen.page
    if page is None:
        return None
    if page.is_gone:
        return Finding(
            state=State.BROKEN,
            detail=f"The page answered {end.status}, but says that it is not there.",
            words=page.words,
        )
    if page.availability in (Availability.OUT_OF_STOCK, Availability.DISCONTINUED):
        return Finding(state=State.SOLD_OUT, detail=f"{wanted.merchant} says that it is sold out.", words=page.words)
    return None


def _judge_tag(seen: Seen, end: Hop, wanted: Expected) -> Finding:
    if any(_closed(hop.address, wanted) for hop in seen.hops):
        return Finding(
            state=State.UNTAGGED, detail=f"Not paid: {wanted.network} calls the programme closed on the way."
        )
    there = _query(end.address)
    names = {name.lower() for name, value in there if value}
    missing = [name for name, value in wanted.tags.items() if (name, value) not in there]
    if missing:
        found = dict(there)
        told = ", ".join(
            f"{name}={wanted.tags[name]}" + (f" became {found[name]}" if found.get(name) else "") for name in missing
        )
        return Finding(state=State.UNTAGGED, detail=f"Our tag is lost on the way: {told}."[:300])
    if wanted.landing and not names & {name.lower() for name in wanted.landing}:
        what = " or ".join(wanted.landing)
        return Finding(
            state=State.UNTAGGED, detail=f"{wanted.network} did not arrive with us: no {what} in the last address."
        )
    if end.status >= 300:
        return Finding(state=State.BROKEN, detail=f"The page answered {end.status} and leads nowhere.")
    return Finding(state=State.FINE, detail=f"Leads to the offer ({end.status}).")


def after(standing: Standing, finding: Finding, *, now: datetime) -> Standing:
    """What is held true after a look at `now` (aware, UTC).

    A good look ends every failure at once. A barred one teaches nothing: a failure that was confirmed stays, until it
    is `FAILURE_LIVES` old. A failure becomes true with its second strike of the same kind, an hour after the first.
    """
    if finding.state is State.FINE:
        return Standing(state=State.FINE)
    is_failing = standing.state in FAILURES
    if finding.state not in FAILURES:
        seen_at = standing.confirmed_at or standing.failing_since
        if (is_failing or standing.strikes) and seen_at is not None and now - seen_at < FAILURE_LIVES:
            return standing
        return Standing(state=State.BARRED)
    if is_failing:
        # It fails still; in what way is what was seen last, without a new trial.
        return replace(standing, state=finding.state, strikes=standing.strikes + 1, confirmed_at=now)
    since = standing.failing_since
    if standing.suspected is not finding.state or since is None or not standing.strikes:
        return Standing(state=State.SUSPECT, suspected=finding.state, strikes=1, failing_since=now)
    if now - since < BETWEEN_STRIKES:
        return standing
    return Standing(
        state=finding.state,
        suspected=finding.state,
        strikes=standing.strikes + 1,
        failing_since=since,
        confirmed_at=now,
    )


def next_look(standing: Standing, *, clicks_a_day: float, now: datetime, share: float) -> datetime:
    """When to look again: soon where a failure waits for its second strike, rarely where we are not let in.

    `share` (0 to 1, the same for the same offer) spreads the looks of a shop over the time.
    """
    if standing.state is State.SUSPECT:
        wait, spread = BETWEEN_STRIKES, timedelta(minutes=15)
    elif standing.state in FAILURES:
        wait, spread = timedelta(hours=3), timedelta(hours=1)
    elif standing.state is State.BARRED:
        wait, spread = timedelta(days=3), timedelta(days=1)
    else:
        wait, spread = timedelta(hours=12 if clicks_a_day >= 1 else 48), timedelta(hours=6)
    return now + wait + spread * share


def _closed(address: str, wanted: Expected) -> str:
    return next((page for page in wanted.closed_pages if page.lower() in address.lower()), "")


def _names_item(page: PageSaid | None, names: str) -> bool:
    """Does a headline name the item? Half of its words are enough: shops write names in their own way."""
    words = {word for word in _WORDS.findall(names.casefold()) if len(word) > 1}
    if page is None or not words:
        return True
    found = {word for line in page.lines for word in _WORDS.findall(line.casefold())}
    return len(words & found) * 2 >= len(words)


def _query(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)
