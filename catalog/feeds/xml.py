"""Which items does an RSS or Atom feed hold?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from catalog.feeds.row import Row
from catalog.reading import SourceError

_ITEMS = ("{*}item", "{*}entry", "{*}product", "{*}Item", "{*}Product", "{*}ITEM", "{*}ENTRY", "{*}PRODUCT")
_GOOGLE = "base.google.com/ns/"
_CURRENCY_ATTRIBUTES = ("currency", "currencyCode", "currencyId", "currency_code")
_ATOM = "http://www.w3.org/2005/Atom"


def xml_rows(file: IO[bytes], *, encoding: str = "") -> Iterator[Row]:
    """Items in order, one in memory at a time. External entities, networks and huge trees are off.

    Raises `SourceError` where the XML breaks; what came before was handed out.
    """
    try:
        found = etree.iterparse(
            file,
            events=("end",),
            tag=_ITEMS,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            encoding=encoding or None,
        )
    except LookupError as error:
        raise SourceError(f"`{encoding}` in the setting `encoding` is no known encoding.", permanent=True) from error
    try:
        for _, item in found:
            yield _row(item)
            item.clear()
            while (before := item.getprevious()) is not None:
                item.getparent().remove(before)
    except etree.XMLSyntaxError as error:
        raise SourceError(_explained(error), permanent=False) from error


def _explained(error: etree.XMLSyntaxError) -> str:
    log: Any = error.error_log  # a sequence of entries; the type stubs know its name only
    logged = next((entry for entry in reversed(list(log)) if entry.line > 0), None)
    line, column = (logged.line, logged.column) if logged is not None else error.position
    what = (logged.message if logged is not None else error.msg or "").split("\n")[0].rstrip(".")
    place = f"at line {line}, column {column}" if line else "before its end"
    if "ncoding" in what or "UTF-8" in what:
        return (
            f"The feed is not in the encoding it declares ({place}: {what}). "
            "Ask the merchant, or name the true one in the setting `encoding`, for example windows-1252."
        )
    return f"The feed's XML breaks {place}: {what}. What came before was read."


def _row(item: etree._Element) -> Row:
    fields: dict[str, list[str]] = {}
    shipping: list[str] = []
    own, _ = _name(item)
    for child in item:
        if not isinstance(child.tag, str):
            continue  # a comment or processing instruction
        namespace, plain = _name(child)
        if not _is_ours(child.prefix, namespace, own):
            continue
        if plain == "shipping" and len(child):
            shipping += [_text(part) for part in child if _name(part)[1] == "price"]
        elif plain == "link" and child.get("href") and child.get("rel", "alternate") == "alternate":
            fields.setdefault(plain, []).append(child.get("href", ""))
        elif text := _text(child):
            fields.setdefault(plain, []).append(f"{text}{_currency_beside(child, text)}")
    return Row(fields=fields, shipping=shipping, where=f"line {item.sourceline}")


def _is_ours(prefix: str | None, namespace: str | None, own: str | None) -> bool:
    """Google's words, in its own namespace or in none. Other vocabularies have prices of their own kind."""
    return namespace in {None, own, _ATOM} or prefix == "g" or _GOOGLE in (namespace or "")


def _name(element: etree._Element) -> tuple[str | None, str]:
    """(namespace, name in lower case); the name alone where its prefix was never declared."""
    if not isinstance(element.tag, str):
        return None, ""  # a comment or processing instruction
    namespace, _, name = element.tag.rpartition("}")
    return namespace.removeprefix("{") or None, name.rpartition(":")[2].lower()


def _currency_beside(element: etree._Element, text: str) -> str:
    """The currency that an attribute names, unless the text ends in it: `<price currency="EUR">99.00</price>`."""
    named = next((value.strip() for name in _CURRENCY_ATTRIBUTES if (value := element.get(name))), "")
    return f" {named}" if named and not text.upper().endswith(named.upper()) else ""


def _text(element: etree._Element) -> str:
    """The element's own text. What is not text (an entity, a child) stays visible, so that no price is cut by it."""
    parts = [element.text or ""]
    for child in element:
        if not isinstance(child, etree._Comment):
            parts.append(" <…> ")
        parts.append(child.tail or "")
    return "".join(parts).strip()
