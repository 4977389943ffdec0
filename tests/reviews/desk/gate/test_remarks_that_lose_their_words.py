"""Before a publication the gate says which readers' remarks would lose their words, and it turns out to be true."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.desk.gate import inspect
from reviews.desk.publishing import publish_article
from reviews.models import Article, CommentPassage
from reviews.services.articles import BlockInput, edit_article
from reviews.services.drafts import draft_content
from tests.factories import make_colleague, make_published_article, make_remark
from tests.reviews.desk.gate.articles import NOW, inspected

pytestmark = pytest.mark.django_db

PADS = "After two hours the left pad runs warm."
WEIGHT = "They weigh 250 grams and fold flat."
CABLE = "The cable is of cloth and one metre long."


def blocks(article: Article | None, *texts: str) -> list[BlockInput]:
    keys = list(article.blocks.order_by("position").values_list("key", flat=True)) if article else []
    return [
        BlockInput("prose", {"html": f"<h2>Part</h2><p>{text}</p>"}, key=keys[at] if at < len(keys) else "")
        for at, text in enumerate(texts)
    ]


@pytest.fixture
def article() -> Article:
    return make_published_article("a-guide", blocks=blocks(None, PADS, f"{WEIGHT} {CABLE}"))


def warned(article: Article) -> list[str]:
    return [str(one) for one in inspected(article).warnings if one.check == "remark-loses-place"]


def edited(article: Article, *texts: str) -> Article:
    edit_article(article=article, blocks=blocks(article, *texts))
    article.refresh_from_db()
    return article


def gone() -> set[str]:
    return set(CommentPassage.objects.filter(state="gone").values_list("exact", flat=True))


def test_says_how_many_and_which_before_and_exactly_those_are_gone_afterwards(article: Article) -> None:
    make_remark(article, "weigh 250 grams")
    make_remark(article, "of cloth and one metre long", state="held")
    make_remark(article, "the left pad runs warm")
    edited(article, PADS, "Nothing else is said of them here, whatever it was.")
    assert warned(article) == [
        "Block 2 (Text): the words of 2 readers’ remarks are not there any more: “weigh 250 grams”, “of cloth and one "
        "metre long” (not decided on yet). They are kept, as on earlier wording. If a remark was right, make a "
        "correction of it, which thanks its writer."
    ]
    assert gone() == set()
    publish_article(article=article)
    assert gone() == {"weigh 250 grams", "of cloth and one metre long"}


def test_of_a_block_that_is_taken_out_the_page_as_a_whole_tells(article: Article) -> None:
    make_remark(article, "weigh 250 grams")
    edited(article, PADS)
    (said,) = warned(article)
    assert said.startswith("The words of a reader’s remark are not there any more: “weigh 250 grams”. It is kept")


def test_words_that_moved_or_were_set_otherwise_lose_nothing(article: Article) -> None:
    make_remark(article, "They weigh 250 grams and fold flat")
    edited(article, f"<em>{WEIGHT}</em> {PADS}", CABLE)
    assert warned(article) == []
    publish_article(article=article)
    assert gone() == set()


def test_is_silent_for_what_is_refused_gone_already_or_unchanged(article: Article) -> None:
    make_remark(article, "the left pad runs warm", state="spam")
    make_remark(article, "weigh 250 grams")
    assert warned(article) == []
    edited(article, "Other words than before.", CABLE)
    assert len(warned(article)) == 1
    publish_article(article=article)
    assert warned(article) == []


def test_more_than_three_are_counted_and_long_ones_cut(article: Article) -> None:
    long = f"{WEIGHT} {CABLE}"
    for words in (long, "weigh 250", "fold flat", "of cloth", "one metre"):
        make_remark(article, words)
    edited(article, PADS, "Nothing.")
    (said,) = warned(article)
    assert f"the words of 5 readers’ remarks are not there any more: “{long[:60].rstrip()}…”" in said
    assert "and 2 more." in said


def test_a_hundred_remarks_cost_no_more_questions_than_one(article: Article) -> None:
    def count() -> int:
        row = Article.objects.select_related("author", "reviewer", "live_revision").get(pk=article.pk)
        content = draft_content(row)
        with CaptureQueriesContext(connection) as seen:
            inspect(row, content, now=NOW)
        return len(seen)

    make_remark(article, "weigh 250 grams")
    edited(article, PADS, "Nothing.")
    one = count()
    for _ in range(99):
        make_remark(article, "fold flat")
    assert count() == one


def test_the_editor_reads_it_on_the_page_of_the_step(client: Client, article: Article) -> None:
    make_remark(article, "weigh 250 grams")
    edited(article, PADS, "Nothing.")
    client.force_login(make_colleague("chief", "Editor"))
    for page in ("step/publish", "preview"):
        shown = client.get(f"/admin/reviews/article/{article.pk}/{page}/").content.decode()
        assert "the words of a reader’s remark are not there any more: “weigh 250 grams”" in shown, page
