"""Do the demo's articles cover their subject, name only what there is, and claim nothing that nobody did?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.text import slugify

from demo import content
from demo.content import ArticleText
from reviews.rich_text import own_links, plain_text, shown

ARTICLES = content.articles()
BY_SLUG = {article.slug: article for article in ARTICLES}
AUTHORS = {author.slug for author in content.authors()}
PRODUCTS = {slugify(f"{row['brand']} {row['model']}"): row for row in content.catalogue()}

# The recommender's reasons link to these sections, so their words are an interface.
GUIDE_SECTIONS = [
    "What headphones are",
    "What headsets are",
    "What sets them apart",
    "Types of headphones",
    "Types of headsets",
    "Design",
    "When headphones are the better buy",
    "When a headset is the better buy",
    "Portability",
    "Sound quality",
    "Comfort",
    "Convenience",
    "Price",
    "Looking after ears and equipment",
    "Verdict",
    "Five questions readers ask",
]
CLAIMS_OF_TESTS = re.compile(
    r"\b(we|i) (\w+ )?(tested|measured|tried|wore|listened|used it|heard|recorded)\b"
    r"|\b(in|during|after) (our|my) (\w+ )?(tests?|testing|measurements?|trials?|listening)\b"
    r"|\bour (lab|test bench|measurements?|test unit)\b|\bhands-on\b",
    re.IGNORECASE,
)

each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield plain_text(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "specs":
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def words_of(article: ArticleText) -> str:
    return " ".join(text for block in article.blocks for text in texts(dict(block.data)))


def headings_of(article: ArticleText) -> list[str]:
    found = []
    for block in article.blocks:
        if title := block.data.get("title"):
            found.append(title)
        found += [
            heading.text for heading in shown(block.data.get("html", ""), links={}).headings if heading.level == 2
        ]
    return found


def test_there_are_enough_of_each_kind() -> None:
    kinds = [article.kind for article in ARTICLES]
    assert kinds.count("review") >= 4
    assert kinds.count("best_of") >= 2
    assert kinds.count("guide") >= 2


def test_the_reviews_cover_four_kinds_of_device() -> None:
    subjects = [PRODUCTS[article.subject] for article in ARTICLES if article.kind == "review"]
    assert {row["type"] for row in subjects} >= {"over-ear", "gaming", "business", "in-ear"}
    assert any(row["anc"] and row["type"] == "over-ear" for row in subjects)


def test_the_guide_has_each_section_that_reasons_link_to_in_order() -> None:
    headings = [text for text in headings_of(BY_SLUG["headphones-versus-headsets"]) if text in GUIDE_SECTIONS]
    assert headings == GUIDE_SECTIONS


def test_the_guide_is_complete_without_being_endless() -> None:
    assert 1800 <= len(words_of(BY_SLUG["headphones-versus-headsets"]).split()) <= 2600


def test_the_guide_answers_exactly_five_questions() -> None:
    (faq,) = [block for block in BY_SLUG["headphones-versus-headsets"].blocks if block.kind == "faq"]
    assert len(faq.data["items"]) == 5


@each_article
def test_an_article_names_only_products_authors_and_articles_there_are(article: ArticleText) -> None:
    named = {slug for block in article.blocks for slug in block.products} | {article.subject or next(iter(PRODUCTS))}
    assert named <= set(PRODUCTS)
    assert {article.author, article.reviewer} <= AUTHORS
    links = {link for block in article.blocks for link in own_links(block.data.get("html", ""))}
    assert {link.removeprefix("product:") for link in links if link.startswith("product:")} <= set(PRODUCTS)
    assert {link.removeprefix("article:") for link in links if link.startswith("article:")} <= set(BY_SLUG)


@each_article
def test_an_article_is_checked_by_somebody_else_than_its_author(article: ArticleText) -> None:
    assert article.reviewer
    assert article.reviewer != article.author


@each_article
def test_the_disclosure_comes_first(article: ArticleText) -> None:
    assert article.blocks[0].kind == "disclosure"


@each_article
def test_no_article_claims_a_test_that_nobody_did(article: ArticleText) -> None:
    said = f"{article.title} {article.standfirst} {article.seo_title} {article.seo_description} {words_of(article)}"
    assert CLAIMS_OF_TESTS.search(said) is None


@pytest.mark.parametrize(
    "claim", ["We tested it for a week.", "in our listening tests", "I wore them", "our test bench"]
)
def test_a_claim_of_tests_would_be_noticed(claim: str) -> None:
    assert CLAIMS_OF_TESTS.search(claim)


@each_article
def test_what_was_not_tested_says_so(article: ArticleText) -> None:
    if article.kind == "review":
        assert article.obtained == "not_tested"
        assert "written from what the maker publishes" in words_of(article)
        assert {"scores", "pros_cons", "verdict", "product_card"} <= {block.kind for block in article.blocks}
    if article.kind == "best_of":
        assert "published specifications" in words_of(article)


@each_article
def test_a_best_of_guide_gives_each_pick_a_reason_and_says_who_should_skip_it(article: ArticleText) -> None:
    if article.kind != "best_of":
        return
    cards = [block for block in article.blocks if block.kind == "product_card"]
    assert len(cards) >= 5
    for card in cards:
        reason, _, skip = card.data["text"].partition("\n\n")
        assert len(reason.split()) >= 15
        assert skip.startswith("Skip ")
