from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reviews.blocks import BLOCKS
from reviews.markdown_twin import PRICED, markdown_twin
from reviews.services.articles import BlockInput
from tests.factories import make_merchant, make_product, make_published_article, make_review, make_seen_offer

ADDRESS = "https://example.org/guides/guide/"


def twin(article: str) -> str:
    return markdown_twin(f"<body><main><article>{article}</article></main></body>", address=ADDRESS, facts={})


def test_headings_lists_and_tables_are_markdown() -> None:
    text = twin(
        "<h1>Open or closed</h1><p>One <strong>leaks</strong>.</p><ul><li>Light</li><li>Airy</li></ul>"
        "<table><thead><tr><th>Model</th><th>Weight</th></tr></thead>"
        "<tbody><tr><td>One</td><td>250 g</td></tr></tbody></table>"
    )
    assert "# Open or closed" in text
    assert "One **leaks**." in text
    assert "- Light\n- Airy" in text
    assert "| Model | Weight |" in text
    assert "| One | 250 g |" in text


def test_links_and_pictures_lead_where_they_lead_on_the_page() -> None:
    text = twin(
        '<p><a href="/products/one/">One</a> <a href="#sound">Sound</a> <img src="/media/one.jpg" alt="On a desk"></p>'
    )
    assert "[One](https://example.org/products/one/)" in text
    assert "[Sound](https://example.org/guides/guide/#sound)" in text
    assert "![On a desk](https://example.org/media/one.jpg)" in text


@pytest.mark.parametrize("name", PRICED)
def test_what_says_something_of_a_shops_offer_stays_on_the_page(name: str) -> None:
    text = twin(f'<p>Before.</p><div class="block {name} wide">$99.00 at Shop</div><p>After.</p>')
    assert "Before." in text
    assert "After." in text
    assert "$99.00" not in text


def test_a_price_in_a_sentence_becomes_a_link_to_the_page() -> None:
    text = twin(
        '<p>It costs <span class="price-mention"><a href="/go/x/">$99.00</a> (seen today)</span>, not more.</p>'
    )
    assert text == f"It costs [the price on the page]({ADDRESS}), not more.\n"


def test_a_paid_link_that_nobody_foresaw_is_no_link() -> None:
    assert twin(
        '<p><a href="/go/abc/?p=1">Shop</a> <a href="https://shop.example/?tag=us" ping="/go/abc/">Shop</a></p>'
    ) == ("Shop Shop\n")


def test_the_facts_stand_on_top_each_on_one_line() -> None:
    text = markdown_twin(
        "<article><h1>Title</h1></article>",
        address=ADDRESS,
        facts={"Source": ADDRESS, "By": "Ada\nField", "Checked by": ""},
    )
    assert text == f"Source: {ADDRESS}\nBy: Ada Field\n\n# Title\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("<img src=x onerror=run()>", r"\<img src=x onerror=run()>"),
        ("[here](javascript:run())", r"\[here\](javascript:run())"),
        (r"\<b>", r"\\\<b>"),
        (r"\[x]: javascript:run()", r"\\\[x\]: javascript:run()"),
    ],
)
def test_words_that_look_like_html_or_a_link_stay_words(words: str, said: str) -> None:
    from django.utils.html import escape

    assert twin(f"<p>{escape(words)}</p>").strip() == said
    page = "<body><article><p>Words.</p></article></body>"
    assert f"title: {said}" in markdown_twin(page, address=ADDRESS, facts={"title": words})


def test_a_page_without_an_article_is_refused() -> None:
    with pytest.raises(ValueError, match="no article"):
        markdown_twin("<main><p>Nothing</p></main>", address=ADDRESS, facts={})


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80))
def test_no_words_are_lost(words: str) -> None:
    from django.utils.html import escape

    kept = "".join(character for character in twin(f"<p>a{escape(words)}z</p>") if character.isalnum())
    assert kept == "".join(character for character in f"a{words}z" if character.isalnum())


@pytest.mark.django_db
class TestOnTheSite:
    def test_every_article_has_a_twin_that_it_names(self, client: Client) -> None:
        product = make_product()
        make_seen_offer(product, make_merchant(), amount="187.31")
        make_review(product)
        page = client.get("/reviews/acme-one-review/")
        assert '<link rel="alternate" type="text/markdown" href="http' in page.content.decode()
        answer = client.get("/reviews/acme-one-review.md")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Link"].endswith('/reviews/acme-one-review/>; rel="canonical"')
        text = answer.content.decode()
        assert "187.31" in page.content.decode()
        assert "187.31" not in text
        assert "/go/" not in text

    def test_a_draft_and_an_unknown_article_have_none(self, client: Client) -> None:
        assert client.get("/reviews/no-such.md").status_code == 404

    def test_a_former_address_leads_to_todays(self, client: Client) -> None:
        article = make_published_article("old-name")
        from reviews.models import ArticleAddress

        ArticleAddress.objects.create(article=article, kind="guide", slug="older-name", left_at=timezone.now())
        answer = client.get("/guides/older-name.md")
        assert answer.status_code == 301
        assert answer["Location"] == "/guides/old-name.md"

    @pytest.mark.parametrize(
        "kind", [kind for kind in BLOCKS if kind in ("prose", "callout", "table", "faq", "verdict")]
    )
    def test_blocks_of_words_keep_their_words(self, client: Client, kind: str) -> None:
        example = BLOCKS[kind].example
        make_published_article("guide", blocks=[BlockInput(kind, example)])
        text = client.get("/guides/guide.md").content.decode()
        assert len(text) > 100
        assert "<div" not in text
