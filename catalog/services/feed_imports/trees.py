"""Which rows does an XML feed or a file of JSON lines hold? What is nested gets a path: `shipping/price`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from lxml import etree

from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.layout import BrokenRow, FeedRow, Layout
from catalog.services.feed_imports.tables import text_lines

_ITEM_NAMES = ("item", "entry", "product", "offer", "prod", "produkt", "artikel", "article", "record", "row", "good")
_LOOKED_AT = 5000
_DEEPEST = 6
MOST_COLUMNS = 1000
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def item_element(file: BinaryIO, encoding: str) -> str:
    """The element that is one item: named like one, else the outermost that repeats. Raises `ImportError_`."""
    counted: Counter[tuple[int, str]] = Counter()
    depth, seen = 0, 0
    try:
        for event, element in etree.iterparse(
            file, events=("start", "end"), encoding=_declared(encoding), recover=False, **_SAFE
        ):
            if event == "start":
                depth += 1
                continue
            depth -= 1
            seen += 1
            if isinstance(element.tag, str) and any(isinstance(child.tag, str) for child in element):
                counted[depth, element.tag] += 1
            if seen >= _LOOKED_AT:
                break
    except etree.XMLSyntaxError as error:
        if not counted:
            raise ImportError_(f"The XML breaks before its first item: {_explained(error)}.") from error
    named = [key for key in counted if _local(key[1]) in _ITEM_NAMES]
    repeated = [key for key, times in counted.items() if times > 1 and key[0] > 0]
    outer = [key for key in counted if key[0] > 0]
    for found in (named, repeated, outer):
        if found:
            return min(found, key=lambda key: (key[0], -counted[key]))[1]
    raise ImportError_("The XML holds no items: no element with fields in it. Is this the product feed?")


def xml_rows(file: BinaryIO, layout: Layout) -> Iterator[FeedRow]:
    """The items in order, one in memory at a time. A file that breaks off raises `ImportError_` after its last item."""
    columns = layout.columns
    for values in xml_items(file, layout.item, layout.encoding):
        yield [values.get(name, "") for name in columns]


def xml_items(file: BinaryIO, item: str, encoding: str) -> Iterator[dict[str, str]]:
    try:
        for _, element in etree.iterparse(file, events=("end",), tag=item, encoding=_declared(encoding), **_SAFE):
            found: dict[str, str] = {}
            _flatten(element, "", found, 0)
            yield found
            element.clear()
            while (before := element.getprevious()) is not None:
                element.getparent().remove(before)
    except etree.XMLSyntaxError as error:
        raise ImportError_(
            f"The XML breaks off: {_explained(error)}. What came before was read; ask the merchant for a whole file."
        ) from error
    except LookupError as error:
        raise ImportError_(f"“{encoding}” is no known encoding. Leave it empty for XML.") from error


def json_rows(file: BinaryIO, layout: Layout) -> Iterator[FeedRow]:
    for values in json_items(file, layout.encoding):
        yield values if isinstance(values, BrokenRow) else [values.get(name, "") for name in layout.columns]


def json_items(file: BinaryIO, encoding: str) -> Iterator[dict[str, str] | BrokenRow]:
    """One object a line; a list written with one object a line is read too."""
    for line in text_lines(file, encoding or "utf-8"):
        text = line.strip().strip("\ufeff").rstrip(",")
        if text in {"", "[", "]"}:
            continue
        try:
            read = json.loads(text.lstrip("["), parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            yield BrokenRow("This line is no JSON object. Each line must hold one item.", text)
            continue
        if not isinstance(read, dict):
            yield BrokenRow("This line is no JSON object. Each line must hold one item.", text)
            continue
        found: dict[str, str] = {}
        _flatten_json(read, "", found, 0)
        yield found


def _flatten(element: etree._Element, prefix: str, found: dict[str, str], depth: int) -> None:
    for name, value in element.attrib.items():
        if value.strip():
            found.setdefault(f"{prefix}@{_local(str(name))}", str(value).strip())
    for child in element:
        if not isinstance(child.tag, str) or len(found) >= MOST_COLUMNS:
            continue
        name = f"{prefix}{_local(child.tag)}"
        if depth < _DEEPEST and any(isinstance(inner.tag, str) for inner in child):
            _flatten(child, f"{name}/", found, depth + 1)
            continue
        text = _text(child)
        if not text and name == "link" and child.get("rel", "alternate") == "alternate":
            text = (child.get("href") or "").strip()
        if text:
            found.setdefault(name, text)
        for attribute, value in child.attrib.items():
            found.setdefault(f"{name}@{_local(str(attribute))}", str(value).strip())


def _text(element: etree._Element) -> str:
    """An entity inside stays visible, so that no price is cut by it."""
    parts = [element.text or ""]
    for child in element:
        if not isinstance(child, etree._Comment):
            parts.append(" <…> ")
        parts.append(child.tail or "")
    return "".join(parts).strip()


def _flatten_json(values: Mapping[str, Any], prefix: str, found: dict[str, str], depth: int) -> None:
    for key, value in values.items():
        if len(found) >= MOST_COLUMNS:
            return
        name = f"{prefix}{key}"
        one = value[0] if isinstance(value, list) and value else value
        if isinstance(one, dict) and depth < _DEEPEST:
            _flatten_json(one, f"{name}/", found, depth + 1)
        elif isinstance(one, bool):
            found.setdefault(name, "yes" if one else "no")
        elif one is not None and not isinstance(one, (list, dict)):
            found.setdefault(name, str(one).replace("\0", "\ufffd").strip())


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]


def _declared(encoding: str) -> str | None:
    """XML names its own encoding; UTF-8 is what it means when it names none."""
    return None if encoding.replace("-", "").lower() in {"", "utf8"} else encoding


def _explained(error: etree.XMLSyntaxError) -> str:
    line, column = error.position
    what = (error.msg or "").split("\n")[0].split(", line")[0]
    return f"line {line}, column {column}: {what}"
