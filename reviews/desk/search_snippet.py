"""What do search engines and shared links show of an article, how much of it, and what should be looked at?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from reviews.models import Article
from reviews.near_titles import name_remarks
from reviews.pages.parts import SECTIONS
from reviews.snippet_width import DESCRIPTION, EM, OTHER, TITLE, WIDTHS, Line, Measured, measured

# As in templates/base.html: a short title is followed by the site's name.
NAME_FOLLOWS_BELOW = 60
_SECTION_OF = {kind: section for section, kind in SECTIONS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSnippet:
    """`trail` is the address as result lists print it."""

    title: Measured
    description: Measured
    host: str
    trail: str
    card_title: str
    card_description: str
    warnings: tuple[str, ...]

    @property
    def advice(self) -> tuple[str, ...]:
        """What is cut, missing or could be mistaken for something else, in sentences."""
        found = list(self.warnings)
        if self.title.is_cut:
            found.append(f"The title is {self.title.pixels} px wide; {self.title.room} px are shown.")
        if self.description.is_cut:
            wide, room = self.description.pixels, self.description.room
            found.append(f"The description is {wide} px wide; about {room} px are shown.")
        return tuple(found)


def snippet_of(article: Article, *, is_judged: bool = True) -> SearchSnippet:
    """Of the working copy. Two queries; none where the gate stands beside it and judges the names (not `is_judged`)."""
    told = {name: getattr(article, name) for name in ("title", "seo_title", "seo_description", "standfirst", "slug")}
    return snippet(told, kind=article.kind, article_id=article.pk, is_judged=is_judged)


def snippet(told: Mapping[str, str], *, kind: str, article_id: int | None, is_judged: bool = True) -> SearchSnippet:
    """Of these values of its fields: `title`, `seo_title`, `seo_description`, `standfirst`, `slug`.

    What is said of titles and slug is what the gate will say of them (`reviews.desk.gate.names`).
    """
    title = told["seo_title"] or told["title"]
    named = f"{title} – {settings.SITE_NAME}" if title and len(title) < NAME_FOLLOWS_BELOW else title
    host = urlsplit(settings.SITE_URL).netloc
    names = {name: told[name] for name in ("title", "seo_title", "slug")}
    remarks = name_remarks(article_id=article_id, **names) if is_judged else []
    return SearchSnippet(
        title=measured(named, TITLE),
        description=measured(told["seo_description"] or told["standfirst"], DESCRIPTION),
        host=host,
        trail=" › ".join(part for part in (host, _SECTION_OF.get(kind, ""), told["slug"]) if part),
        card_title=title,
        card_description=told["seo_description"] or told["standfirst"],
        warnings=tuple(remark.message for remark in remarks),
    )


def table() -> dict[str, Any]:
    """What the editor's script needs to count as `reviews.snippet_width` does."""
    return {
        "em": EM,
        "other": OTHER,
        "widths": WIDTHS,
        "title": _line(TITLE),
        "description": _line(DESCRIPTION),
        "site": settings.SITE_NAME,
        "nameBelow": NAME_FOLLOWS_BELOW,
        "host": urlsplit(settings.SITE_URL).netloc,
        "sections": _SECTION_OF,
    }


def _line(line: Line) -> dict[str, int]:
    return {"size": line.size, "room": line.room}
