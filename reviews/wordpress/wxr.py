"""What stands in a WordPress export (WXR): authors, posts, pictures, comments, short links?

A pure module. WXR is RSS 2.0 with elements of the namespaces `wp`, `content`, `excerpt` and `dc`; versions 1.0 to 1.2
differ only in what is not read here. A file is read item by item, so that its size does not matter. Entities are not
expanded and nothing is fetched, whatever the file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import IO
from urllib.parse import urlsplit

from lxml import etree

# Text of one element beyond this is no article; lxml itself stops at ten million characters.
LONGEST_TEXT = 2_000_000
_WP = re.compile(r"\{http://wordpress\.org/export/1\.[0-9]+/\}(.+)")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_EXCERPT = re.compile(r"\{http://wordpress\.org/export/1\.[0-9]+/excerpt/\}encoded")
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_NEVER = "0000-00-00 00:00:00"


class WxrError(Exception):
    """The file cannot be read as a WordPress export. The message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpAuthor:
    login: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WpComment:
    """`state` is WordPress' own word: `1` approved, `0` waiting, `spam`, `trash`. Addresses of the net are not read."""

    comment_id: str
    parent_id: str
    name: str
    email: str
    website: str
    written_at: datetime | None
    text: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WpItem:
    """A post, page, attachment or anything else that a plug-in keeps as one; `meta` are its custom fields."""

    post_id: str
    kind: str
    status: str
    title: str
    slug: str
    link: str
    author: str
    html: str
    excerpt: str
    published_at: datetime | None
    attachment_url: str = ""
    categories: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    comments: tuple[WpComment, ...] = ()

    @property
    def path(self) -> str:
        """The path of its public address, or nothing when it had only a number (`?p=12`)."""
        try:
            parts = urlsplit(self.link)
        except ValueError:
            return ""
        return parts.path if parts.path.strip("/") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpSite:
    title: str
    address: str


def read(file: IO[bytes]) -> Iterator[WpSite | WpAuthor | WpItem]:
    """Authors and items in the file's order, at last the site itself. Raises `WxrError`, with the line where it can."""
    reader = _Reader()
    events = etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for event, element in events:
            if event == "start":
                _refuse_other_files(element)
            elif (found := reader.found(element)) is not None:
                yield found
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise WxrError(
            f"The file is broken at line {error.lineno or '?'}: {error.msg}. Export it again; if a plug-in put control "
            "characters into a post, remove them there first."
        ) from error
    if not reader.is_export:
        raise WxrError("The file has no wp:wxr_version: it is no WordPress export (Tools → Export → All content).")
    yield WpSite(title=reader.title, address=reader.address)


def _refuse_other_files(element: etree._Element) -> None:
    if element.getparent() is None and element.tag != "rss":
        raise WxrError(f"The file begins with <{element.tag}>, not with <rss>: it is no WordPress export.")


class _Reader:
    """Takes each element as it ends, and remembers what the channel says of the site."""

    def __init__(self) -> None:
        self.is_export = False
        self.title = self.address = ""

    def found(self, element: etree._Element) -> WpAuthor | WpItem | None:
        if not isinstance(element.tag, str):
            return None
        name = _wp_name(element.tag)
        if name == "author":
            login = _child(element, "author_login")
            return WpAuthor(login=login, name=_child(element, "author_display_name") or login)
        if element.tag == "item":
            if not self.is_export:
                raise WxrError(
                    "The file is a feed, not an export: it has no wp:wxr_version before its items. In WordPress: "
                    "Tools → Export → All content."
                )
            return _item(element)
        self._remember(element, name)
        return None

    def _remember(self, element: etree._Element, name: str) -> None:
        if name == "wxr_version":
            self.is_export = True
        elif element.tag == "title" and _is_in_channel(element):
            self.title = _text(element)
        elif name == "base_site_url" or (element.tag == "link" and _is_in_channel(element)):
            self.address = self.address or _text(element)


def _item(element: etree._Element) -> WpItem:
    texts: dict[str, str] = {}
    excerpt = ""
    for child in element:
        tag = str(child.tag)
        if _EXCERPT.fullmatch(tag):
            excerpt = _text(child)
        else:
            texts.setdefault(_wp_name(tag) or tag, _text(child))
    return WpItem(
        post_id=texts.get("post_id", ""),
        kind=texts.get("post_type", ""),
        status=texts.get("status", ""),
        title=unescape(texts.get("title", "")),
        slug=texts.get("post_name", ""),
        link=texts.get("link", ""),
        author=texts.get(_CREATOR, ""),
        html=texts.get(_CONTENT, ""),
        excerpt=excerpt,
        published_at=_moment(texts.get("post_date_gmt", "")) or _moment(texts.get("post_date", "")),
        attachment_url=texts.get("attachment_url", ""),
        categories=tuple(child.get("nicename", "") for child in element.iterfind("category")),
        meta=_meta(element),
        comments=tuple(_comments(element)),
    )


def _meta(element: etree._Element) -> dict[str, str]:
    """The first value of each custom field."""
    found: dict[str, str] = {}
    for row in _children(element, "postmeta"):
        found.setdefault(_child(row, "meta_key"), _child(row, "meta_value"))
    return found


def _comments(element: etree._Element) -> Iterator[WpComment]:
    for row in _children(element, "comment"):
        if _child(row, "comment_type") in ("pingback", "trackback"):
            continue
        yield WpComment(
            comment_id=_child(row, "comment_id"),
            parent_id=_child(row, "comment_parent").strip("0") and _child(row, "comment_parent"),
            name=_child(row, "comment_author"),
            email=_child(row, "comment_author_email"),
            website=_child(row, "comment_author_url"),
            written_at=_moment(_child(row, "comment_date_gmt")) or _moment(_child(row, "comment_date")),
            text=_child(row, "comment_content"),
            state=_child(row, "comment_approved"),
        )


def _wp_name(tag: str) -> str:
    found = _WP.fullmatch(tag)
    return found[1] if found and "/" not in found[1] else ""


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _wp_name(str(child.tag)) == name)


def _child(element: etree._Element, name: str) -> str:
    return next((_text(child) for child in _children(element, name)), "")


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()[:LONGEST_TEXT]


def _is_in_channel(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "channel"


def _forget(element: etree._Element) -> None:
    """Give back the memory of an item and of everything before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _moment(text: str) -> datetime | None:
    """WordPress writes UTC without saying so; drafts have a date of zeros."""
    if not text or text == _NEVER:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
