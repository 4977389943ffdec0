"""Which short links did the site have, and where did they lead?

A pure module. ThirstyAffiliates keeps a link as a post of its own (`thirstylink`, its address in
`_ta_destination_url`), so the export has it. Pretty Links keeps them in a table that no export carries; its own
CSV file, or one of the table `wp_prli_links`, has them: columns `slug` and `url`, and others that are read when there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import IO
from urllib.parse import urlsplit

from reviews.wordpress.wxr import WpItem

_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_STATUSES = {"301": 301, "302": 302, "307": 307}


class ShortLinksError(Exception):
    """The file of links cannot be used as a whole. The message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLink:
    """`code` is what stands behind `/go/` here; `former_path` is where it was on the old site."""

    code: str
    former_path: str
    url: str
    name: str
    status: int = 302


@dataclass(frozen=True, slots=True)
class BadLink:
    """A link that cannot be taken over, and why."""

    name: str
    reason: str


def thirsty_links(items: Iterable[WpItem]) -> Iterator[ShortLink | BadLink]:
    for item in items:
        if item.kind != "thirstylink":
            continue
        # Older versions stored the address as HTML text, some twice over.
        url = unescape(unescape(item.meta.get("_ta_destination_url", "")))
        path = item.path or f"/recommends/{item.slug}/"
        yield _link(item.slug, path, url, item.title, item.meta.get("_ta_redirect_type", ""))


def pretty_links(file: IO[str]) -> Iterator[ShortLink | BadLink]:
    """Raises `ShortLinksError`."""
    rows = csv.DictReader(file)
    try:
        names = {str(name).strip().lower(): name for name in rows.fieldnames or ()}
        if not {"slug", "url"} <= names.keys():
            raise ShortLinksError(
                f"The file of links needs the columns `slug` and `url`; it has {', '.join(names) or 'none'}. "
                "In Pretty Links: Tools → Export."
            )
        for row in rows:
            told = {name: str(row.get(column) or "").strip() for name, column in names.items()}
            slug = told["slug"].strip("/")
            yield _link(slug, f"/{slug}/", unescape(told["url"]), told.get("name", ""), told.get("redirect_type", ""))
    except csv.Error as error:
        raise ShortLinksError(f"The file of links is no CSV behind line {rows.line_num}: {error}.") from error


def _link(slug: str, former_path: str, url: str, name: str, status: str) -> ShortLink | BadLink:
    code = slug.strip("/").rpartition("/")[2]
    label = name or slug or "(no name)"
    if not _CODE.fullmatch(code):
        return BadLink(label, f"“{slug}” is no code: letters, digits, - and _, at most 40.")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    if parts is None or parts.scheme not in ("http", "https") or not host or parts.username:
        return BadLink(label, f"“{url[:80]}” is no web address.")
    return ShortLink(
        code=code, former_path=former_path, url=url, name=name or code, status=_STATUSES.get(status[:3], 302)
    )
