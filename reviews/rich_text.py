"""What formatted text may an article hold, and how does it read on a page?

Stored text is sanitised HTML whose links may name our own things by scheme (`product:<slug>`, `article:<slug>`), so
that an address can change without touching a text. A link to `price:<slug>` is a place for that product's live price.
Shown text is sanitised again, its headings have ids for deep links, those links have addresses, and the places for
prices are parted from the words: only the page knows what may be printed there.
"""

from __future__ import annotations

import html as html_text
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import urlsplit

import nh3

TAGS = frozenset({"h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"})
PRICE_SCHEME = "price:"
OWN_SCHEMES = ("product:", "article:", PRICE_SCHEME)
URL_SCHEMES = frozenset({"http", "https", "mailto", "product", "article", "price"})

# The sanitiser's own output is the only text these are ever run over: tags are lower-case, attributes are quoted.
_HEADING = re.compile(r"<h([234])>(.*?)</h\1>", re.DOTALL)
_HREF = re.compile(r'<a href="([^"]*)">')
_LINK = re.compile(r'<a(?: href="([^"]*)")?>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_PASSES = 10
# A place for a price while a text is taken apart. The sanitiser drops this character, so no text can bring its own.
_PLACE = re.compile("\x00([0-9]+)\x00")
_EMPTY_HEADING = re.compile(r"<h([234])>(?:\s|&nbsp;|<br>)*</h\1>")


class SafeHtml(str):
    """HTML that came out of the sanitiser; templates print it as it is (`__html__` is their protocol for that)."""

    __slots__ = ()

    def __html__(self) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading on the page; `id` is empty when nothing links to it."""

    level: int
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class PricePlace:
    """Here the text wants the live price of the product with this slug; `words` are the link's own."""

    slug: str
    words: SafeHtml


@dataclass(frozen=True, slots=True)
class ShownText:
    """`pieces` one behind the other are the text; a piece of HTML alone need not be whole."""

    pieces: tuple[SafeHtml | PricePlace, ...]
    headings: tuple[Heading, ...]

    @property
    def html(self) -> SafeHtml:
        """The text with its own words where prices have their places."""
        return SafeHtml("".join(piece.words if isinstance(piece, PricePlace) else piece for piece in self.pieces))


# The texts of a page that is made anew are mostly those of before; each is asked for several times as it is made.
@lru_cache(maxsize=2000)
def sanitised(html: str) -> str:
    """The text as it is stored: allowed tags, links with allowed schemes, nothing else. Never raises.

    Sanitising what this returns changes nothing, so that an unchanged text is recognised as unchanged.
    """
    clean = _cleaned(html)
    # Unwrapping a forbidden tag can leave a heading inside a heading, which the next reading takes apart.
    for _ in range(_PASSES):
        again = _cleaned(clean)
        if again == clean:
            break
        clean = again
    return clean


def _cleaned(html: str) -> str:
    clean = nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(URL_SCHEMES),
        clean_content_tags={"script", "style"},
        link_rel=None,
    )
    clean = _EMPTY_HEADING.sub("", clean)
    return clean.strip() if plain_text(clean) else ""


def plain_text(html: str) -> str:
    """The words without their tags, on one line."""
    return " ".join(html_text.unescape(_TAG.sub(" ", html)).split())


def anchor(text: str) -> str:
    """The id of a heading: its words in lower case ASCII, joined by hyphens; "section" when none is left."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text.replace("'", "").lower())) or "section"


def hrefs(html: str) -> tuple[str, ...]:
    """Every link's target in a stored text, in order."""
    return tuple(html_text.unescape(found) for found in _HREF.findall(sanitised(html)))


def own_links(html: str) -> tuple[str, ...]:
    """The targets that name a product or an article of ours."""
    return tuple(target for target in hrefs(html) if target.startswith(OWN_SCHEMES))


def price_slugs(html: str) -> tuple[str, ...]:
    """The products whose live price a text wants, by slug, in order."""
    if PRICE_SCHEME not in html:
        return ()
    return tuple(target.removeprefix(PRICE_SCHEME) for target in hrefs(html) if target.startswith(PRICE_SCHEME))


def free_anchor(text: str, taken: Iterable[str]) -> str:
    """`anchor(text)`, with a number behind it when that id is taken on the page."""
    first = anchor(text)
    used = set(taken)
    if first not in used:
        return first
    number = 2
    while f"{first}-{number}" in used:
        number += 1
    return f"{first}-{number}"


def shown(html: str, *, links: Mapping[str, str], taken: Iterable[str] = ()) -> ShownText:
    """The text as a page prints it. `links` maps own targets to addresses; a target that is not in it is unlinked."""
    used = set(taken)
    headings: list[Heading] = []
    places: list[PricePlace] = []

    def with_id(match: re.Match[str]) -> str:
        # A heading is repeated in the list of contents, where no offer stands: it keeps its words.
        level, inner = int(match[1]), _PLACE.sub(lambda place: places[int(place[1])].words, match[2])
        text = plain_text(inner)
        heading = Heading(level, text, free_anchor(text, used))
        used.add(heading.id)
        headings.append(heading)
        return f'<h{level} id="{heading.id}">{inner}</h{level}>'

    clean = _LINK.sub(lambda match: _shown_link(match, links, places), sanitised(html).replace("\x00", ""))
    return ShownText(tuple(_pieces(_HEADING.sub(with_id, clean), places)), tuple(headings))


def _pieces(html: str, places: list[PricePlace]) -> Iterator[SafeHtml | PricePlace]:
    """Words and places by turns; the pattern's group makes every second part a place's number."""
    for number, part in enumerate(_PLACE.split(html)):
        if number % 2:
            yield places[int(part)]
        elif part:
            yield SafeHtml(part)


def _shown_link(match: re.Match[str], links: Mapping[str, str], places: list[PricePlace]) -> str:
    target, inner = html_text.unescape(match[1] or ""), match[2]
    if target.startswith(PRICE_SCHEME):
        places.append(PricePlace(target.removeprefix(PRICE_SCHEME), SafeHtml(inner)))
        return f"\x00{len(places) - 1}\x00"
    if target.startswith(OWN_SCHEMES):
        target = links.get(target, "")
    if not target:
        return inner
    # noopener: the other site gets no handle on our window; external: says to tools that it leaves the site.
    rel = ' rel="noopener external"' if _leaves_the_site(target) else ""
    return f'<a href="{html_text.escape(target)}"{rel}>{inner}</a>'


def _leaves_the_site(target: str) -> bool:
    try:
        return bool(urlsplit(target).netloc)
    except ValueError:  # "http://[" and the like
        return True


def paragraphs(text: str) -> tuple[str, ...]:
    """Plain text cut at its blank lines."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return tuple(cleaned for part in parts if (cleaned := " ".join(part.split())))
