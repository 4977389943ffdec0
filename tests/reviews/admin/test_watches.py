"""An editor says what must stay true, without a script, and sees how it stands before it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import Article, Block, Watch
from reviews.services.articles import BlockInput, edit_article
from tests.factories import (
    make_article,
    make_author,
    make_merchant,
    make_product,
    make_seen_offer,
    make_staff,
    make_watch,
)

pytestmark = pytest.mark.django_db
ADD = "admin:reviews_watch_add"


@pytest.fixture
def article() -> Article:
    offer = make_seen_offer(make_product(), make_merchant(), amount="49.90")
    html = "<p>It is cheap. Under 50 dollars.</p>"
    return make_article(blocks=[BlockInput("prose", {"html": html})], subject=offer.product)


def asked(article: Article, **fields: Any) -> dict[str, Any]:
    key = Block.objects.get(article=article).key
    return {
        "article": article.pk,
        "condition": "price_below",
        "where": f"{key}:1",
        "products": "Acme One",
        "data_amount": "50",
        "data_currency": "USD",
        **fields,
    }


def test_two_pages_lead_to_a_watched_sentence(admin_client: Client, article: Article) -> None:
    first = admin_client.get(reverse(ADD), {"article": article.pk}).content.decode()
    assert 'value="cheapest_among"' in first
    second = admin_client.get(reverse(ADD), {"article": article.pk, "condition": "price_below"}).content.decode()
    assert "Under 50 dollars." in second
    answer = admin_client.post(reverse(ADD), asked(article), follow=True)
    assert "It is true now: It costs $49.90 at Shop." in answer.content.decode()
    watch = Watch.objects.get()
    assert (watch.passage, watch.state) == ("Under 50 dollars.", Watch.State.HOLDS)
    assert "What must stay true" in answer.content.decode()
    assert "Acme One costs less than $50.00" in answer.content.decode()


def test_the_block_one_comes_from_is_chosen_on_the_second_page(admin_client: Client, article: Article) -> None:
    key = Block.objects.get().key
    address = f"/admin/reviews/watch/add/?article={article.pk}&block={key}"
    first = admin_client.get(address).content.decode()
    assert f'<input type="hidden" name="block" value="{key}">' in first
    second = admin_client.get(f"{address}&condition=price_below").content.decode()
    assert f'<option value="{key}:" selected>' in second
    without = admin_client.get(f"/admin/reviews/watch/add/?article={article.pk}").content.decode()
    assert 'name="block"' not in without


def test_trying_tells_and_saves_nothing(admin_client: Client, article: Article) -> None:
    html = admin_client.post(reverse(ADD), asked(article, data_amount="40", _try="1")).content.decode()
    assert "Not true now" in html
    assert "The least we know of is $49.90 at Shop." in html
    assert 'value="40"' in html
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"data_amount": "cheap"}, "is not a number"),
        ({"products": "Acme Two"}, "is no product of the catalogue"),
        ({"products": ""}, "This field is required"),
        ({"words": "something else"}, "These words do not stand in what is chosen above"),
    ],
    ids=["amount", "unknown product", "no product", "words"],
)
def test_a_slip_is_said_and_nothing_typed_is_lost(
    admin_client: Client, article: Article, wrong: dict[str, str], message: str
) -> None:
    html = admin_client.post(reverse(ADD), asked(article, **wrong)).content.decode()
    assert message in html
    assert all(value in html for value in wrong.values())
    assert not Watch.objects.exists()


def test_words_that_were_edited_away_are_missed(admin_client: Client, article: Article) -> None:
    admin_client.post(reverse(ADD), asked(article))
    block = Block.objects.get()
    edit_article(article=article, blocks=[BlockInput("prose", {"html": "<p>It is cheap.</p>"}, key=block.key)])
    html = admin_client.get(reverse("admin:reviews_watch_change", args=[Watch.objects.get().pk])).content.decode()
    assert "These words are no longer in the working copy." in html


def test_every_condition_has_a_form(admin_client: Client, article: Article) -> None:
    from reviews.conditions import CONDITIONS

    for key in CONDITIONS:
        answer = admin_client.get(reverse(ADD), {"article": article.pk, "condition": key})
        assert answer.status_code == 200
        assert f'name="condition" value="{key}"' in answer.content.decode()


def test_a_writer_sees_and_changes_only_the_claims_of_own_articles(client: Client, article: Article) -> None:
    rights = [f"reviews.{act}_watch" for act in ("add", "change", "view", "delete")]
    writer = make_staff("writer", "reviews.change_article", "reviews.view_article", *rights)
    other = make_watch(article, make_product("Two"), condition="still_made")
    own_article = make_article("own", author=make_author("Own", user=writer))
    own = make_watch(own_article, make_product("Three"), condition="still_made")
    client.force_login(writer)
    listed = client.get(reverse("admin:reviews_watch_changelist")).content.decode()
    assert "Acme Three" in listed
    assert "Acme Two" not in listed
    assert client.get(reverse("admin:reviews_watch_change", args=[own.pk])).status_code == 200
    assert client.get(reverse("admin:reviews_watch_change", args=[other.pk])).status_code == 302
    assert client.post(reverse(ADD), asked(article)).status_code == 403


def test_the_list_asks_as_much_for_two_hundred_as_for_twenty(admin_client: Client, article: Article) -> None:
    counts = []
    products = [make_product(f"N{n}") for n in range(10)]
    for more in (20, 180):
        for n in range(more):
            make_watch(article, products[n % 10], condition="still_made", passage="It is cheap.")
        admin_client.get(reverse("admin:reviews_watch_changelist"))
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(reverse("admin:reviews_watch_changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
