from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from reviews.desk.publishing import PublishError, publish_article, retire_article
from reviews.models import Article, Revision
from reviews.services.articles import BlockInput
from tests.factories import make_article, make_author, make_product, make_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def text(html: str = "<h2>First</h2><p>Words.</p>") -> BlockInput:
    return BlockInput("prose", {"html": html})


def card(product: Any) -> BlockInput:
    return BlockInput("product_card", {"text": "Good."}, [product])


def problems_of(*blocks: BlockInput, **fields: Any) -> list[str]:
    with pytest.raises(PublishError) as caught:
        publish_article(article=make_article(blocks=blocks, **fields), now=NOW)
    return caught.value.problems


def test_readers_get_a_revision_with_the_article_and_its_blocks() -> None:
    product = make_product()
    article = make_article(
        blocks=[text(), card(product)], author=make_author("Ben Reed"), about_kind="headphones", seo_title="S"
    )
    editor = make_staff()
    revision = publish_article(article=article, by=editor, note="First version", now=NOW)
    assert revision.number == 1
    assert revision.created_by == editor
    assert revision.note == "First version"
    assert revision.content["article"] == {
        "kind": "guide", "title": "A guide", "slug": "a-guide", "standfirst": "In short.", "author": "ben-reed",
        "reviewer": None, "subject": None, "obtained": "", "about_kind": "headphones", "about_type": "",
        "seo_title": "S", "seo_description": "",
    }  # fmt: skip
    assert [block["kind"] for block in revision.content["blocks"]] == ["disclosure", "prose", "product_card"]
    assert revision.content["blocks"][2]["products"] == [product.pk]
    assert list(revision.products.all()) == [product]
    assert (article.status, article.live_revision, article.published_at) == ("published", revision, NOW)
    assert list(Article.objects.published()) == [article]


def test_editing_the_draft_changes_nothing_that_readers_see() -> None:
    article = make_article(blocks=[text()])
    revision = publish_article(article=article, now=NOW)
    seen = revision.content
    make_article(title="Changed", blocks=[text("<p>Other words.</p>")])
    article.refresh_from_db()
    assert article.title == "Changed"
    assert article.live_revision == revision
    assert article.live_revision.content == seen


def test_an_unchanged_draft_makes_no_new_revision() -> None:
    article = make_article()
    first = publish_article(article=article, now=NOW)
    again = publish_article(article=article, now=NOW + timedelta(days=1))
    assert again == first
    assert Revision.objects.count() == 1
    assert (article.published_at, article.revised_at) == (NOW, None)


def test_a_changed_draft_gets_the_next_number_and_keeps_the_first_date() -> None:
    article = make_article()
    publish_article(article=article, now=NOW)
    article = make_article(blocks=[text("<p>New.</p>")])
    revision = publish_article(article=article, now=NOW + timedelta(days=2))
    assert revision.number == 2
    assert (article.published_at, article.revised_at) == (NOW, NOW + timedelta(days=2))


def test_a_revision_cannot_be_rewritten_even_past_the_services() -> None:
    revision = publish_article(article=make_article(), now=NOW)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(content={"article": {}, "blocks": []})
    revision.refresh_from_db()
    assert revision.content["article"]["title"] == "A guide"


def test_the_account_that_published_can_go_and_the_revision_stays() -> None:
    editor = make_staff()
    revision = publish_article(article=make_article(), by=editor, now=NOW)
    editor.delete()
    revision.refresh_from_db()
    assert revision.created_by is None


def test_a_product_that_readers_see_cannot_be_deleted() -> None:
    product = make_product()
    publish_article(article=make_article(blocks=[card(product)]), now=NOW)
    make_article(blocks=[text()])  # the draft names it no longer, the published page still does
    with pytest.raises(ProtectedError):
        product.delete()


def test_retiring_takes_it_from_readers_and_publishing_brings_it_back() -> None:
    article = make_article()
    revision = publish_article(article=article, now=NOW)
    retire_article(article=article)
    assert article.status == "retired"
    assert not Article.objects.published().exists()
    assert publish_article(article=article, now=NOW) == revision
    assert Article.objects.published().exists()


def test_a_disclosure_is_put_before_affiliate_links_where_the_editor_forgot_it() -> None:
    article = make_article(blocks=[text(), card(make_product())])
    revision = publish_article(article=article, now=NOW)
    assert revision.content["blocks"][0] == {"kind": "disclosure", "data": {"text": ""}, "products": []}
    assert article.blocks.count() == 2, "the draft is the editor's own"


def test_an_article_without_affiliate_links_gets_no_disclosure() -> None:
    verdict = BlockInput("verdict", {"title": "Verdict", "html": "<p>Neither.</p>"})
    revision = publish_article(article=make_article(blocks=[text(), verdict]), now=NOW)
    assert [block["kind"] for block in revision.content["blocks"]] == ["prose", "verdict"]


def test_a_disclosure_after_an_affiliate_link_is_refused() -> None:
    late = [text(), card(make_product()), BlockInput("disclosure", {"text": ""})]
    assert problems_of(*late) == [
        "Block 2 (Product card): has affiliate links, so the disclosure (block 3) must stand before it."
    ]
    assert not Revision.objects.exists()


def test_a_skipped_heading_level_is_refused_with_the_heading() -> None:
    found = problems_of(text("<h2>One</h2><p>a</p>"), text("<h4>Deep</h4><p>b</p>"))
    assert found == ["Block 2 (Text): the heading “Deep” is level 4 after level 2; use level 3."]


def test_a_link_to_nothing_is_refused_with_its_target() -> None:
    found = problems_of(text('<p><a href="product:gone">x</a> <a href="article:never">y</a></p>'))
    assert found == [
        "Block 1 (Text): the link to “product:gone” leads to nothing we have.",
        "Block 1 (Text): the link to “article:never” leads to nothing we have.",
    ]


def test_two_articles_may_name_each_other_before_either_is_published() -> None:
    make_product("One")
    make_article("first", blocks=[text()])
    second = make_article(
        "second", blocks=[text('<p><a href="article:first">x</a> <a href="product:acme-one">y</a></p>')]
    )
    assert publish_article(article=second, now=NOW).number == 1


@pytest.mark.parametrize("href", ["/go/abc/", "http://127.0.0.1:8000/go/abc/?p=x"])
def test_an_affiliate_link_hidden_in_running_text_is_refused(href: str) -> None:
    (found,) = problems_of(text(f'<p><a href="{href}">cheap</a></p>'))
    assert "affiliate link in running text" in found


def test_a_review_says_how_its_unit_came_to_us() -> None:
    found = problems_of(text(), kind="review", subject=make_product())
    assert found == ["Obtained: a review says how its unit came to us."]


def test_an_article_without_blocks_is_refused() -> None:
    assert problems_of() == ["The article has no blocks yet."]


def test_a_block_spoilt_behind_the_services_back_is_named() -> None:
    article = make_article(blocks=[text(), text()])
    article.blocks.filter(position=2).update(data=["not", "an", "object"])
    article.blocks.filter(position=1).update(kind="carousel")
    with pytest.raises(PublishError) as caught:
        publish_article(article=article, now=NOW)
    assert caught.value.problems == [
        "Block 1 (carousel): this kind is not installed. Remove the block.",
        "Block 2 (Text): must be a set of fields, not a list.",
    ]


def test_a_refusal_leaves_what_readers_see_as_it_was() -> None:
    article = make_article()
    revision = publish_article(article=article, now=NOW)
    article = make_article(blocks=[text("<h4>Deep</h4><p>x</p>")])
    with pytest.raises(PublishError):
        publish_article(article=article, now=NOW)
    article.refresh_from_db()
    assert (article.live_revision, article.status) == (revision, "published")
