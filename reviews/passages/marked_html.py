"""How does a block's HTML get marks behind the words that readers remarked on?

A pure module. It reads the HTML that the block's template made, so that a block need not know of remarks; it never
changes what is there, it only puts marks in between.
"""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.passages.anchoring import Quote, place_of
from reviews.passages.marked_words import indexed

_PARTS = re.compile(r"<!--.*?-->|<[^>]*>|&[#\w]+;|[^<&]+|[<&]", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
# Text that nobody marks; and what may hold no link, so that a mark goes behind it.
_NOT_READ = frozenset({"svg", "script", "style", "button", "form", "select", "title", "meter"})
_NO_LINK_IN = frozenset({"a", "button", "label", "summary", "h1", "h2", "h3", "h4", "h5", "h6"})
# Tags that may stand within a word or a sentence; all others end a line.
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "em",
        "i",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
    }
)
_VOID = frozenset({"br", "hr", "img", "input", "source", "path", "rect", "wbr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A remark's place: the words as they stand now and their neighbours. `html` is what is put behind them."""

    exact: str
    prefix: str
    suffix: str
    html: str


def with_marks(html: str, marks: Sequence[Mark]) -> str:
    """The block with its marks, each behind its words; those whose words it does not show stand at its end."""
    if not marks:
        return html
    page = _read(html)
    text = indexed({"block": page.text})
    placed: dict[int, list[str]] = {}
    left: list[str] = []
    for mark in marks:
        quote = Quote(exact=mark.exact, prefix=mark.prefix, suffix=mark.suffix, block="block")
        place = place_of(quote, text)
        if place is None:
            left.append(mark.html)
        else:
            placed.setdefault(page.after(place.end), []).append(mark.html)
    for at in sorted(placed, reverse=True):
        html = html[:at] + "".join(placed[at]) + html[at:]
    return html + (f'<p class="remark-marks">{"".join(left)}</p>' if left else "")


@dataclass(frozen=True, slots=True)
class _Read:
    """`ends`: where in the HTML each character of the text ends; `closed`: (from, to) where no mark may stand."""

    text: str
    ends: Sequence[int]
    closed: Sequence[tuple[int, int]]

    def after(self, end: int) -> int:
        at = self.ends[end - 1]
        return next((last for first, last in self.closed if first <= at < last), at)


def _read(html: str) -> _Read:
    letters: list[str] = []
    ends: list[int] = []
    closed: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []

    def say(said: str, at: Iterable[int]) -> None:
        letters.extend(said)
        ends.extend(at)

    for part in _PARTS.finditer(html):
        found, start, end = part[0], part.start(), part.end()
        tag = _TAG.match(found) if found.startswith("<") and len(found) > 1 else None
        if tag is not None:
            _step(tag[2].lower(), bool(tag[1]), found.endswith("/>"), start, end, opened, closed)
            if tag[2].lower() not in _INLINE:
                say("\n", [start])
        elif found.startswith("<!--") or any(name in _NOT_READ for name, _ in opened):
            continue
        elif found.startswith("&") and len(found) > 1:
            said = html_text.unescape(found)
            say(said, [end] * len(said))
        else:
            say(found, range(start + 1, end + 1))
    return _Read("".join(letters), ends, closed)


def _step(
    name: str,
    is_end: bool,
    is_empty: bool,
    start: int,
    end: int,
    opened: list[tuple[str, int]],
    closed: list[tuple[int, int]],
) -> None:
    if is_empty or name in _VOID:
        return
    if not is_end:
        opened.append((name, start))
        return
    while opened:
        last, began = opened.pop()
        if last == name:
            # The outermost one that is open decides: a link in a heading ends with the heading.
            if name in _NO_LINK_IN and not any(one in _NO_LINK_IN for one, _ in opened):
                closed.append((began, end))
            return
