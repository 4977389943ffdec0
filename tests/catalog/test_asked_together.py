from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import kept_query
from catalog.kept_query import KeptQuery, asked_together
from catalog.models import Offer, Product
from reviews.pages.article import article_page
from reviews.selectors import published_article
from reviews.services.articles import BlockInput
from tests.factories import make_comment, make_merchant, make_product, make_published_article, make_seen_offer

PRODUCTS = KeptQuery(lambda *, ids: Product.objects.filter(pk__in=ids).order_by("pk"))
SLUGS = KeptQuery(lambda *, slug: Product.objects.filter(slug=slug).values_list("pk"))
OFFERS = KeptQuery(lambda *, products: Offer.objects.filter(product__in=products))


def two_products() -> tuple[Product, Product]:
    return make_product("One"), make_product("Two")


@pytest.mark.django_db(transaction=True)
def test_all_questions_are_one_and_each_gets_its_own_rows() -> None:
    one, two = two_products()
    offer = make_seen_offer(two, make_merchant("Shop"))
    ids = [two.pk, one.pk]
    with CaptureQueriesContext(connection) as asking:
        together = asked_together(
            PRODUCTS.of(ids=ids), SLUGS.of(slug=two.slug), SLUGS.of(slug=one.slug), OFFERS.of(products=ids)
        )
        with together:
            # In another order the same ids are the same question.
            assert PRODUCTS.rows(ids=[one.pk, two.pk]) == [one, two]
            assert SLUGS.rows(slug=one.slug) == [(one.pk,)]
            assert SLUGS.rows(slug=two.slug) == [(two.pk,)]
            assert OFFERS.rows(products=ids) == [offer]
            assert PRODUCTS.rows(ids=ids) == [one, two]
    assert len(asking) == 1


@pytest.mark.django_db(transaction=True)
def test_a_question_that_was_not_among_them_is_asked_by_itself() -> None:
    one, two = two_products()
    with asked_together(PRODUCTS.of(ids=[one.pk])), CaptureQueriesContext(connection) as asking:
        assert PRODUCTS.rows(ids=[two.pk]) == [two]
        assert SLUGS.rows(slug=one.slug) == [(one.pk,)]
    assert len(asking) == 2


@pytest.mark.django_db(transaction=True)
def test_afterwards_nothing_old_is_answered() -> None:
    one, _ = two_products()
    with asked_together(PRODUCTS.of(ids=[one.pk])):
        pass
    Product.objects.filter(pk=one.pk).update(summary="Changed.")
    assert PRODUCTS.rows(ids=[one.pk])[0].summary == "Changed."


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_where_no_row_can_be() -> None:
    with CaptureQueriesContext(connection) as asking, asked_together(PRODUCTS.of(ids=[])):
        assert PRODUCTS.rows(ids=[]) == []
    assert len(asking) == 0


@pytest.mark.django_db
def test_in_a_transaction_each_is_asked_when_it_is_wanted() -> None:
    one, two = two_products()
    with asked_together(PRODUCTS.of(ids=[one.pk])):
        Product.objects.filter(pk=one.pk).update(summary="Changed.")
        assert PRODUCTS.rows(ids=[one.pk])[0].summary == "Changed."
        assert PRODUCTS.rows(ids=[two.pk]) == [two]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_keeps_nothing_answers_all_the_same() -> None:
    one, two = two_products()
    PRODUCTS.rows(ids=[one.pk])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    for _ in range(2):
        with asked_together(SLUGS.of(slug=two.slug), PRODUCTS.of(ids=[one.pk])):
            assert PRODUCTS.rows(ids=[one.pk]) == [one]
            assert SLUGS.rows(slug=two.slug) == [(two.pk,)]
    assert connection.connection in kept_query._forgetful


@pytest.mark.django_db(transaction=True)
def test_an_article_waits_for_the_database_four_times() -> None:
    """For itself, for all it shows, for what others show of it, and for their cards."""
    products = two_products()
    shop = make_merchant("Shop")
    for product in products:
        make_seen_offer(product, shop)
    cards = [BlockInput("product_card", {"text": "Good."}, [product]) for product in products]
    make_published_article("other", blocks=cards[:1])
    article = make_published_article("this", blocks=[BlockInput("disclosure", {}), *cards])
    make_comment(article)
    for _ in range(2):  # the first time words and prepares
        with CaptureQueriesContext(connection) as asking:
            found = published_article(article.kind, article.slug)
            assert found is not None
            page = article_page(found, now=timezone.now())
    assert page.comments is not None
    assert page.comments.total == 1
    assert len(page.related) == 1
    assert len(page.facts) == 2
    assert [len(one["sql"].split("; ")) for one in asking] == [1, 11, 1, 1]
