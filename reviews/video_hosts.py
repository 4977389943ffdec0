"""Whose video does this address show, and where does its player live?

A pure module: one table of recognisers, each of which reads an address and knows nothing else. A PeerTube server may
stand anywhere, so it is known by the form of its addresses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from reviews.exact_fields import is_web_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """`page` is where anybody can watch it; `player` is the address of its frame, which starts to play when loaded."""

    host_name: str
    page: str
    player: str

    @property
    def origin(self) -> str:
        """The one origin that a page has to allow frames from."""
        parts = urlsplit(self.player)
        return f"{parts.scheme}://{parts.netloc}"


def video_at(address: str) -> Video | None:
    """The video at this address, whatever else the address says; None when no host we know shows one there."""
    if not is_web_address(address):
        return None
    parts = urlsplit(address)
    return next((found for recognise in RECOGNISERS if (found := recognise(parts))), None)


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.").removeprefix("m.")


def youtube(parts: SplitResult) -> Video | None:
    host, path = _host(parts), parts.path.strip("/").split("/")
    if host == "youtu.be":
        name = path[0]
    elif host in ("youtube.com", "music.youtube.com", "youtube-nocookie.com"):
        is_watch = path == ["watch"]
        found = parse_qs(parts.query).get("v", [""])[0] if is_watch else path[-1] if len(path) == 2 else ""
        name = found if is_watch or path[0] in ("embed", "shorts", "live", "v") else ""
    else:
        return None
    if not re.fullmatch(r"[A-Za-z0-9_-]{11}", name):
        return None
    # youtube-nocookie: YouTube's own host for players that set no cookie before somebody plays.
    return Video(
        host_name="YouTube",
        page=f"https://www.youtube.com/watch?v={name}",
        player=f"https://www.youtube-nocookie.com/embed/{name}?autoplay=1&rel=0",
    )


def vimeo(parts: SplitResult) -> Video | None:
    if _host(parts) not in ("vimeo.com", "player.vimeo.com"):
        return None
    # An unlisted video has a second, secret part: vimeo.com/<number>/<part> or ?h=<part>.
    found = re.fullmatch(
        r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?(\d{5,12})(?:/([0-9a-f]{8,16}))?/?", parts.path, re.ASCII
    )
    if not found:
        return None
    secret = found[2] or parse_qs(parts.query).get("h", [""])[0]
    if secret and not re.fullmatch(r"[0-9a-f]{8,16}", secret):
        return None
    return Video(
        host_name="Vimeo",
        page=f"https://vimeo.com/{found[1]}" + (f"/{secret}" if secret else ""),
        player=f"https://player.vimeo.com/video/{found[1]}?dnt=1&autoplay=1" + (f"&h={secret}" if secret else ""),
    )


def dailymotion(parts: SplitResult) -> Video | None:
    host = _host(parts)
    form = {"dailymotion.com": r"/(?:embed/)?video/(x[0-9a-z]{5,8})/?", "dai.ly": r"/(x[0-9a-z]{5,8})/?"}.get(host, "")
    found = re.fullmatch(form, parts.path) if form else None
    if not found:
        return None
    return Video(
        host_name="Dailymotion",
        page=f"https://www.dailymotion.com/video/{found[1]}",
        player=f"https://geo.dailymotion.com/player.html?video={found[1]}",
    )


_SHORT_ID = r"[1-9A-HJ-NP-Za-km-z]{22}"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def peertube(parts: SplitResult) -> Video | None:
    """`https://<server>/w/<short id>`, `/videos/watch/<uuid>` or `/videos/embed/<either>`, on its usual port."""
    found = re.fullmatch(rf"/(?:w|videos/watch|videos/embed)/({_SHORT_ID}|{_UUID})/?", parts.path)
    if not found or parts.scheme != "https" or parts.port not in (None, 443):
        return None
    host = parts.hostname or ""
    return Video(
        host_name=f"PeerTube on {host}",
        page=f"https://{host}/w/{found[1]}",
        player=f"https://{host}/videos/embed/{found[1]}?autoplay=1&p2p=0",
    )


# Asked in this order: what a host's own name settles comes before what only the form of the address does.
RECOGNISERS: tuple[Callable[[SplitResult], Video | None], ...] = (youtube, vimeo, dailymotion, peertube)
HOST_NAMES = "YouTube, Vimeo, Dailymotion and every PeerTube server"
