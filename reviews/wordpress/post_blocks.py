"""Which blocks is a post's HTML, written in WordPress, made of?

A pure module. Text stays text in its order; a picture, a video and a table become blocks of their own. What no block
can carry is named, so that nothing goes silently. Own links are said by the old path that they name: whoever imports
knows what became of it.
"""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

from reviews import rich_text
from reviews.video_hosts import video_at

_BLOCK_MARK = re.compile(r"<!--.*?-->", re.DOTALL)
_CAPTION = re.compile(r"\[caption[^\]]*\](.*?)\[/caption\]", re.DOTALL | re.IGNORECASE)
_EMBED = re.compile(r"\[embed[^\]]*\](.*?)\[/embed\]", re.DOTALL | re.IGNORECASE)
_SHORTCODE = re.compile(r"\[/?([a-z][a-z0-9_-]{2,40})(?:\s[^\]]*)?\]", re.IGNORECASE)
_ALONE_ADDRESS = re.compile(r"https?://\S+")
# WordPress keeps the size in the name of a smaller rendition.
_SIZE = re.compile(r"-\d{2,5}x\d{2,5}(?=\.[A-Za-z0-9]{3,4}$)")
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_BARE = ("script", "style", "noscript", "object", "embed", "form", "input", "button", "svg", "audio")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_STARTS_A_BLOCK = re.compile(
    r"\s*</?(p|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|blockquote|figure|div|section|pre|hr|iframe|img)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostBlock:
    """A block as it will be made. A picture is named by its address (`picture_url`) and its words (`alt`)."""

    kind: str
    data: dict[str, Any]
    picture_url: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PostBlocks:
    """`lost` says in a sentence each what no block could carry."""

    blocks: list[PostBlock] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def blocks_of(post_html: str, *, link: Callable[[str], str]) -> PostBlocks:
    """`link` is asked for each address in the text: what to write instead; empty takes the link off its words."""
    made = PostBlocks()
    text = _BLOCK_MARK.sub("", post_html)
    text = _CAPTION.sub(lambda found: f"<figure>{found[1]}</figure>", text)
    text = _EMBED.sub(lambda found: f"\n\n{found[1].strip()}\n\n", text)
    for name in sorted({found[1].lower() for found in _SHORTCODE.finditer(text)}):
        made.lost.append(f"The shortcode [{name}] does nothing here; its words stay, it goes.")
    root = _parsed(_with_paragraphs(_SHORTCODE.sub("", text)))
    writer = _Writer(made, link)
    for node in _top_level(root):
        writer.add(node)
    writer.end_text()
    return made


def full_size(address: str) -> str:
    """The address of the picture as it was uploaded, of any of its sizes."""
    return _SIZE.sub("", address)


def _with_paragraphs(text: str) -> str:
    """The classic editor stores paragraphs as blank lines; WordPress makes tags of them when it shows the post."""
    pieces = []
    for piece in _PARAGRAPHS.split(text):
        piece = piece.strip()
        if not piece:
            continue
        pieces.append(piece if _STARTS_A_BLOCK.match(piece) else f"<p>{piece.replace(chr(10), '<br>')}</p>")
    return "\n".join(pieces)


def _parsed(text: str) -> html.HtmlElement:
    try:
        return html.fragment_fromstring(text or "<p></p>", create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return html.fragment_fromstring(f"<p>{html_text.escape(text)}</p>", create_parent="div")


def _top_level(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The pieces of the text, out of the boxes that themes and page builders put around them."""
    for node in list(root):
        if not isinstance(node.tag, str):
            continue
        if node.tag in ("div", "section", "article", "main", "span", "center"):
            if (node.text or "").strip():
                lead = html.fragment_fromstring(html_text.escape(node.text or ""), create_parent="p")
                yield lead
            yield from _top_level(node)
        else:
            yield node


class _Writer:
    """Collects text until something comes that is a block of its own."""

    def __init__(self, made: PostBlocks, link: Callable[[str], str]) -> None:
        self._made = made
        self._link = link
        self._text: list[str] = []

    def add(self, node: html.HtmlElement) -> None:
        address = (node.text_content() or "").strip() if node.tag == "p" and not len(node) else ""
        if node.tag == "table" or (node.tag == "figure" and node.find(".//table") is not None):
            self._add_table(node)
        elif node.tag == "iframe" or (node.tag in ("figure", "p") and node.find(".//iframe") is not None):
            self._add_video(node)
        elif _ALONE_ADDRESS.fullmatch(address) and video_at(address):
            self._own_block(PostBlock(kind="video", data={"address": address, "title": "Video"}))
        elif node.tag in _BARE:
            self._made.lost.append(f"A <{node.tag}> was left out: no block of an article can carry one.")
        elif node.tag == "img" or node.find(".//img") is not None:
            self._add_pictures(node)
        elif node.tag != "hr":
            self._text.append(self._prose(node))

    def end_text(self) -> None:
        stored = rich_text.sanitised("".join(self._text))
        self._text = []
        if re.sub(r"<[^>]+>|&nbsp;|\s", "", stored):
            self._made.blocks.append(PostBlock(kind="prose", data={"html": stored}))

    def _own_block(self, block: PostBlock) -> None:
        self.end_text()
        self._made.blocks.append(block)

    def _add_pictures(self, node: html.HtmlElement) -> None:
        """The pictures behind the words among which they stood; a caption belongs to the last of them."""
        caption = next((" ".join(item.text_content().split()) for item in node.iter("figcaption")), "")
        images = [node] if node.tag == "img" else list(node.iter("img"))
        if node.tag != "img":
            rest = _without(node, "img", "figcaption")
            if caption_less := " ".join(rest.text_content().split()):
                if node.tag == "figure":
                    caption = caption or caption_less
                else:
                    self._text.append(self._prose(rest))
        for image in images:
            address = image.get("src") or image.get("data-src") or ""
            block = PostBlock(
                kind="picture",
                data={"caption": caption[:300] if image is images[-1] else "", "width": "text"},
                picture_url=full_size(address),
                alt=" ".join((image.get("alt") or "").split()),
            )
            self._own_block(block)

    def _add_video(self, node: html.HtmlElement) -> None:
        frame = node if node.tag == "iframe" else node.find(".//iframe")
        assert frame is not None
        address = frame.get("src") or frame.get("data-src") or ""
        address = f"https:{address}" if address.startswith("//") else address
        if video_at(address) is None:
            self._made.lost.append(
                f"The frame of {urlsplit(address).hostname or 'nowhere'} was left out: it is no video we can show."
            )
            return
        title = " ".join((frame.get("title") or "").split())[:120] or "Video"
        self._own_block(PostBlock(kind="video", data={"address": address, "title": title}))

    def _add_table(self, node: html.HtmlElement) -> None:
        table = node if node.tag == "table" else node.find(".//table")
        assert table is not None
        rows = [
            [" ".join(cell.text_content().split()) for cell in row if cell.tag in ("td", "th")]
            for row in table.iter("tr")
        ]
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        width = max(map(len, rows))
        caption = next((" ".join(item.text_content().split()) for item in node.iter("caption", "figcaption")), "")
        data = {
            "caption": caption[:240] or "Table",
            "cells": [row + [""] * (width - len(row)) for row in rows],
            "has_header_row": table.find(".//th") is not None,
        }
        self._own_block(PostBlock(kind="table", data=data))

    def _prose(self, node: html.HtmlElement) -> str:
        for item in node.iter():
            if not isinstance(item.tag, str):
                continue
            if item.tag in _HEADINGS:
                item.tag = _HEADINGS[item.tag]
            if item.tag == "a" and (address := item.get("href")):
                instead = self._link(address)
                if instead:
                    item.set("href", instead)
                else:
                    item.attrib.pop("href", None)
        node.tail = None
        return str(etree.tostring(node, encoding="unicode", method="html"))


def _without(node: html.HtmlElement, *tags: str) -> html.HtmlElement:
    """A copy without these elements; the words behind them stay."""
    copy: html.HtmlElement = html.fromstring(etree.tostring(node, encoding="unicode", method="html"))
    for item in list(copy.iter(*tags)):
        item.drop_tree()
    return copy
