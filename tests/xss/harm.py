"""Did an answer to a payload do harm? It failed, leads to strangers, or is made of more than innocent answers are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from tests.xss.wounds import wounds_of_answer

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def shapes(answer: Any) -> set[tuple[str, frozenset[str]]]:
    """Which elements with which attributes the page is made of."""
    if not answer.headers.get("Content-Type", "").startswith("text/html") or not answer.content.strip():
        return set()
    tree = lxml_html.document_fromstring(answer.content, parser=lxml_html.HTMLParser(encoding="utf-8"))
    return {(str(one.tag), frozenset(map(str, one.attrib))) for one in tree.iter(etree.Element)}


def harm(answer: Any, known: set[tuple[str, frozenset[str]]], *, leads_out: bool = False) -> Iterator[str]:
    """What is wrong with this answer to a payload; `known` are the elements that innocent answers are made of."""
    said = hash((answer.status_code, answer.content, *answer.headers.items()))
    if said not in _JUDGED:  # most payloads are left out by most views: to read the same page again takes minutes
        found = list(_harm(answer, known, leads_out))
        if found:
            yield from found
        else:
            _JUDGED.add(said)


_JUDGED: set[int] = set()


def _harm(answer: Any, known: set[tuple[str, frozenset[str]]], leads_out: bool) -> Iterator[str]:
    if answer.status_code >= 500:
        why = getattr(answer, "exc_info", None)
        yield f"answers {answer.status_code} {why[1]!r}" if why else f"answers {answer.status_code}"
        return
    for name, value in answer.headers.items():
        if "pwned" in name.lower() or "\r" in str(value) or "\n" in str(value):
            yield f"header {name}: {value[:80]}"
    if "pwned" in str(answer.cookies):
        yield "a cookie of theirs"
    where = urlsplit(answer.headers.get("Location", "").replace("\\", "/"))
    if where.netloc not in ("", "testserver") and not leads_out:
        yield f"leads to {where.netloc}"
    if not answer.headers.get("Content-Type", "").startswith("image/svg"):
        yield from wounds_of_answer(answer)
    yield from (f"a new element: {one}" for one in sorted(shapes(answer) - known, key=str))
    if answer.headers.get("Content-Type", "").startswith("text/csv"):
        yield from formulas(answer.content.decode("utf-8-sig"))
    if 400 <= answer.status_code < 500 and answer.status_code != 404 and not answer.content.strip():
        yield f"answers {answer.status_code} without a word"


def formulas(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text)):
        yield from (f"a formula: {one[:60]}" for one in row if one.startswith(FORMULA))
