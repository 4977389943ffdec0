from __future__ import annotations

import pytest

from reviews.models import Article, Block
from reviews.services.articles import ArticleError, BlockInput, save_article
from tests.factories import make_article, make_author, make_product

pytestmark = pytest.mark.django_db

TEXT = BlockInput("prose", {"html": "<p>Words.</p>"})


def test_blocks_keep_their_order_and_their_products_theirs() -> None:
    one, two = make_product("One"), make_product("Two")
    table = BlockInput("comparison", {"title": "Side by side", "specs": ["weight_g"]}, [two, one])
    article = make_article(blocks=[table, TEXT])
    assert [(block.position, block.kind) for block in article.blocks.all()] == [(1, "comparison"), (2, "prose")]
    links = article.blocks.get(kind="comparison").block_products.all()
    assert [link.product for link in links] == [two, one]


def test_the_same_again_changes_nothing() -> None:
    product = make_product()
    blocks = [TEXT, BlockInput("product_card", {"text": "Good."}, [product])]
    first = make_article(blocks=blocks)
    before = list(Block.objects.values_list("pk", "position", "kind", "data", "block_products__pk"))
    again = make_article(blocks=blocks)
    assert again.pk == first.pk
    assert list(Block.objects.values_list("pk", "position", "kind", "data", "block_products__pk")) == before


def test_fewer_blocks_remove_the_rest_and_a_new_order_is_kept() -> None:
    make_article(blocks=[TEXT, BlockInput("faq", {"title": "Q", "items": [{"question": "A?", "answer": "B."}]}), TEXT])
    article = make_article(blocks=[BlockInput("faq", {"title": "Q", "items": [{"question": "A?", "answer": "B."}]})])
    assert [(block.position, block.kind) for block in article.blocks.all()] == [(1, "faq")]


def test_text_is_sanitised_on_the_way_in() -> None:
    article = make_article(blocks=[BlockInput("prose", {"html": '<p onclick="x()">Hi<script>alert(1)</script></p>'})])
    assert article.blocks.get().data == {"html": "<p>Hi</p>"}


def test_data_that_does_not_fit_names_the_block_its_kind_and_the_field_and_saves_nothing() -> None:
    make_article(blocks=[TEXT])
    bad = BlockInput("scores", {"rows": [{"criterion": "Sound", "score": 11, "weight": 50}]}, [make_product()])
    with pytest.raises(ArticleError) as caught:
        make_article(title="Another title", blocks=[TEXT, bad])
    assert caught.value.problems == ["Block 2 (Scores): Criteria, row 1, Score: must be between 0 and 10, not 11."]
    assert [block.kind for block in Article.objects.get().blocks.all()] == ["prose"]
    assert Article.objects.get().title == "A guide"


@pytest.mark.parametrize("data", [None, [], "text", {"html": {"no": "fit"}}, {}])
def test_json_that_is_no_block_data_is_refused_in_words(data: object) -> None:
    with pytest.raises(ArticleError, match=r"Block 1 \(Text\)"):
        make_article(blocks=[BlockInput("prose", data)])  # type: ignore[arg-type]


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(ArticleError, match="no such kind; known are prose, "):
        make_article(blocks=[BlockInput("carousel", {})])


def test_a_review_needs_its_product() -> None:
    with pytest.raises(ArticleError, match="A review needs the product it reviews"):
        make_article(kind="review")


def test_problems_of_the_article_and_of_its_blocks_are_told_together() -> None:
    with pytest.raises(ArticleError) as caught:
        save_article(
            slug="x", kind="guide", title="", standfirst="s", author=make_author(), blocks=[BlockInput("prose", {})]
        )
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["Title", "Block 1 (Text)"]


def test_one_product_twice_in_a_block_is_refused() -> None:
    product = make_product()
    with pytest.raises(ArticleError, match="one is named twice"):
        make_article(blocks=[BlockInput("comparison", {"title": "t", "specs": ["anc"]}, [product, product])])
