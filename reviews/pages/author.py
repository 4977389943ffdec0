"""Who wrote this, and what do they know about it? The author's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from catalog.page_tags import note
from reviews import selectors, seo
from reviews.models.author import Author
from reviews.pages.parts import ArticleCard, Crumb, Page, article_cards, home_crumb
from reviews.pages.person_box import PersonBox, person_box


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    box: PersonBox
    article_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(Page):
    people: tuple[PersonCard, ...]

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        return [
            seo.breadcrumbs(self.crumbs),
            seo.item_list(self.title, [(one.box.name, one.box.url) for one in self.people]),
        ]


def people_page() -> PeoplePage:
    """Everybody who wrote or checked something that is published, who wrote most first."""
    url = reverse("authors")
    return PeoplePage(
        title="Who writes here",
        description="The people behind the articles: what they know, what they test, and what they wrote.",
        canonical=url,
        crumbs=(home_crumb(), Crumb("People", url)),
        people=tuple(_person_card(row, written) for row, written in selectors.people_with_articles()),
    )


def _person_card(author: Author, written: int) -> PersonCard:
    note(f"author:{author.pk}")
    return PersonCard(box=person_box(author), article_count=written)


def author_page(author: Author) -> AuthorPage:
    note(f"author:{author.pk}")
    url = author.get_absolute_url()
    box = person_box(author)
    rows = selectors.published_articles()
    return AuthorPage(
        title=f"{author.name}, {author.role}",
        description=author.bio[:160],
        canonical=url,
        crumbs=(home_crumb(), Crumb("People", reverse("authors")), Crumb(author.name, url)),
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
