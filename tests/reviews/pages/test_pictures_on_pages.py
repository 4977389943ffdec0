"""An article's picture stands at its top, on its cards and in shared links, and pages hear when it changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from catalog.services.page_changes import carry_page_changes
from reviews import selectors
from reviews.desk.publishing import publish_article
from reviews.models import Article, Picture
from reviews.pages.parts import article_cards
from reviews.services.articles import BlockInput, edit_article
from reviews.services.picture_sizes import make_picture_sizes
from reviews.services.pictures import change_picture
from tests.factories import (
    make_article,
    make_merchant,
    make_product,
    make_published_article,
    make_ready_picture,
    make_review,
    picture_file,
)

pytestmark = pytest.mark.django_db(transaction=True)


def led_by(picture: Picture, slug: str = "a-guide") -> Article:
    return give_picture(make_article(slug), picture)


def give_picture(article: Article, picture: Picture) -> Article:
    article.picture = picture
    words = BlockInput("prose", {"html": "<h2>First</h2><p>Words.</p>"})
    edit_article(article=article, blocks=[words])
    publish_article(article=article)
    return article


def page(path: str) -> str:
    return Client().get(path).content.decode()


def test_the_lead_picture_comes_in_every_size_with_its_place_kept_and_its_words() -> None:
    picture = make_ready_picture(
        file=picture_file(700, 400), caption="In the office.", credit="Ada F.", licence="cc_by"
    )
    html = page(led_by(picture).get_absolute_url())
    found = re.search(r"<figure class=\"lead-picture\">.*?</figure>", html, re.DOTALL)
    assert found is not None
    lead = found[0]
    assert re.findall(r'<source type="(.*?)"', lead) == ["image/avif", "image/webp"]
    assert "700w" in lead
    assert 'width="700" height="400"' in lead
    assert 'alt="A headset on a desk"' in lead
    assert 'fetchpriority="high"' in lead
    assert "lazy" not in lead
    assert "In the office." in lead
    assert re.search(r"Ada F\.\s+\(CC BY\)", lead)


def test_it_goes_along_with_links_shared_elsewhere_and_is_told_to_search_engines() -> None:
    html = page(led_by(make_ready_picture(file=picture_file(600, 400))).get_absolute_url())
    shared = re.search(r'<meta property="og:image" content="(.*?)">', html)
    assert shared is not None
    assert re.search(r"/media/pictures/[0-9a-f]{20}/600-1-91x1-[0-9a-f]+\.jpg$", shared[1])
    assert '<meta property="og:image:width" content="600">' in html
    assert '<meta property="og:image:alt" content="A headset on a desk">' in html
    nodes = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[0])
    assert shared[1] in json.dumps(nodes)


def test_while_its_sizes_are_made_it_is_shown_in_one_plain_size() -> None:
    picture = make_ready_picture(file=picture_file(300, 200))
    path = led_by(picture).get_absolute_url()
    plain = [one for one in picture.renditions if (one["format"], one["ratio"]) == ("jpeg", "")]
    Picture.objects.update(renditions=plain, state=Picture.State.WAITING)
    html = page(path)
    assert "<figure" in html
    assert "<source" not in html
    assert "/static/img/cards/site" in html, "what is shared has a size of its own, which is not there yet"


def test_a_review_shows_it_beside_its_product() -> None:
    picture = make_ready_picture(caption="On the train.")
    review = give_picture(make_review(make_product("Talk", kind="headset", type="gaming")), picture)
    aside = re.search(r'<aside class="subject card".*?</aside>', page(review.get_absolute_url()), re.DOTALL)
    assert aside is not None
    assert "<picture>" in aside[0]
    assert "On the train." in aside[0]


def test_cards_show_it_in_their_own_shape_and_load_it_late() -> None:
    led_by(make_ready_picture(file=picture_file(640, 240)))
    card = re.search(r'<article class="card">.*?</article>', page("/guides/"), re.DOTALL)
    assert card is not None
    assert "-4x3-" in card[0]
    assert 'loading="lazy"' in card[0]
    assert 'width="320" height="240"' in card[0]


def test_pictures_of_all_cards_are_read_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        led_by(make_ready_picture(f"Number {number}"), f"guide-{number}")
    rows = list(selectors.published_articles())
    with django_assert_num_queries(1):
        cards = article_cards(rows)
    assert all(card.picture for card in cards)


def test_a_site_without_pictures_asks_for_none(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_published_article()
    rows = list(selectors.published_articles())
    with django_assert_num_queries(0):
        article_cards(rows)


def test_what_a_merchant_no_longer_allows_is_not_shown() -> None:
    shop = make_merchant("Shop", image_copies_allowed=True)
    article = led_by(make_ready_picture(merchant=shop))
    assert "<picture>" in page(article.get_absolute_url())
    shop.image_copies_allowed = False
    shop.save()
    html = page(article.get_absolute_url())
    assert "<picture>" not in html
    assert "/media/" not in html


def alt(picture: Picture) -> None:
    picture.alt = "Another word"
    change_picture(picture=picture)


def caption_in_sql(picture: Picture) -> None:
    Picture.objects.filter(pk=picture.pk).update(caption="Past every service.")


def sizes(picture: Picture) -> None:
    picture.focus_x = Decimal("0.1")
    change_picture(picture=picture)
    carry_page_changes()
    page("/guides/")
    make_picture_sizes(picture_id=picture.pk)


def terms(picture: Picture) -> None:
    assert picture.merchant is not None
    picture.merchant.image_copies_allowed = False
    picture.merchant.save()


@pytest.mark.parametrize("change", [alt, caption_in_sql, sizes, terms])
def test_kept_pages_that_show_it_go_when_it_changes_and_others_stay(
    settings: Settings, change: Callable[[Picture], None]
) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    picture = make_ready_picture(file=picture_file(300, 150), merchant=make_merchant("Shop", image_copies_allowed=True))
    shows_it = led_by(picture).get_absolute_url()
    other = make_published_article("plain", kind="best_of").get_absolute_url()
    paths = [shows_it, "/guides/", other]
    carry_page_changes()
    for path in paths * 2:
        page(path)
    assert all("hit" in Client().get(path)["Cache-Status"] for path in paths)
    change(picture)
    carry_page_changes()
    kept = {path: "hit" in Client().get(path)["Cache-Status"] for path in paths}
    # "Read next" below the other article shows a card of this one.
    assert not kept[shows_it]
    assert not kept["/guides/"]


def test_a_picture_that_is_only_worked_on_purges_nothing(settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    picture = make_ready_picture()
    path = led_by(picture).get_absolute_url()
    carry_page_changes()
    page(path)
    Picture.objects.filter(pk=picture.pk).update(state="waiting", state_reason="It is tried again.")
    carry_page_changes()
    assert "hit" in Client().get(path)["Cache-Status"]
