"""Which words of a text were put in and which were taken out?

A pure module. Lines are matched first and words within the lines that differ, so that a long text takes no longer than
its changes do. Formatted text is compared as its reader sees it, with the targets of links.
"""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, ADDED, REMOVED = "same", "added", "removed"
# Words of one changed passage that are matched one by one; a longer passage is replaced as a whole.
MOST_WORDS = 1500
_WORDS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_ENDS = re.compile(r"</(?:p|li|h[1-6]|blockquote|ul|ol|tr|table)>|<br\s*/?>")
_HEADING = re.compile(r"<h([1-6])[^>]*>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row of which the same is true; `kind` is "same", "added" or "removed"."""

    kind: str
    text: str


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one, in order: what was removed stands before what was added in its place."""
    pieces = _merged(_lines(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    return tuple(piece for piece in pieces if piece.text)


def reading_text(html: str) -> str:
    """Formatted text in lines: headings with their number signs, links with their targets, no other tags."""
    text = _LINK.sub(lambda link: f"{link[2]} ({link[1]})", html)
    text = _HEADING.sub(lambda heading: "#" * int(heading[1]) + " ", text).replace("<li>", "- ")
    lines = html_text.unescape(_TAG.sub("", _ENDS.sub("\n", text))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for kind, one, other in _steps(before, after):
        if kind == "replace":
            yield from _words("".join(one), "".join(other))
        else:
            yield from _plain(kind, one, other)


def _words(before: str, after: str) -> Iterator[Piece]:
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    if len(one) + len(other) > 2 * MOST_WORDS:
        yield from (Piece(REMOVED, before), Piece(ADDED, after))
        return
    for kind, gone, come in _steps(one, other):
        yield from _plain(kind, gone, come)


def _steps(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield kind, one[a:b], other[c:d]


def _plain(kind: str, one: Sequence[str], other: Sequence[str]) -> Iterator[Piece]:
    if kind == "equal":
        yield Piece(SAME, "".join(one))
    else:
        yield Piece(REMOVED, "".join(one))
        yield Piece(ADDED, "".join(other))


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Changes that touch are one change: all that was removed, then all that was added."""
    for is_same, run in groupby((piece for piece in pieces if piece.text), key=lambda piece: piece.kind == SAME):
        group = list(run)
        for kind in (SAME,) if is_same else (REMOVED, ADDED):
            yield Piece(kind, "".join(piece.text for piece in group if piece.kind == kind))
