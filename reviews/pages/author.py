"""Who wrote this, and what do they know about it? The author's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog.page_tags import note
from reviews import selectors, seo
from reviews.models.author import Author
from reviews.pages.article import person_box
from reviews.pages.parts import ArticleCard, Crumb, Page, article_cards, home_crumb


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorPage(Page):
    name: str
    role: str
    bio: str
    credentials: str
    tests: tuple[str, ...]
    profile_links: tuple[str, ...]
    initials: str
    articles: tuple[ArticleCard, ...]
    reviewed: tuple[ArticleCard, ...]
    og_type: str = "profile"

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return seo.profile_nodes(self)


def author_page(author: Author) -> AuthorPage:
    note(f"author:{author.pk}")
    url = author.get_absolute_url()
    box = person_box(author)
    rows = selectors.published_articles()
    return AuthorPage(
        title=f"{author.name}, {author.role}",
        description=author.bio[:160],
        canonical=url,
        crumbs=(home_crumb(), Crumb(author.name, url)),
        name=author.name,
        role=author.role,
        bio=author.bio,
        credentials=author.credentials,
        tests=box.tests,
        profile_links=tuple(author.profile_links),
        initials=box.initials,
        articles=article_cards(rows.filter(author=author)[:24]),
        reviewed=article_cards(rows.filter(reviewer=author).exclude(author=author)[:12]),
    )
