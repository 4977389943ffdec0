"""How wide is a title or a description in a list of search results, and where would it be cut?

A pure module. Widths are advance widths of Arial, in 2048ths of the font's size (the metrics that Liberation Sans
shares with it); a browser's kerning may make a line a pixel or two narrower. `static/admin_editor/snippet.js` counts
with the same table while an editor types.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

EM = 2048
# Characters by their width; what is not here counts as a digit does, East Asian wide signs and emoji as a whole em.
_BY_WIDTH = {
    391: "'",
    455: "ijlįĵĺļłſ‘’",
    532: "|¦",
    569: " !,./:;I[\\]ft\u00a0·ÌÍÎÏìíîïĨĩĪīĬĭĮİıţŧ",
    597: "ľ",
    682: "()-`r¡¨\u00ad²³´¸¹ŕŗř“”„",
    684: "{}ŀ",
    717: "•",
    727: '"',
    748: "º",
    758: "ª",
    768: "ť",
    797: "*",
    819: "°",
    909: "ĳ",
    961: "^",
    1024: "JcksvxyzçýÿćĉċčĴķĸśŝşšŷźżž",
    1100: "¶",
    1124: "±÷",
    1131: "¯",
    1139: "#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöùúûüþāăąđēĕėęěĝğġģĥħĹĻĽĿŁńņňŋōŏőũūŭůűų–€",
    1180: "µ",
    1196: "+<=>~¬×−",
    1237: "ŉ",
    1251: "FTZ¿ßøŢŤŦŹŻŽ",
    1259: "ď",
    1366: "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞĀĂĄĒĔĖĘĚĶŚŜŞŠŶŸ",
    1479: "CDHNRUwÇÐÑÙÚÛÜĆĈĊČĎĐĤĦŃŅŇŔŖŘŨŪŬŮŰŲŵ",
    1481: "Ŋ",
    1505: "Ĳ",
    1509: "©®",
    1593: "GOQÒÓÔÕÖØĜĞĠĢŌŎŐ",
    1706: "Mm",
    1708: "¼½¾",
    1821: "%æ",
    1933: "WœŴ",
    2048: "ÆŒ—…™→",
    2079: "@",
}
WIDTHS = {sign: width for width, signs in _BY_WIDTH.items() for sign in signs}
OTHER = 1139
_ELLIPSIS = " ..."


@dataclass(frozen=True, slots=True)
class Line:
    """Where a text is shown: the font's size and the room for it, both in CSS pixels.

    Search engines publish neither; these are what their result pages measured in 2026, and they change.
    """

    size: int
    room: int


TITLE = Line(size=20, room=580)
DESCRIPTION = Line(size=14, room=920)


@dataclass(frozen=True, slots=True)
class Measured:
    """`pixels` is the whole text's width; `shown` is what is left of it when it is cut."""

    text: str
    pixels: int
    room: int
    shown: str

    @property
    def is_cut(self) -> bool:
        return self.pixels > self.room


def pixels(text: str, size: int) -> int:
    """The width of the text on one line, in CSS pixels, rounded up."""
    return -(-sum(map(_advance, text)) * size // EM)


def measured(text: str, line: Line) -> Measured:
    """The text in its line; one that is too wide ends after the last whole word that leaves room for dots."""
    words = " ".join(text.split())
    wide = pixels(words, line.size)
    return Measured(words, wide, line.room, words if wide <= line.room else _cut(words, line))


def _cut(words: str, line: Line) -> str:
    end = len(words)
    while end > 0 and pixels(words[:end].rstrip() + _ELLIPSIS, line.size) > line.room:
        space = words.rfind(" ", 0, end)
        end = space if space > 0 else end - 1
    return words[:end].rstrip() + _ELLIPSIS


def _advance(sign: str) -> int:
    known = WIDTHS.get(sign)
    if known is not None:
        return known
    if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf":
        return 0
    return EM if unicodedata.east_asian_width(sign) in "WF" else OTHER
