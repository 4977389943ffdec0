"""What the gate advises without keeping anything from readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from catalog.models import SpecEvidence
from reviews.desk.gate.checks import CHECKS
from reviews.desk.publishing import publish_article
from reviews.models import Article, Picture
from reviews.services.articles import BlockInput, edit_article
from reviews.services.picture_sizes import make_picture_sizes
from tests.factories import (
    make_article,
    make_author,
    make_correction,
    make_merchant,
    make_picture,
    make_product,
    make_published_article,
    make_seen_offer,
)
from tests.reviews.desk.gate.articles import NOW, card, inspected, text, verdict
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db


def due_soon() -> Article:
    product = make_product()
    evidence = {"spec": "weight_g", "source": "Our scales", "checked_on": date(2025, 1, 1), "is_measured": True}
    SpecEvidence.objects.create(product=product, due_on=NOW.date() + timedelta(days=14), **evidence)
    return make_article(blocks=[text(), verdict(product)])


def same_title() -> Article:
    make_article("another", title="A guide")
    return make_article()


def nearly_the_same_title() -> Article:
    make_article("another", title="Wireless headphones for long commutes")
    return make_article(title="Wireless headphones for long commutes today")


def address_of_another() -> Article:
    moved = make_published_article("first")
    moved.slug = "second"
    publish_article(article=edit_article(article=moved, blocks=[text()]))
    return make_article("first", title="Something else")


def picture_in_work() -> Article:
    picture = make_picture()
    return make_article(blocks=[text(), BlockInput("picture", {"picture": picture.pk})])


def corrected(**fields: Any) -> Article:
    article = make_article()
    make_correction(article, **fields)
    return article


def old() -> Article:
    return make_published_article(now=NOW - timedelta(days=400))


def not_public() -> Article:
    make_article("later")
    return make_article(blocks=[text('<p><a href="article:later">More on fit</a></p>')])


def unsold() -> Article:
    return make_article(blocks=[text(), card(make_product())])


def stale() -> Article:
    product = make_product()
    make_seen_offer(product, make_merchant(), seen_at=NOW - timedelta(days=9))
    return make_article(blocks=[text(), card(product)])


def twice() -> Article:
    product = make_product()
    return make_article(blocks=[text(), card(product), card(make_product("Two")), card(product)])


def against_its_scores() -> Article:
    first, second = make_product("One"), make_product("Two")
    method = make_method()
    give(method, first, sound="8.0", comfort="8.0", carrying="8.0")
    give(method, second, sound="9.0", comfort="9.0", carrying="9.0")
    return make_article(use_case="everyday", blocks=[text(), card(first), card(second)])


SCENES: dict[str, tuple[Callable[[], Article], str]] = {
    "claim-due-soon": (
        due_soon,
        "Block 2 (Verdict): Weight of Acme One (Our scales) is to be checked again by 9 December",
    ),
    "title-long": (lambda: make_article(title="T" * 61), "The title for search engines has 61 characters"),
    "description-long": (
        lambda: make_article(standfirst="S" * 161),
        "The description for search engines has 161 characters",
    ),
    "title-duplicate": (same_title, "“A guide” (draft) has the same title. Readers cannot tell them apart."),
    "title-near": (nearly_the_same_title, "“Wireless headphones for long commutes” (draft) has nearly the same title."),
    "slug-unclear": (lambda: make_article("best-2026"), "The slug names a year: the address stays"),
    "slug-taken-over": (address_of_another, "“First” was at the address “first” before."),
    "picture-none": (make_article, "The article has no picture of its own."),
    "picture-unfinished": (picture_in_work, "Block 2 (Picture): the smaller and larger sizes of picture "),
    "reviewer-missing": (make_article, "Nobody is named who checked the article."),
    "use-case-unused": (lambda: make_article_for("calls"), "The scoring method has no use case “calls”"),
    "order-unlike-scores": (against_its_scores, "The Acme One (8.0) stands before the Acme Two (9.0)"),
    "correction-undated": (
        lambda: corrected(day=None),
        "The correction “It weighs 250 grams.” has no day: it gets the day",
    ),
    "correction-unmade": (
        lambda: corrected(passage="Words."),
        "Block 1 (Text): “Words.” still stands here, and a correction says it was wrong.",
    ),
    "article-old": (old, "The article was last revised on 21 October 2025."),
    "link-not-public": (not_public, "Block 1 (Text): “article:later” is not published yet"),
    "offers-missing": (unsold, "Block 2 (Product card): no shop we know sells Acme One at the moment"),
    "offers-stale": (stale, "Block 2 (Product card): every price of Acme One is too old to be shown"),
    "pick-twice": (twice, "Block 4 (Product card): Acme One is picked in block 2 already."),
    "heading-shouted": (
        lambda: make_article(blocks=[text("<h2>BEST OF ALL</h2>")]),
        "Block 1 (Text): the heading “BEST OF ALL”",
    ),
    "link-text-vague": (
        lambda: make_article(blocks=[text('<p>Look <a href="https://maker.example/">here</a>.</p>')]),
        "Block 1 (Text): the link “here” does not say where it leads.",
    ),
    "text-long": (
        lambda: make_article(blocks=[text(f"<p>{'word ' * 151}</p>")]),
        "Block 1 (Text): the paragraph that begins",
    ),
}


def make_article_for(use_case: str) -> Article:
    article = make_article()
    Article.objects.update(use_case=use_case)
    return article


def test_every_warning_has_its_scene() -> None:
    # A draft always takes the version in use; this is said of what is live (tests/reviews/admin/test_method_admin.py).
    # Words can only be lost by a second publication (test_remarks_that_lose_their_words.py).
    assert set(SCENES) | {"method-changed", "remark-loses-place"} == {
        check.key for check in CHECKS if not check.is_refusal
    }


@pytest.mark.parametrize("key", SCENES)
def test_what_could_be_better_is_said_and_does_not_keep_it_from_readers(key: str) -> None:
    make, said = SCENES[key]
    article = make()
    seen = inspected(article)
    remarks = [str(remark) for remark in seen.warnings if remark.check == key]
    assert [remark for remark in remarks if remark.startswith(said)], seen.warnings
    assert seen.refusals == ()
    assert publish_article(article=article, now=NOW).number == 1


def test_an_article_that_lacks_nothing_gets_no_warning_of_words_or_upkeep() -> None:
    article = make_article(reviewer=make_author("Ben Reed"))
    assert {remark.check for remark in inspected(article).warnings} == {"picture-none"}


def test_a_merchant_that_allows_no_prices_makes_no_price_stale() -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(prices_allowed=False), seen_at=NOW - timedelta(days=9))
    article = make_article(blocks=[text(), card(product)])
    assert "offers-stale" not in {remark.check for remark in inspected(article).warnings}


def test_a_new_article_is_not_old() -> None:
    assert "article-old" not in {remark.check for remark in inspected(make_article()).warnings}


def test_a_comparison_of_picks_is_no_second_pick() -> None:
    products = [make_product("One"), make_product("Two")]
    table = BlockInput("comparison", {"title": "Side by side", "caption": "", "specs": ["weight_g"]}, products)
    article = make_article(blocks=[text(), card(products[0]), card(products[1]), table])
    assert "pick-twice" not in {remark.check for remark in inspected(article).warnings}


def test_an_article_is_published_with_a_picture_whose_sizes_are_being_made_and_its_page_shows_it(
    client: Client,
) -> None:
    article = picture_in_work()
    publish_article(article=article)
    picture = Picture.objects.get()
    assert picture.state == Picture.State.WAITING
    body = client.get(article.get_absolute_url()).content.decode()
    assert f'src="/media/{picture.renditions[0]["name"]}"' in body
    make_picture_sizes(picture_id=picture.pk)
    assert not [remark for remark in inspected(article).warnings if remark.check == "picture-unfinished"]
