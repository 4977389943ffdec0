"""What is seen by who follows a link to its end? Every hop, at the pace of every host, as an honest robot.

A look must never be taken for a reader's click: it asks the tagged address itself, without a sub-id, never `/go/`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Protocol
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from catalog.destination_check import Expected, Finding, Hop, Seen, State, judge
from catalog.destination_page import PageSaid, page_said
from catalog.http import DoorError, Reply
from catalog.services import pace
from catalog.services.turns import BusyError, turn_at
from catalog.sources.page_markup import ROBOT_NAME
from catalog.targets import owns

MOST_HOPS = 12
# A whole way to the end; the shop's slowness must not become ours.
LONGEST_WALK = 45.0
LONGEST_REST = 20.0
_SAME_PLACE = 3
_PAGE_BYTES = 2 * 1024 * 1024
_ROBOTS_BYTES = 512 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


class LookingDoor(Protocol):
    def look(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]: ...


class Looker:
    """Looks at the destinations of one merchant, one after the other. `rest`: seconds between requests to a host.

    `keeps_robots` is False where the merchant agreed in writing that its pages are read against its robots.txt.
    """

    def __init__(self, door: LookingDoor, *, rest: float, keeps_robots: bool = True) -> None:
        self._door = door
        self._rest = rest
        self._keeps_robots = keeps_robots
        self._robots: dict[str, RobotFileParser | None] = {}

    def look(self, address: str, wanted: Expected) -> tuple[Seen, Finding]:
        """HEAD along the way and GET at its end; what then seems wrong is asked again by GET alone, which decides.

        Raises `BusyError` when a host wants to be left alone: then nothing was learnt.
        """
        seen = self._walk(address, wanted, "HEAD")
        finding = judge(seen, wanted)
        is_asked_to_stop = seen.final is not None and seen.final.status == HTTPStatus.TOO_MANY_REQUESTS
        if finding.state is State.FINE or seen.barred or is_asked_to_stop:
            return seen, finding
        seen = self._walk(address, wanted, "GET")
        return seen, judge(seen, wanted)

    def _walk(self, address: str, wanted: Expected, method: str) -> Seen:
        hops: list[Hop] = []
        been: Counter[tuple[str, str]] = Counter()
        cookies: dict[str, dict[str, str]] = {}
        until = time.monotonic() + LONGEST_WALK
        for _ in range(MOST_HOPS):
            if time.monotonic() > until:
                return Seen(hops=tuple(hops), failure=f"The way took longer than {LONGEST_WALK:.0f} seconds.")
            if barred := self._barred(address, wanted):
                return Seen(hops=tuple(hops), barred=barred)
            been[method, address] += 1
            if been[method, address] > _SAME_PLACE:
                break
            try:
                status, following, page = self._ask(method, address, cookies)
            except DoorError as error:
                hops.append(Hop(method=method, address=address, status=0))
                return Seen(hops=tuple(hops), failure=str(error))
            hops.append(Hop(method=method, address=address, status=status))
            if following and following != address:
                address = following
            elif following:
                continue  # the same place again, with its cookie this time
            elif method == "HEAD" and status < 400:
                method = "GET"
            else:
                return Seen(hops=tuple(hops), page=page)
        return Seen(hops=tuple(hops), is_circle=True)

    def _ask(self, method: str, address: str, cookies: dict[str, dict[str, str]]) -> tuple[int, str, PageSaid | None]:
        """Status, where it leads on, and what the page says. Raises `DoorError` and `BusyError`."""
        ours = cookies.setdefault(urlsplit(address).netloc, {})
        sent = {"accept": _ACCEPT}
        if ours:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in ours.items())
        with turn_at(address, rest=self._rest_at(address)):
            try:
                with self._door.look(method, address, headers=sent, max_bytes=_PAGE_BYTES) as reply:
                    ours.update(_cookies(reply.headers.get("set-cookie", "")))
                    location = reply.headers.get("location", "")
                    if reply.status in _REDIRECTS and location:
                        return reply.status, _joined(address, location), None
                    if method == "HEAD":
                        return reply.status, "", None
                    page = _read(reply, address)
                    return reply.status, page.leads_to if page and reply.status < 400 else "", page
            except DoorError as error:
                return _of_busy_host(address, error)

    def _barred(self, address: str, wanted: Expected) -> str:
        """Why we may not look, in the shop's own words for robots; a network wants its links followed."""
        if not self._keeps_robots or not owns(wanted.hosts, address):
            return ""
        parts = urlsplit(address)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._robots:
            self._robots[host] = self._robots_of(host)
        rules = self._robots[host]
        if rules is None or rules.can_fetch(ROBOT_NAME, address):
            return ""
        return f"The robots.txt of {parts.netloc} asks not to look at this page."

    def _robots_of(self, host: str) -> RobotFileParser | None:
        """A missing or broken one allows everything."""
        url = f"{host}/robots.txt"
        with turn_at(url, rest=self._rest):
            try:
                with self._door.look("GET", url, max_bytes=_ROBOTS_BYTES) as reply:
                    text = reply.read().decode("utf-8", errors="replace") if reply.status == 200 else None
            except DoorError:
                return None
        if text is None:
            return None
        rules = RobotFileParser()
        rules.parse(text.splitlines())
        return rules

    def _rest_at(self, address: str) -> float:
        """Our own rest, or the longer one that the host's robots.txt asks for."""
        parts = urlsplit(address)
        rules = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        asked = rules.crawl_delay(ROBOT_NAME) if rules is not None else None
        return max(self._rest, min(float(asked or 0), LONGEST_REST))


def _of_busy_host(address: str, error: DoorError) -> tuple[int, str, PageSaid | None]:
    """A host that names a time is left alone until then. Without one, what it says counts as its answer."""
    if error.retry_after:
        pace.leave_host_alone(address, error.retry_after)
        raise BusyError(str(error), retry_after=error.retry_after) from error
    if error.status is None:
        raise error
    return error.status, "", page_said(error.body, error.headers.get("content-type", ""), url=address)


def _read(reply: Reply, address: str) -> PageSaid | None:
    """None for what is no page, or too large to be one."""
    content_type = reply.headers.get("content-type", "")
    if content_type and "html" not in content_type and "xml" not in content_type:
        return None
    try:
        return page_said(reply.read(), content_type, url=address)
    except DoorError as error:
        if error.permanent:
            return None
        raise


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location.strip())
    except ValueError:
        raise DoorError("The redirect leads to what is no web address.", permanent=True) from None


def _cookies(header: str) -> dict[str, str]:
    """Some shops redirect in a circle until their cookie comes back."""
    try:
        return {name: morsel.coded_value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
