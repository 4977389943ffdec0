"""What a test reads out of a page's HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from catalog.placements import place_of


class Reader(HTMLParser):
    """Collects elements with their attributes, and the JSON-LD."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.json_ld: list[str] = []
        self.in_labels: list[dict[str, str]] = []
        self._labels = 0
        self._in_json_ld = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        self._labels += tag == "label"
        if self._labels:
            self.in_labels.append(found)
        self._in_json_ld = tag == "script" and found.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"
        if tag == "script":
            self._in_json_ld = False

    def handle_data(self, data: str) -> None:
        if self._in_json_ld:
            self.json_ld.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def nodes(self) -> list[dict[str, Any]]:
        """The page's Schema.org nodes."""
        found: list[dict[str, Any]] = json.loads("".join(self.json_ld))["@graph"]
        return found

    def node(self, kind: str) -> dict[str, Any]:
        return next(node for node in self.nodes() if node["@type"] == kind)

    def loaded(self) -> list[str]:
        """Every address the browser fetches by itself."""
        named = [("script", "src"), ("img", "src"), ("iframe", "src"), ("use", "href"), ("source", "srcset")]
        found = [attrs[key] for tag, key in named for attrs in self.all(tag) if attrs.get(key)]
        rels = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "modulepreload", "manifest"}
        return found + [attrs["href"] for attrs in self.all("link") if attrs.get("rel") in rels]


def is_own(address: str) -> bool:
    return not urlsplit(address).netloc


@dataclass(frozen=True, slots=True)
class PaidLink:
    """A link that earns: its attributes, what a reader sees of it, and the address of ours that counts its clicks."""

    attributes: dict[str, str]
    text: str

    @property
    def ours(self) -> str:
        return self.attributes.get("ping") or self.attributes["href"]

    @property
    def place(self) -> str:
        """Where it stands; empty when it does not say so in words that we signed."""
        return place_of(parse_qs(urlsplit(self.ours).query).get("p", [""])[0])


class _PaidLinks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[PaidLink] = []
        self._open: dict[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        leaves = urlsplit(found.get("href", "")).netloc and "sponsored" in found.get("rel", "")
        if tag == "a" and (found.get("href", "").startswith("/go/") or "ping" in found or leaves):
            self._open, self._text = found, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            self.found.append(PaidLink(self._open, self._text))
            self._open = None


def paid_links(html: str) -> list[PaidLink]:
    """Every link of the page that leads to a shop, over `/go/` or straight."""
    parser = _PaidLinks()
    parser.feed(html)
    return parser.found


def walk(client: Client, doors: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Address and HTML of every page that links of ours lead to from here; of the questions only the doors named.

    As crawlers do, it leaves links alone that say so: a comparison leads to every other order of its products.
    """
    ahead = list(doors)
    seen = set(ahead)
    while ahead:
        address = ahead.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not answer["Content-Type"].startswith("text/html"):
            continue
        html = answer.content.decode()
        yield address, html
        for link in Reader(html).all("a"):
            target = link["href"].partition("#")[0]
            is_new = target.startswith("/") and target not in seen and "nofollow" not in link.get("rel", "")
            if is_new and not target.startswith(("/go/", "/api/", "/admin/", "/choose/")):
                seen.add(target)
                ahead.append(target)
