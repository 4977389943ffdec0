"""The gate refuses each thing it is there to refuse: on a real article, by the service that publishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from catalog.models import Merchant, SpecEvidence
from reviews.desk.gate.checks import CHECKS
from reviews.desk.publishing import PublishError, publish_article
from reviews.models import Article, Picture, Revision, Watch
from reviews.services.articles import BlockInput
from tests.factories import (
    make_article,
    make_merchant,
    make_picture,
    make_product,
    make_published_article,
    make_ready_picture,
    make_seen_offer,
    make_staff,
)
from tests.reviews.desk.conftest import Spoil
from tests.reviews.desk.gate.articles import NOW, card, inspected, text, told, verdict
from tests.reviews.scored import make_method

pytestmark = pytest.mark.django_db

OFFER_LINK = '{% load site %}{% offer_link offer placement as link %}<a class="offer-link" '


def sold(model: str = "One", **fields: Any) -> Any:
    """A product with a fresh price at a shop."""
    product = make_product(model, **fields)
    shop = Merchant.objects.filter(slug="shop").first() or make_merchant()
    make_seen_offer(product, shop, seen_at=NOW - timedelta(minutes=5))
    return product


def shown(picture: Picture) -> BlockInput:
    return BlockInput("picture", {"picture": picture.pk, "caption": "", "width": "text"})


def measured(product: Any, *, due_on: date) -> SpecEvidence:
    return SpecEvidence.objects.create(
        product=product,
        spec="weight_g",
        source="Our scales",
        checked_on=date(2025, 1, 1),
        is_measured=True,
        due_on=due_on,
    )


# --- one scene for every check: what the article is, and what the refusal says ------------------------------------


def no_blocks(spoil: Spoil) -> Article:
    return make_article(blocks=[])


def not_obtained(spoil: Spoil) -> Article:
    return make_article(kind="review", subject=make_product())


def unfit(spoil: Spoil) -> Article:
    article = make_article(blocks=[text(), text()])
    article.blocks.filter(position=2).update(data={"html": ""})
    return article


def late_disclosure(spoil: Spoil) -> Article:
    return make_article(blocks=[text(), card(sold()), told()])


def hidden_disclosure(spoil: Spoil) -> Article:
    spoil("blocks/disclosure.html", '<aside class="block-disclosure" hidden><p>Shops pay us a commission.</p></aside>')
    return make_article(blocks=[told(), text(), card(sold())])


def vague_disclosure(spoil: Spoil) -> Article:
    return make_article(blocks=[told("This page contains affiliate links."), text(), card(sold())])


def not_sponsored(spoil: Spoil) -> Article:
    spoil("partials/offer_link.html", OFFER_LINK + 'rel="nofollow" href="{{ link.href }}">{{ offer.link_label }}</a>')
    return make_article(blocks=[text(), card(sold())])


def not_labelled(spoil: Spoil) -> Article:
    article = make_article(blocks=[text(), card(sold())])
    Merchant.objects.update(link_label="")
    return article


def no_alt(spoil: Spoil) -> Article:
    article = make_article(blocks=[text(), shown(make_ready_picture())])
    Picture.objects.update(alt="")
    return article


def alt_of_a_camera(spoil: Spoil) -> Article:
    article = make_article(blocks=[text(), shown(make_ready_picture())])
    Picture.objects.update(alt="IMG_2041.jpeg")
    return article


def picture_without_a_size(spoil: Spoil) -> Article:
    article = make_article(blocks=[text(), shown(make_picture())])
    Picture.objects.update(renditions=[])
    return article


def skipped_level(spoil: Spoil) -> Article:
    return make_article(blocks=[text(), text("<h4>Deep</h4><p>x</p>")])


def empty_heading(spoil: Spoil) -> Article:
    spoil("blocks/prose.html", "<h2><span></span></h2><p>Words.</p>")
    return make_article(blocks=[text()])


def discontinued(spoil: Spoil) -> Article:
    return make_article(blocks=[text(), verdict(make_product(status="discontinued"))])


def overdue(spoil: Spoil) -> Article:
    product = make_product()
    measured(product, due_on=NOW.date() - timedelta(days=1))
    return make_article(blocks=[text(), verdict(product)])


def unscored(spoil: Spoil) -> Article:
    make_method()
    scores = BlockInput("scores", {"title": "Scores", "use_case": "everyday", "rows": []}, [make_product()])
    return make_article(blocks=[text(), scores])


def broken_watch(spoil: Spoil) -> Article:
    article = make_article(blocks=[text(), text("<p>Under 50 dollars.</p>")])
    key = article.blocks.get(position=2).key
    Watch.objects.create(
        article=article,
        block_key=key,
        passage="Under 50 dollars",
        condition="x",
        state="broken",
        reason="it costs $61.00",
    )
    return article


def dates_the_wrong_way_round(spoil: Spoil) -> Article:
    article = make_published_article(now=NOW)
    Article.objects.update(revised_at=NOW - timedelta(days=9))
    return article


def unseen_rating(spoil: Spoil) -> Article:
    spoil("blocks/scores.html", "<p>Scores.</p>")
    spoil("partials/product_scores.html", "")
    product = make_product()
    scores = BlockInput(
        "scores", {"rows": [{"criterion": "Sound", "score": "8.4", "weight": "60", "note": ""}]}, products=[product]
    )
    questions = BlockInput("faq", {"title": "Questions", "items": [{"question": "Why?", "answer": "So."}]})
    spoil("blocks/faq.html", "<h2>Questions</h2><p>Why?</p>")
    return make_article(kind="review", subject=product, obtained="bought", blocks=[text(), scores, questions])


def dangling(spoil: Spoil) -> Article:
    return make_article(blocks=[text('<p><a href="product:gone">It</a></p>')])


def shop_in_text(spoil: Spoil) -> Article:
    make_merchant()
    return make_article(blocks=[text('<p><a href="https://www.shop.example/p/1">It</a></p>')])


def nowhere(spoil: Spoil) -> Article:
    return make_article(blocks=[text('<p><a href="#nowhere">Sound</a></p>')])


def id_twice(spoil: Spoil) -> Article:
    spoil("blocks/faq.html", '<h2 id="related">Questions</h2><p id="related">Why? So.</p>')
    questions = BlockInput("faq", {"title": "Questions", "items": [{"question": "Why?", "answer": "So."}]})
    return make_article(blocks=[text(), questions])


def third_party(spoil: Spoil) -> Article:
    spoil("blocks/prose.html", '<iframe src="https://video.example/1" title="x"></iframe>')
    return make_article(blocks=[text()])


SCENES: dict[str, tuple[Callable[[Spoil], Article], str]] = {
    "blocks-missing": (no_blocks, "The article has no blocks yet."),
    "obtained-missing": (not_obtained, "Obtained: a review says how its unit came to us."),
    "block-unfit": (unfit, "Block 2 (Text): Text: is missing."),
    "disclosure-order": (late_disclosure, "Block 2 (Product card): has affiliate links, so the disclosure (block 3)"),
    "disclosure-late": (hidden_disclosure, "Block 3 (Product card): “$99.00 at Shop paid link” is an affiliate link"),
    "disclosure-vague": (vague_disclosure, "Block 1 (Disclosure): the disclosure does not say that we are paid."),
    "link-not-sponsored": (
        not_sponsored,
        'Block 2 (Product card): the affiliate link “paid link” lacks rel="sponsored"',
    ),
    "link-unlabelled": (not_labelled, "Block 2 (Product card): the affiliate link “$99.00 at Shop” has no label"),
    "alt-missing": (no_alt, "Block 2 (Picture): the picture “"),
    "alt-file-name": (alt_of_a_camera, "Block 2 (Picture): the alternative text “IMG_2041.jpeg” is a file's name."),
    "picture-not-ready": (picture_without_a_size, "Block 2 (Picture): there is no size of picture "),
    "heading-jump": (skipped_level, "Block 2 (Text): the heading “Deep” is level 4 after level 2; use level 3."),
    "heading-empty": (empty_heading, "Block 1 (Text): a heading of level 2 is empty."),
    "product-discontinued": (discontinued, "Block 2 (Verdict): Acme One is no longer made"),
    "claim-overdue": (
        overdue,
        "Block 2 (Verdict): Weight of Acme One (Our scales) was to be measured again by 24 November",
    ),
    "scores-missing": (unscored, "Block 2 (Scores): there is no overall, because too little is scored"),
    "watch-broken": (broken_watch, "Block 2 (Text): “Under 50 dollars” is no longer true: it costs $61.00."),
    "json-ld-invalid": (dates_the_wrong_way_round, "The data for search engines are wrong: Article: dateModified"),
    "json-ld-unseen": (unseen_rating, "The data for search engines say “So.”"),
    "link-dangling": (dangling, "Block 1 (Text): the link to “product:gone” leads to nothing we have."),
    "link-to-shop": (shop_in_text, "Block 1 (Text): “https://www.shop.example/p/1” leads to a shop from running text"),
    "anchor-missing": (nowhere, "Block 1 (Text): the link “Sound” leads to “#nowhere”"),
    "id-repeated": (id_twice, "Block 2 (Questions and answers): the id “related” stands on the page 2 times."),
    "third-party-request": (third_party, "Block 1 (Text): the page would fetch “https://video.example/1”"),
}


def test_every_refusal_has_its_scene() -> None:
    assert set(SCENES) == {check.key for check in CHECKS if check.is_refusal}


@pytest.mark.parametrize("key", SCENES)
def test_what_must_not_be_published_is_refused_with_block_and_reason(key: str, spoil: Spoil) -> None:
    scene, said = SCENES[key]
    article = scene(spoil)
    before = Revision.objects.count()
    with pytest.raises(PublishError) as caught:
        publish_article(article=article, now=NOW)
    assert [problem for problem in caught.value.problems if problem.startswith(said)], caught.value.problems
    assert Revision.objects.count() == before
    remarks = [remark for remark in inspected(article).refusals if remark.check == key]
    assert [str(remark) for remark in remarks if str(remark).startswith(said)]


@pytest.mark.parametrize("key", ["disclosure-vague", "heading-jump", "link-dangling"])
def test_the_publish_button_refuses_and_says_why(key: str, spoil: Spoil, client: Client) -> None:
    scene, said = SCENES[key]
    article = scene(spoil)
    client.force_login(make_staff("chief", *[f"reviews.{what}_article" for what in ("change", "view", "publish")]))
    page = f"/admin/reviews/article/{article.pk}/step/publish/"
    answer = client.post(page, {"version": article.version}, follow=True)
    article.refresh_from_db()
    assert article.live_revision is None
    assert said in unescape(answer.content.decode())


def test_a_sound_article_with_offers_and_a_picture_passes() -> None:
    product = sold()
    blocks = [text(), shown(make_ready_picture()), card(product), verdict(product)]
    assert inspected(make_article(blocks=blocks)).refusals == ()


def test_the_disclosure_that_publishing_adds_does_not_move_the_editors_numbers() -> None:
    article = make_article(blocks=[card(sold()), text("<h2>A</h2><h4>Deep</h4><p>x</p>")])
    (found,) = inspected(article).refusals
    assert (found.check, found.block_number, found.kind) == ("heading-jump", 2, "prose")
    assert str(found).startswith("Block 2 (Text): ")


@pytest.mark.parametrize(
    ("words", "is_refused"),
    [("Buy it.", True), ("It is no longer made, and worth it used.", False), ("Discontinued in May.", False)],
)
def test_a_discontinued_product_passes_where_its_block_says_so(words: str, is_refused: bool) -> None:
    article = make_article(blocks=[text(), verdict(make_product(status="discontinued"), words)])
    assert ("product-discontinued" in {one.check for one in inspected(article).refusals}) is is_refused


def test_a_card_says_by_itself_that_a_product_is_no_longer_made() -> None:
    article = make_article(blocks=[text(), card(make_product(status="discontinued")), verdict(make_product("Two"))])
    assert inspected(article).refusals == ()


def test_a_comparison_says_by_itself_which_products_are_no_longer_made() -> None:
    gone = [make_product(name, status="discontinued") for name in ("One", "Two")]
    table = {"title": "Side by side", "specs": ["weight_g"]}
    article = make_article(blocks=[text(), BlockInput("comparison", table, gone)])
    assert "product-discontinued" not in {one.check for one in inspected(article).refusals}


def test_one_word_does_not_speak_for_two_discontinued_products() -> None:
    gone = [make_product(name, status="discontinued") for name in ("One", "Two")]
    article = make_article(blocks=[text("<p>One of them is no longer made.</p>"), *map(verdict, gone)])
    found = [one for one in inspected(article).refusals if one.check == "product-discontinued"]
    assert [one.message.split(" is no")[0] for one in found] == ["Acme One", "Acme Two"]


def test_a_watch_on_a_block_that_is_gone_keeps_nothing_from_readers() -> None:
    article = make_article()
    Watch.objects.create(article=article, block_key="gone", condition="x", state="broken")
    assert inspected(article).refusals == ()


def test_what_a_maker_says_is_not_our_measurement() -> None:
    product = make_product()
    SpecEvidence.objects.create(
        product=product, spec="weight_g", source="Maker", checked_on=date(2025, 1, 1), due_on=date(2026, 1, 1)
    )
    seen = inspected(make_article(blocks=[text(), verdict(product)]))
    assert seen.refusals == ()
    assert "claim-due-soon" in {one.check for one in seen.warnings}
