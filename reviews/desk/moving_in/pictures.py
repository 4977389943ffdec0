"""Where do the old site's pictures come from, and which of ours are they now?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError

from catalog.door import Door, DoorError
from reviews.models import Picture
from reviews.picture_files import PictureFileError, read_upload
from reviews.services.pictures import add_picture

MOST_BYTES = 25_000_000
Fetch = Callable[[str], bytes]


class NoPictureError(Exception):
    """The picture cannot be had. The message says why."""


def from_folder(folder: Path) -> Fetch:
    """Pictures of a copy of `wp-content/uploads`; nothing outside of it is ever read."""
    root = folder.resolve()

    def fetch(address: str) -> bytes:
        _, mark, rest = unquote(urlsplit(address).path).partition("/uploads/")
        file = (root / rest).resolve()
        if not mark or not file.is_relative_to(root) or not file.is_file():
            raise NoPictureError(f"{address} is not in the folder of uploads.")
        if file.stat().st_size > MOST_BYTES:
            raise NoPictureError(f"{address} is larger than {MOST_BYTES // 1_000_000} MB.")
        return file.read_bytes()

    return fetch


def over_the_net(door: Door) -> Fetch:
    """Pictures asked of the old site, by the one door to the network: no private address, limits of size and time."""

    def fetch(address: str) -> bytes:
        try:
            with door.get(address, max_bytes=MOST_BYTES) as reply:
                if reply.status != 200:
                    raise NoPictureError(f"{address} was answered with {reply.status}.")
                return reply.read()
        except DoorError as error:
            raise NoPictureError(f"{address}: {error}") from error

    return fetch


def nowhere(address: str) -> bytes:
    raise NoPictureError(f"{address} was not taken over: name a folder of uploads, or let pictures be fetched.")


class Pictures:
    """Each address is fetched once; what it gave is known for the rest of the import."""

    def __init__(self, fetch: Fetch, *, credit: str, is_trial: bool = False) -> None:
        self._fetch = fetch
        self._is_trial = is_trial
        self._credit = credit
        self._known: dict[str, int | str] = {}

    def take_over(self, address: str, *, alt: str, title: str) -> tuple[int, str]:
        """The id of our picture (0 in a trial), and a note; `alt` is the post's word. Raises `NoPictureError`."""
        if address not in self._known:
            self._known[address] = self._made(address, alt, title)
        found = self._known[address]
        if isinstance(found, str):
            raise NoPictureError(found)
        return found, "" if alt else f"The picture {address} has no description: write one before publishing."

    def _made(self, address: str, alt: str, title: str) -> int | str:
        try:
            upload = read_upload(self._fetch(address))
            if self._is_trial:
                return 0
            picture = add_picture(
                picture=Picture(
                    alt=(alt or f"A picture in “{title}”")[:250], credit=self._credit[:120], source_url=address[:200]
                ),
                upload=upload,
            )
        except (NoPictureError, PictureFileError) as error:
            return str(error)
        except ValidationError as error:
            return f"{address}: {' '.join(error.messages)}"
        return int(picture.pk)
