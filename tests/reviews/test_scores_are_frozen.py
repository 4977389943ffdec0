"""A page names the version of the method it was scored by and keeps what that said; lists show the active one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from catalog.page_tags import listening
from reviews import selectors
from reviews.desk.gate import inspect
from reviews.desk.publishing import publish_article
from reviews.models import Article
from reviews.services.articles import BlockInput
from reviews.services.drafts import draft_content, is_same
from reviews.services.methods import activate_version
from tests.factories import make_article, make_product
from tests.reviews.html import Reader
from tests.reviews.scored import NOW, give, make_method
from tests.reviews.weighed import make_weighed_guide

pytestmark = pytest.mark.django_db


def make_review_by_method(product: Product, use_case: str = "everyday") -> Article:
    return make_article(
        "by-method",
        kind="review",
        subject=product,
        obtained="bought",
        blocks=[BlockInput("scores", {"title": "Scores", "use_case": use_case}, products=[product])],
    )


@pytest.fixture
def one() -> Product:
    product = make_product("One")
    give(make_method(), product, sound="8.0", comfort="6.0")
    return product


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_block_shows_rows_version_use_case_and_what_is_missing(one: Product) -> None:
    review = make_review_by_method(one)
    publish_article(article=review)
    html = read("/reviews/by-method/")
    assert '<span class="score">7.3</span> out of 10 overall' in html
    assert 'By <a href="/method/1/">Method 1</a>, weighted for Every day' in html
    assert "1 of 3 criteria is not scored and left out: Carrying." in html
    assert "Heard sound." in html
    assert '"ratingValue": "7.3"' in html.replace('"ratingValue":"', '"ratingValue": "')


def test_what_is_published_keeps_its_scores_and_its_version(one: Product) -> None:
    review = make_review_by_method(one)
    publish_article(article=review)
    second = make_method()
    give(second, one, sound="4.0", comfort="4.0", carrying="4.0")
    html = read("/reviews/by-method/")
    assert "7.3" in html
    assert "Method 1" in html
    assert "Method 2" not in html

    review.refresh_from_db()
    assert not is_same(draft_content(review), review.live_revision.content)  # type: ignore[union-attr]
    publish_article(article=review)
    assert "Method 2</a>, weighted for Every day" in read("/reviews/by-method/")


def test_a_guide_shows_its_products_by_its_use_case_as_on_the_day_it_was_published() -> None:
    _, draft = make_weighed_guide()
    activate_version(version=draft, now=NOW)
    html = read("/best/weighed/")
    assert 'Scores by <a href="/method/1/">Method 1</a>, weighted for Every day' in html
    assert "8.8" in html
    assert "8.7" not in html


def test_without_a_review_lists_and_the_products_page_show_the_active_method(one: Product) -> None:
    facts = selectors.product_facts([one.pk], now=timezone.now())[one.pk]
    assert facts.overall_score == Decimal("7.3")
    html = read("/products/acme-one/")
    assert "How it scores" in html
    assert "Heard comfort." in html
    assert "1 not scored" in html
    assert "ratingValue" not in html, "a rating needs somebody who rates: a review"


def test_the_review_s_own_number_goes_before_the_method_s(one: Product) -> None:
    review = make_review_by_method(one, "desk")
    publish_article(article=review)
    facts = selectors.product_facts([one.pk], now=timezone.now())[one.pk]
    assert facts.overall_score == Decimal("7.2")


def test_what_was_frozen_cannot_be_typed(one: Product) -> None:
    frozen = {"method": 9, "label": "Mine", "rows": [{"criterion": "All", "score": "10", "weight": 1, "note": ""}]}
    review = make_article(
        "typed",
        blocks=[BlockInput("scores", {"use_case": "everyday", "frozen": frozen}, products=[one])],
    )
    assert "frozen" not in review.blocks.get().data
    assert draft_content(review)["blocks"][0]["data"]["frozen"]["method"] == 1


def test_articles_without_a_use_case_ask_nothing_of_the_method(one: Product, django_assert_num_queries: object) -> None:
    from reviews.services.frozen_scores import fill_scores

    article = make_article("plain")
    content = draft_content(article)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert fill_scores(content) == content
    assert "method" not in content


def remarks(article: Article) -> dict[str, str]:
    article = Article.objects.select_related("author", "reviewer", "live_revision").get(pk=article.pk)
    content = article.live_revision.content if article.live_revision else draft_content(article)
    found = inspect(article, content, now=timezone.now())
    return {one.check: str(one) for one in (*found.refusals, *found.warnings)}


def test_the_gate_refuses_a_use_case_that_the_method_does_not_have(one: Product) -> None:
    assert "the method in use has no use case “gone”" in remarks(make_review_by_method(one, "gone"))["scores-missing"]


def test_the_gate_refuses_a_block_with_too_little_scored(one: Product) -> None:
    two = make_product("Two")
    said = remarks(make_review_by_method(two))["scores-missing"]
    assert said.startswith("Block 1 (Scores): there is no overall")
    assert "Sound, Comfort, Carrying missing" in said


def test_the_gate_warns_when_a_live_page_follows_an_older_version_or_another_order() -> None:
    guide, draft = make_weighed_guide()
    assert not {"method-changed", "order-unlike-scores"} & remarks(guide).keys()
    activate_version(version=draft, now=NOW)
    assert "scored by Method 1, and Method 2 is in use now" in remarks(guide)["method-changed"]
    publish_article(article=guide)
    said = remarks(guide)
    assert "method-changed" not in said
    assert "The Acme Heavy (8.6) stands before the Acme Light (8.7)" in said["order-unlike-scores"]


def test_pages_with_scores_hear_of_the_product_and_the_method(one: Product) -> None:
    with listening(timezone.now()) as notes:
        selectors.product_facts([one.pk], now=timezone.now())
    assert f"scores:{one.pk}" in notes.tags


def test_the_public_page_is_made_from_the_version(one: Product) -> None:
    html = read("/method/")
    assert "Method 1 is the one we score by now" in html
    assert "By ear, on three songs." in html
    page = Reader(html)
    assert [attrs["value"] for attrs in page.all("meter")] == ["50", "30", "20", "60", "40"]
    assert "/method/" in read("/sitemap-pages.xml")


def test_an_older_version_stays_readable_and_drafts_are_nobody_s(one: Product) -> None:
    from reviews.services.methods import prepare_version

    make_method()
    draft = prepare_version()
    html = read("/method/1/")
    assert "Method 1 is no longer used for new scores" in html
    assert Client().get(f"/method/{draft.number}/").status_code == 404
    assert f"Method {draft.number}" not in read("/method/")


def test_before_there_is_a_method_the_page_says_so() -> None:
    assert "There is no common method yet" in read("/method/")
    assert "/method/" not in read("/sitemap-pages.xml")
    assert Client().get("/method/1/").status_code == 404
