"""What do programs get that would rather read text than pages? Each article in Markdown, and a list of them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from catalog.page_tags import note
from reviews import selectors
from reviews.markdown_twin import markdown_twin
from reviews.models import Article
from reviews.pages.article import ArticlePage, article_page
from reviews.pages.parts import SECTION_NAMES, SECTIONS, markdown_url
from reviews.score_table import active_version

_LISTED = 500  # newest first; a list longer than a context window helps nobody


def article_markdown(article: Article, *, now: datetime) -> str:
    """The published article; needs what `selectors.published_article` selects."""
    # Whoever takes the text away takes the article's own.
    page = replace(article_page(article, now=now), remarks=None)
    return markdown_twin(
        render_to_string("reviews/article.html", {"page": page}),
        address=f"{settings.SITE_URL}{page.canonical}",
        facts=_facts(page),
    )


def _facts(page: ArticlePage) -> dict[str, str]:
    return {
        "Source": f"{settings.SITE_URL}{page.canonical}",
        "Site": settings.SITE_NAME,
        "By": page.author.name,
        "Checked by": page.reviewer.name if page.reviewer else "",
        "Published": f"{page.published_at:%Y-%m-%d}",
        "Revised": f"{page.revised_at:%Y-%m-%d}" if page.is_revised else "",
        "Prices": "on the page; they change by the hour",
    }


def llms_txt() -> str:
    """The site in the form of https://llmstxt.org: a title, a summary, lists of links."""
    lines = [
        f"# {settings.SITE_NAME}",
        "",
        "> Reviews and guides about headphones and headsets: which of the two somebody needs, which model, and why. "
        "Scores follow a published method; specs name their source. Links to shops earn a commission, which ranks "
        "nothing.",
        "",
    ]
    for name, articles in _by_section():
        lines += [f"## {name}", "", *map(_line, articles), ""]
    lines += ["## About", "", *_about(), ""]
    lines += ["## Data", "", *_data(), ""]
    return "\n".join(lines)


def _by_section() -> list[tuple[str, list[Article]]]:
    articles = list(selectors.published_articles()[:_LISTED])
    found = [(SECTION_NAMES[kind], [one for one in articles if one.kind == kind]) for kind in SECTIONS.values()]
    return [(name, rows) for name, rows in found if rows]


def _line(article: Article) -> str:
    selectors.note_article(article)
    shown = article.shown
    return f"- [{shown['title']}]({settings.SITE_URL}{markdown_url(article.get_absolute_url())}): {shown['standfirst']}"


def _about() -> list[str]:
    note("method")
    about = {
        "Headset or headphones? A few questions, and an answer with its reasons": "choose",
        "How we work": "how-we-work",
        **({"How we score": "method"} if active_version() else {}),
        "How we rank products and offers": "how-we-rank",
        "How we are paid": "disclosure",
    }
    return [f"- [{label}]({settings.SITE_URL}{reverse(name)})" for label, name in about.items()]


def _data() -> list[str]:
    return [
        f"- [API]({settings.SITE_URL}{reverse('api-docs')}): products, specs and scores as JSON (OpenAPI)",
        f"- [Feed]({settings.SITE_URL}{reverse('feed')}): new and revised articles (Atom)",
        f"- [Sitemap]({settings.SITE_URL}{reverse('sitemap')})",
    ]
