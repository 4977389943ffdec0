"""Did anything in this document become code that is none of ours? Asked of the parsed tree, never of the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

_ADDRESSES = frozenset(
    {
        "href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "cite", "ping", "manifest",
        "codebase", "longdesc", "srcset",
    }
)  # fmt: skip
_SCRIPTS = ("javascript:", "vbscript:", "livescript:", "data:")
_FOREIGN = frozenset(
    {
        "object", "embed", "applet", "base", "frame", "frameset", "marquee", "xss", "math", "foreignobject", "animate",
        "set", "style", "mglyph", "maction", "mtext", "bgsound", "layer", "audio", "video", "i", "noembed",
    }
)  # fmt: skip
_DATA_SCRIPTS = ("application/ld+json", "application/json")
# What fetches by itself: an address of somebody else's in here is a request to them.
_LOADING = frozenset({("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src")})


def wounds(page: str) -> list[str]:
    """Every element, attribute and script address of the page that must not be there, in words."""
    if not page.strip():
        return []
    tree = lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    found: list[str] = []
    for element in tree.iter(etree.Element):
        found += _of_element(element)
    return found


def _of_element(element: Any) -> Iterator[str]:
    tag = str(element.tag).lower()
    found = [*_of_tag(tag, element)]
    for name, value in element.attrib.items():
        found += _of_attribute(tag, str(name).lower(), str(value))
    if found:  # written out only then: to write every element of a page with all that is in it takes minutes
        shown = etree.tostring(element, encoding="unicode", with_tail=False)[:200]
        yield from (f"{one}: {shown}" for one in found)


def _of_tag(tag: str, element: Any) -> Iterator[str]:
    text = element.text or ""
    if tag in _FOREIGN and not (tag == "style" and element.get("nonce") and not text.strip()):
        yield f"<{tag}>"
    if (
        tag == "meta"
        and (element.get("http-equiv") or "").lower() == "refresh"
        and "pwned" in element.get("content", "")
    ):
        yield "refresh"
    if tag == "script":
        yield from _of_script(element, text)


def _of_attribute(tag: str, name: str, value: str) -> Iterator[str]:
    bare = re.sub(r"[\x00-\x20\u00a0\u2028\u2029\ufeff]", "", value).lower()
    if name.startswith("on") or (name in ("srcdoc", "style") and "pwned" in value):
        yield f"handler {name}"
    if "pwned" in name or (name == "id" and value.startswith("pwned")):
        yield f"attribute {name}"
    if name in _ADDRESSES and bare.startswith(_SCRIPTS) and not bare.startswith("data:image/"):
        yield f"address {name}"
    if ((tag, name) in _LOADING or tag == "form") and "evil.example" in urlsplit(bare).netloc:
        yield f"fetches {name}"


def _of_script(element: Any, text: str) -> Iterator[str]:
    if element.get("type", "") in _DATA_SCRIPTS:
        try:
            json.loads(text)
        except ValueError:
            yield "broken JSON"
    elif "pwned" in text or (not element.get("src") and not element.get("nonce")):
        yield "script"


def wounds_of_xml(document: bytes) -> list[str]:
    """The same of a feed or a sitemap: its own elements, and the HTML that they carry for readers."""
    tree = etree.fromstring(document, parser=etree.XMLParser(resolve_entities=False, no_network=True))
    found: list[str] = []
    for element in tree.iter(etree.Element):
        if "1999/xhtml" in str(element.tag) or "2000/svg" in str(element.tag):
            found.append(f"<{element.tag}>")
        is_html = element.get("type") == "html" or etree.QName(element).localname in ("description", "encoded")
        found += wounds(f"<div>{element.text or ''}</div>") if is_html else []
        found += [one for name, value in element.attrib.items() for one in _of_attribute("x", str(name), str(value))]
    return found


def wounds_of_markdown(text: str) -> list[str]:
    """A link of a Markdown page that leads to a script, and HTML that would stay HTML."""
    # What stands behind a backslash or in code is text.
    plain = re.sub(r"\\.|`[^`\n]*`", "", text)
    found = re.findall(r"\]\(\s*<?\s*(?:javascript|vbscript|data):[^)]*\)", plain, re.IGNORECASE)
    return found + re.findall(
        r"<(?:script|img|svg|iframe|a|b|math|style|form|body|details)[\s/>][^\n]{0,60}", plain, re.IGNORECASE
    )


def wounds_of_letter(letter: Any) -> list[str]:
    """Of the letter's HTML, and lines that its words added to its head."""
    message = letter.message()
    found = [f"{name}: {value}" for name, value in message.items() if "\n" in str(value).replace("\n ", "")]
    for part in message.walk():
        if part.get_content_type() == "text/html":
            found += wounds(part.get_payload(decode=True).decode())
    return found


def wounds_of_answer(answer: Any) -> list[str]:
    """Whatever kind of answer it is. What is no page must say so to the browser, or it might be shown as one."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        return wounds(answer.content.decode())
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code in (301, 302, 303, 307, 308, 304):
        return [one for one in [answer.headers.get("Location", "")] if one.lower().strip().startswith(_SCRIPTS)]
    found = [] if answer.headers.get("X-Content-Type-Options") == "nosniff" else [f"{kind} may be taken for a page"]
    if kind.endswith("xml"):
        found += wounds_of_xml(body)
    elif kind == "text/markdown":
        found += wounds_of_markdown(body.decode())
    elif kind == "application/json":
        json.loads(body)
    return found
