"""What may a reader's words look like on a page? Markdown-light in, sanitised HTML out.

Bold, italic, `code`, blocks of code between ``` lines, quotes behind >, links and paragraphs; no headings, no pictures.
Each pattern looks at most a few hundred characters ahead, so that ten thousand stars take no longer than ten thousand
letters.
"""

from __future__ import annotations

import hashlib
import html as html_text
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import nh3

LONGEST_TEXT = 10_000
LONGEST_NAME = 60

_TAGS = frozenset({"p", "br", "strong", "em", "code", "pre", "blockquote", "a"})
# https://developers.google.com/search/docs/crawling-indexing/qualify-outbound-links
LINK_REL = "ugc nofollow noopener"

_INLINE = re.compile(
    r"`(?P<code>[^`\n]{1,400})`"
    r"|\[(?P<words>[^\[\]\n]{1,200})\]\((?P<target>https?://[^\s()<>\"]{1,500})\)"
    r"|\*\*(?P<bold>[^\s*][^*\n]{0,400})\*\*"
    r"|\*(?P<star>[^\s*][^*\n]{0,400})\*"
    r"|(?<![\w_])_(?P<line>[^\s_][^_\n]{0,400})_(?![\w_])"
    r"|(?P<url>https?://[^\s<>\"]{3,500})"
)
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_AFTER_AN_ADDRESS = ".,;:!?'*_)]}"
# They turn what stands behind them around: in a name to pass for another, in a text to hide where a link leads.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_WORDS = re.compile(r"\w+")
# Letters and signs by their class that leave the paper white: fillers of Hangul, the empty pattern of braille.
_WHITE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LINE_ENDS = re.compile(r"<br>|</p>|</pre>|</blockquote>")


def clean_text(typed: str) -> str:
    """The text as it is stored: one form of Unicode, `\\n` at line ends, nothing that cannot be seen or stored."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "ignore").decode()
    return _TURNS.sub("", _CONTROLS.sub("", unicodedata.normalize("NFC", lines))).strip()


def clean_name(typed: str) -> str:
    """A name on one line, in its own script."""
    return " ".join(clean_text(typed).split())


def is_blank(text: str) -> bool:
    """Whether nothing of it would be seen: joiners, marks of direction and spaces without any width are no words."""
    return not any(unicodedata.category(letter)[0] in "LNPS" and letter not in _WHITE for letter in text)


def seen(text: str) -> str:
    """What a reader sees of it, for comparing: what only joins, parts or turns letters would make equals differ."""
    return text if text.isascii() else "".join(one for one in text if unicodedata.category(one) != "Cf")


def comment_html(text: str) -> str:
    """A cleaned text as the page prints it. Never raises; every link is marked as a reader's own."""
    made = "".join(_blocks(text.split("\n")))
    return nh3.clean(
        made,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "p": {"dir"}, "blockquote": {"dir"}},
        url_schemes={"http", "https"},
        link_rel=LINK_REL,
    )


# A page that is made anew mostly says again what it said before.
@lru_cache(maxsize=500)
def plain_words(html: str) -> str:
    """What a reader sees of `comment_html`'s answer: the words without marks, each paragraph on a line."""
    return html_text.unescape(nh3.clean(_LINE_ENDS.sub("\n", html), tags=set())).strip()


def count_links(text: str) -> int:
    return len(_LINK.findall(text))


def text_key(text: str) -> str:
    """The same for texts whose words are the same, however they are cased, spaced and dotted."""
    words = " ".join(_WORDS.findall(unicodedata.normalize("NFKC", seen(text)).casefold()))
    return hashlib.blake2b((words or text).encode(), digest_size=16).hexdigest()


def words_in(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the words and phrases that stand in the text as words of their own, whatever their case."""
    said = f" {' '.join(_WORDS.findall(unicodedata.normalize('NFKC', seen(text)).casefold()))} "
    return tuple(word for word in words if (part := " ".join(_WORDS.findall(word.casefold()))) and f" {part} " in said)


def _blocks(lines: list[str]) -> Iterator[str]:
    kind = ""
    kept: list[str] = []
    for line in [*lines, ""]:
        is_fence = line.startswith("```")
        if kind == "code":
            if is_fence:
                yield _block(kind, kept)
                kind, kept = "", []
            else:
                kept.append(line)
            continue
        now = "" if is_fence or not line.strip() else "quote" if line.startswith(">") else "text"
        if kept and now != kind:
            yield _block(kind, kept)
            kept = []
        kind = "code" if is_fence else now
        if now:
            kept.append(line.removeprefix(">").strip() if now == "quote" else line.strip())
    if kind == "code" and any(line.strip() for line in kept):  # its end was forgotten
        yield _block(kind, kept[:-1])


def _block(kind: str, lines: list[str]) -> str:
    if kind == "code":
        return f"<pre><code>{html_text.escape(chr(10).join(lines))}</code></pre>"
    inner = "<br>".join(_inline(line) for line in lines)
    # dir=auto: each paragraph runs as its own first letter does.
    return f'<blockquote dir="auto">{inner}</blockquote>' if kind == "quote" else f'<p dir="auto">{inner}</p>'


def _inline(line: str) -> str:
    parts, end = [], 0
    for match in _INLINE.finditer(line):
        parts += [html_text.escape(line[end : match.start()]), _marked(match)]
        end = match.end()
    return "".join([*parts, html_text.escape(line[end:])])


def _marked(match: re.Match[str]) -> str:
    if match["code"]:
        return f"<code>{html_text.escape(match['code'])}</code>"
    if match["words"]:
        return f'<a href="{html_text.escape(match["target"])}">{html_text.escape(match["words"])}</a>'
    if match["url"]:
        address = match["url"].rstrip(_AFTER_AN_ADDRESS)
        rest = html_text.escape(match["url"][len(address) :])
        return f'<a href="{html_text.escape(address)}">{html_text.escape(address)}</a>{rest}'
    tag = "strong" if match["bold"] else "em"
    # What is inside holds no star (or no line) any more: it ends.
    return f"<{tag}>{_inline(match['bold'] or match['star'] or match['line'])}</{tag}>"
