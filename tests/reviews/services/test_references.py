"""What a block's data refers to is related to the block, apart from the products its editor names."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db.models import ProtectedError

from reviews.admin.article_filters import used_in
from reviews.block_fields import PictureRef, ProductRef, Rows, Text
from reviews.blocks import BLOCKS
from reviews.blocks.base import Block, ProductsNeeded
from reviews.desk.publishing import publish_article
from reviews.models import Article, BlockPicture, BlockProduct, Picture, RevisionProduct
from reviews.named_products import named
from reviews.services.articles import ArticleError, BlockInput
from reviews.services.drafts import draft_content, is_same
from tests.factories import make_article, make_product

pytestmark = pytest.mark.django_db


class Shelf(Block):
    key = "shelf"
    label = "Shelf"
    products = ProductsNeeded(minimum=0, maximum=2)
    fields = (
        ProductRef(name="best", label="Best", required=False),
        PictureRef(name="lead", label="Lead", required=False),
        Rows(
            name="rows",
            required=False,
            label="Rows",
            columns=(ProductRef(name="one", label="Product"), Text(name="why", label="Why", required=False)),
        ),
    )
    example: ClassVar[Mapping[str, Any]] = {}

    def build(self, data: Any, products: Any, here: Any) -> object:
        return None


@pytest.fixture(autouse=True)
def _shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BLOCKS, "shelf", Shelf())


def make_picture(mark: str = "a") -> Picture:
    return Picture.objects.create(original=f"{mark}.jpg", width=4, height=3, sha256=mark * 64, alt="A headset")


def shelf(article: Article) -> dict[str, Any]:
    (content,) = draft_content(article)["blocks"]
    return dict(content)


def test_products_referred_to_stand_behind_the_named_ones_each_once() -> None:
    one, two, three = (make_product(name) for name in ("One", "Two", "Three"))
    data = {"best": three.pk, "rows": [{"one": two.pk}, {"one": three.pk}, {"one": one.pk}]}
    article = make_article(blocks=[BlockInput("shelf", data, [one])])
    content = shelf(article)
    assert content["products"] == [one.pk, three.pk, two.pk]
    assert named(content) == [one.pk]


def test_only_named_products_count_against_what_a_block_takes() -> None:
    products = [make_product(str(number)) for number in range(3)]
    rows = [{"one": product.pk} for product in products]
    content = shelf(make_article(blocks=[BlockInput("shelf", {"rows": rows})]))
    assert named(content) == []
    with pytest.raises(ArticleError, match="3 named; it takes 0 to 2"):
        make_article(blocks=[BlockInput("shelf", {}, products)])


def test_what_is_not_there_is_named_with_block_field_and_row() -> None:
    data = {"best": 987, "lead": 654, "rows": [{"one": make_product().pk}, {"one": 321}]}
    with pytest.raises(ArticleError) as caught:
        make_article(blocks=[BlockInput("prose", {"html": "<p>x</p>"}), BlockInput("shelf", data)])
    assert caught.value.problems == [
        "Block 2 (Shelf): Best: there is no product with the id 987.",
        "Block 2 (Shelf): Rows, row 2, Product: there is no product with the id 321.",
        "Block 2 (Shelf): Lead: there is no picture with the id 654.",
    ]
    assert not Article.objects.exists()


def test_pictures_are_related_and_in_the_content_only_where_there_are_any() -> None:
    picture = make_picture()
    article = make_article(blocks=[BlockInput("shelf", {"lead": picture.pk})])
    assert shelf(article)["pictures"] == [picture.pk]
    assert BlockPicture.objects.get().picture == picture
    article = make_article(blocks=[BlockInput("shelf", {})])
    assert "pictures" not in shelf(article)
    assert not BlockPicture.objects.exists()


def test_a_block_without_references_says_nothing_of_named_products() -> None:
    content = shelf(make_article(blocks=[BlockInput("shelf", {}, [make_product()])]))
    assert "named" not in content


def test_changing_only_a_reference_raises_the_version_and_the_same_again_does_not() -> None:
    one, two = make_product("One"), make_product("Two")
    article = make_article(blocks=[BlockInput("shelf", {"best": one.pk})])
    assert make_article(blocks=[BlockInput("shelf", {"best": one.pk})]).version == article.version
    assert make_article(blocks=[BlockInput("shelf", {"best": two.pk})]).version == article.version + 1


def prose(*slugs: str) -> BlockInput:
    links = " ".join(f'<a href="price:{slug}">price</a>' for slug in slugs)
    return BlockInput("prose", {"html": f"<p>It costs {links}.</p>"})


def test_a_product_whose_price_stands_in_a_text_is_used_by_the_article_and_not_named_by_the_block() -> None:
    one, two = make_product("One"), make_product("Two")
    article = make_article(blocks=[prose(two.slug, one.slug, two.slug, "nobody")])
    disclosure, content = draft_content(article)["blocks"]
    assert disclosure["products"] == []
    assert content["products"] == [two.pk, one.pk]
    assert named(content) == []
    assert list(used_in(Article.objects.all(), one.pk)) == [article]
    with pytest.raises(ProtectedError):
        one.delete()


def test_a_price_taken_out_of_the_text_is_a_use_no_longer() -> None:
    one = make_product("One")
    make_article(blocks=[prose(one.slug)])
    article = make_article(blocks=[BlockInput("prose", {"html": "<p>It is gone.</p>"})])
    assert not used_in(Article.objects.all(), one.pk).exists()
    assert shelf(article)["products"] == []


def test_what_was_published_before_uses_were_counted_is_still_the_same() -> None:
    one = make_product("One")
    now = draft_content(make_article(blocks=[prose(one.slug)]))
    before = {**now, "blocks": [{**now["blocks"][0], "products": []}, *now["blocks"][1:]]}
    for block in before["blocks"]:
        block.pop("named", None)
    assert is_same(before, now)


def test_the_migration_relates_what_was_saved_before() -> None:
    one, two = make_product("One"), make_product("Two")
    article = make_article(blocks=[prose(one.slug, two.slug), BlockInput("prose", {"html": "<p>No price: none.</p>"})])
    live = publish_article(article=article)
    BlockProduct.objects.all().delete()
    RevisionProduct.objects.all().delete()
    import_module("reviews.migrations.0017_prices_in_text_are_uses").relate(apps, None)
    found = BlockProduct.objects.filter(block__article=article).values_list("product", "position")
    assert list(found) == [(one.pk, 1001), (two.pk, 1002)]
    assert set(live.products.all()) == {one, two}
    version = article.version
    again = make_article(blocks=[prose(one.slug, two.slug), BlockInput("prose", {"html": "<p>No price: none.</p>"})])
    assert again.version == version
