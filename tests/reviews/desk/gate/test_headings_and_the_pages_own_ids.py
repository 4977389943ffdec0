"""A heading may be called like a part of the page: each has an id of its own."""

from __future__ import annotations

import re

import pytest

from config.embedded import PROJECT
from reviews.pages.article_blocks import PAGE_IDS
from tests.factories import make_article
from tests.reviews.desk.gate.articles import inspected, text

pytestmark = pytest.mark.django_db

TEMPLATES = PROJECT / "templates"
PARTS = ["base.html", "reviews/article.html", *(f"partials/{path.name}" for path in (TEMPLATES / "partials").iterdir())]


def test_headings_named_like_the_pages_own_parts_pass() -> None:
    make_article("another", about_kind="headphones")
    words = "".join(f"<h2>{name.replace('-', ' ').capitalize()}</h2><p>Words.</p>" for name in sorted(PAGE_IDS))
    assert inspected(make_article(blocks=[text(words)])).refusals == ()


def test_every_id_of_the_templates_is_among_them() -> None:
    found = {name for part in PARTS for name in re.findall(r' id="([\w-]+)"', (TEMPLATES / part).read_text())}
    assert found <= PAGE_IDS
