"""What structured data does a page carry? Its three vocabularies, brought into one shape."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from html import unescape
from typing import Any

from lxml import etree, html

from catalog.sources.page_markup.rdfa import rdfa_items

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_COMMENT_MARKS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)", re.IGNORECASE)
_COMMENT_ENDS = re.compile(r"(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/|;)\s*$")
_FORMER = r"(?:old|was|original|former|before|previous|compare(?:-?at)?)"
# Class names by which shops mark the price of before. "regular" is not among them: for many it is the price itself.
_STRIKING = re.compile(
    rf"(?<![a-z])(?:strike|striked|strikethrough|struck|crossed|line-?through|msrp|rrp|uvp)(?![a-z])"
    rf"|(?<![a-z])(?:{_FORMER}|list)[\s_-]*price|price[\s_-]*{_FORMER}(?![a-z])",
    re.IGNORECASE,
)
# An unclosed string or comment runs to the end: each sign is looked at once, however hostile the page.
_STRING = r'"(?:\\.|[^"\\])*(?:"|\Z)'
_COMMENTS = re.compile(rf"{_STRING}|(?P<slip>/\*.*?(?:\*/|\Z)|<!--.*?(?:-->|\Z)|//[^\n]*)|.", re.DOTALL)
_TRAILING_COMMAS = re.compile(rf"{_STRING}|(?P<slip>,(?=\s*[}}\]]))|.", re.DOTALL)

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    tree: html.HtmlElement
    url: str

    @cached_property
    def json_ld(self) -> list[Any]:
        """The content of every JSON-LD block that can be read, in order."""
        found = []
        for script in self.tree.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]"):
            value = lenient_json("".join(script.itertext()))
            if value is not None:
                found.append(value)
        return found

    @cached_property
    def microdata(self) -> list[Node]:
        """Top-level items in the shape of JSON-LD nodes."""
        if not self.tree.xpath("//*[@itemscope]"):
            return []
        # Imported when first needed: it brings half a second and 30 MB, and most pages have no microdata.
        from extruct.w3cmicrodata import MicrodataExtractor

        try:
            items = MicrodataExtractor().extract_items(self.tree, self.url)
            return [_as_node(item) for item in items if isinstance(item, dict)]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return []  # markup so broken that the library gives up: as good as none

    @cached_property
    def rdfa(self) -> list[Node]:
        """Top-level items in the shape of JSON-LD nodes."""
        return list(rdfa_items(self.tree))

    @cached_property
    def meta(self) -> Mapping[str, Sequence[str]]:
        """`property`/`name` → contents, as Open Graph writes them."""
        found: dict[str, list[str]] = {}
        for tag in self.tree.iter("meta"):
            name = (tag.get("property") or tag.get("name") or "").strip().lower()
            content = (tag.get("content") or "").strip()
            if name and content and content not in found.setdefault(name, []):
                found[name].append(content)
        return found

    @cached_property
    def headlines(self) -> list[str]:
        """What the page says it is about: og:title, the h1, the title."""
        titles = [" ".join(" ".join(tag.itertext()).split()) for tag in self.tree.iter("title")]
        return [*self.subjects, *filter(None, titles)]

    @cached_property
    def own_headlines(self) -> list[str]:
        """The title and the first h1, which a shop's template writes even where its tags still speak of a product."""
        texts = [" ".join(tag.itertext()) for name in ("title", "h1") for tag in list(self.tree.iter(name))[:1]]
        return [" ".join(text.split()) for text in texts if text.strip()]

    @cached_property
    def subjects(self) -> list[str]:
        """The lines that name what the page is about and nothing else: og:title, h1. A title may be the shop's own."""
        texts = [*self.meta.get("og:title", ()), *(" ".join(tag.itertext()) for tag in self.tree.iter("h1"))]
        return [" ".join(text.split()) for text in texts if text.strip()]

    @cached_property
    def words(self) -> str:
        """The text a visitor may see, in one line."""
        parts = self.tree.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::template)]")
        return " ".join(" ".join(parts).split())

    @cached_property
    def struck_texts(self) -> list[str]:
        """Short texts that are struck out or marked as a former price."""
        found = []
        for tag in self.tree.iter():
            if not isinstance(tag.tag, str):
                continue
            style = tag.get("style") or ""
            if tag.tag in {"del", "s", "strike"} or "line-through" in style or _STRIKING.search(tag.get("class") or ""):
                text = " ".join("".join(tag.itertext()).split())
                if 0 < len(text) <= 40 and any(sign.isdigit() for sign in text):
                    found.append(text)
        return found


def read_document(body: bytes, content_type: str, *, url: str) -> Document | None:
    """The parsed page; None when there is nothing in it. The HTTP header's charset goes before the page's own."""
    text = decoded(body, content_type)
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        return Document(html.document_fromstring(text.encode("utf-8", "replace"), parser=parser), url)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def decoded(body: bytes, content_type: str) -> str:
    for encoding in (_header_charset(content_type), _own_charset(body), "utf-8"):
        try:
            if encoding:
                return body.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("windows-1252", errors="replace")


def _header_charset(content_type: str) -> str:
    found = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", content_type, re.IGNORECASE)
    return found[1] if found else ""


def _own_charset(body: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return name
    found = _META_CHARSET.search(body[:65536])
    return found[1].decode("ascii") if found else ""


def lenient_json(text: str) -> Any:
    """The block's value with numbers as `Decimal`, or None. Comments, trailing commas and CDATA are forgiven."""
    text = text.strip()
    # Some templates escape the quotes inside the block, which no browser undoes there.
    quoted = [unescape(text)] if "&quot;" in text and '"' not in text else []
    for candidate in (text, *quoted, _without_slips(text)):
        try:
            return json.loads(candidate, strict=False, parse_float=Decimal, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            continue
    return None


def _without_slips(text: str) -> str:
    text = _COMMENT_ENDS.sub("", _COMMENT_MARKS.sub("", text).strip()).strip()
    for slips in (_COMMENTS, _TRAILING_COMMAS):
        text = "".join(found[0] for found in slips.finditer(text) if found["slip"] is None)
    return text


def _as_node(item: Mapping[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {name: _as_value(value) for name, value in (item.get("properties") or {}).items()}
    node["@type"] = item.get("type") or []
    if "id" in item:
        node["@id"] = item["id"]
    return node


def _as_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_value(one) for one in value]
    if isinstance(value, dict) and ("properties" in value or "type" in value):
        return _as_node(value)
    return value
