from __future__ import annotations

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.services.page_changes import carry_page_changes
from reviews.models import Revision
from reviews.models.search_words import SEARCH_CONFIG, SearchWords
from reviews.pages.search import SearchPage, search_page
from reviews.services.articles import BlockInput
from tests.factories import make_article, make_author, make_product, make_published_article, make_review

pytestmark = pytest.mark.django_db


def found(words: str) -> SearchPage:
    return search_page(words, now=timezone.now())


def prose(html: str) -> list[BlockInput]:
    return [BlockInput("prose", {"html": html})]


def test_articles_are_found_by_words_of_their_text_in_any_form() -> None:
    make_published_article(
        "sidetone", blocks=prose("<h2>Hearing yourself</h2><p>Sidetone <em>feeds</em> your voice back.</p>")
    )
    make_published_article("other", blocks=prose("<p>Nothing of it.</p>"))
    assert [card.url for card in found("feeding voices").articles] == ["/guides/sidetone/"]
    assert not found("em").articles, "tags are no words"


def test_a_word_in_the_title_weighs_more_than_one_in_the_text() -> None:
    make_published_article("in-text", title="Plain", blocks=prose("<p>Latency matters, latency hurts, latency.</p>"))
    make_published_article("in-title", title="Latency, explained", blocks=prose("<p>Delay.</p>"))
    assert [card.url for card in found("latency").articles] == ["/guides/in-title/", "/guides/in-text/"]


def test_where_no_article_has_all_words_those_with_some_are_shown_and_it_is_said(client: Client) -> None:
    make_published_article("latency", title="Latency, explained")
    page = found("latency zebra")
    assert [card.url for card in page.articles] == ["/guides/latency/"]
    assert page.some_words_only
    assert "No article has all these words" in client.get("/search/?q=latency+zebra").content.decode()


def test_drafts_and_retired_words_are_not_found() -> None:
    make_article("draft", title="Zebra crossing")
    assert not found("zebra").articles


def test_what_is_being_rewritten_is_found_as_it_was_published() -> None:
    article = make_published_article("guide", title="Published words")
    article.title = "Secret words"
    article.save()
    assert found("published").articles
    assert not found("secret").articles


def test_products_makers_and_hubs_are_found_beside_articles() -> None:
    product = make_product("WH-1000XM5", brand="Sony", kind="headphones", type="over-ear")
    make_review(product, title="The quiet one")
    page = found("sony")
    assert [card.name for card in page.products] == ["Sony WH-1000XM5"]
    assert [brand.url for brand in page.brands] == ["/brands/sony/"]
    assert page.all_products_url == "/products/?q=sony"
    assert [card.label for card in found("gam headset").types] == ["Gaming headsets"]


def test_a_slip_of_the_pen_is_forgiven_and_said(client: Client) -> None:
    make_product("WH-1000XM5", brand="Sony")
    html = client.get("/search/?q=sonny+1000xm5").content.decode()
    assert "Sony WH-1000XM5" in html
    assert "“sonny” in its name; we read it as “sony”" in html


def test_no_words_are_a_page_with_a_form_and_nothing_else(client: Client) -> None:
    make_published_article("guide")
    html = client.get("/search/").content.decode()
    assert 'name="q"' in html
    assert "/guides/guide/" not in html.split("<main")[1].split("</main")[0]


def test_nothing_found_says_so_and_leads_on(client: Client) -> None:
    html = client.get("/search/?q=zebra").content.decode()
    assert "Nothing has these words" in html
    assert "noindex" in html


@pytest.mark.parametrize(
    "words",
    [
        *(
            "a" * 5000,
            "\x00",
            "'",
            '"',
            '"unclosed',
            "a & b | !c",
            "-",
            "or",
            "<script>alert(1)</script>",
            "%",
            "\\",
            ":*",
        ),
        *("é" * 90, "((", "a\tb\nc", "🎧"),
    ],
    ids=lambda words: ascii(words[:12]),
)
def test_whatever_is_written_there_is_a_page(client: Client, words: str) -> None:
    make_published_article("guide")
    answer = client.get("/search/", {"q": words})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_words_that_are_too_long_are_cut_and_it_is_said(client: Client) -> None:
    assert "longer than 80 characters" in client.get("/search/", {"q": "latency " * 20}).content.decode()


def test_more_articles_and_products_ask_no_more_questions() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            found("acme")
        return len(captured)

    author = make_author()
    make_review(make_product("First"), author=author, title="Acme First")
    few = queries()
    for number in range(5):
        make_review(make_product(f"More {number}"), author=author, title=f"Acme {number}")
    assert queries() == few


def test_the_index_answers() -> None:
    """The expression asked for is the one that is indexed, so that PostgreSQL can take the index."""
    make_published_article("guide", title="Latency")
    rows = Revision.objects.annotate(words=SearchWords("content")).filter(
        words=SearchQuery("latency", config=SEARCH_CONFIG)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        assert "revision_words" in rows.order_by().explain()


@pytest.mark.django_db(transaction=True)
def test_a_kept_search_finds_what_was_published_since(client: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    make_published_article("first", title="Latency")
    carry_page_changes()
    assert "/guides/second/" not in client.get("/search/?q=latency").content.decode()
    assert "hit" in client.get("/search/?q=latency")["Cache-Status"]
    make_published_article("second", title="Latency again")
    carry_page_changes()
    assert "/guides/second/" in client.get("/search/?q=latency").content.decode()
