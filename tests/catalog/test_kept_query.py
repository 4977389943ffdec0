from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import kept_query
from catalog.kept_query import KeptQuery, KeptSql
from catalog.models import Offer, Product
from tests.factories import make_merchant, make_product, make_seen_offer


def of_products() -> KeptQuery[Product]:
    return KeptQuery(lambda *, ids: Product.objects.filter(pk__in=ids).select_related("brand", "specs").order_by("pk"))


def of_offers() -> KeptQuery[Offer]:
    return KeptQuery(
        lambda *, products, currency: (
            Offer.objects.with_trouble().filter(product_id__in=products, currency=currency).select_related("merchant")
        )
    )


def asked(query: KeptQuery[Product], *ids: int) -> tuple[list[Product], list[str]]:
    with CaptureQueriesContext(connection) as captured:
        found = query.rows(ids=ids)
    return found, [one["sql"] for one in captured]


@pytest.mark.django_db
def test_gives_the_rows_of_the_queryset_with_what_it_selects() -> None:
    first, second = make_product("One", type="over-ear"), make_product("Two", colour="#123456")
    found, asking = asked(of_products(), second.pk, first.pk)
    assert found == [first, second]
    assert len(asking) == 1
    with CaptureQueriesContext(connection) as later:
        assert [row.brand.name for row in found] == [first.brand.name, second.brand.name]
        assert [getattr(row, "specs", None) for row in found] == [
            getattr(row, "specs", None) for row in Product.objects.select_related("specs").order_by("pk")
        ]
        assert found[1].colour == "#123456"
    assert len(later) == 1  # the queryset it was compared with


@pytest.mark.django_db
def test_gives_what_was_annotated_and_reads_every_column_as_django_does() -> None:
    offer = make_seen_offer(make_product("One"), make_merchant("Shop"), amount="19.90")
    (found,) = of_offers().rows(products=[offer.product_id], currency="USD")
    (same,) = Offer.objects.with_trouble().select_related("merchant")
    assert found.__dict__.keys() - {"_state"} == same.__dict__.keys() - {"_state"}
    assert {name: value for name, value in found.__dict__.items() if name != "_state"} == {
        name: value for name, value in same.__dict__.items() if name != "_state"
    }
    assert found.merchant.terms == same.merchant.terms


@pytest.mark.django_db
def test_gives_tuples_where_the_queryset_does() -> None:
    product = make_product("One")
    query = KeptQuery(lambda *, slug: Product.objects.filter(slug=slug).values_list("slug", "pk"))
    assert query.rows(slug=product.slug) == [(product.slug, product.pk)]
    assert query.rows(slug="%s") == []


@pytest.mark.django_db
def test_asks_nothing_for_an_empty_list() -> None:
    assert asked(of_products()) == ([], [])


@pytest.mark.django_db
def test_sees_what_changed_since_it_asked_before() -> None:
    product, query = make_product("One"), of_products()
    assert query.rows(ids=[product.pk])[0].summary != "Changed."
    Product.objects.update(summary="Changed.")
    assert query.rows(ids=[product.pk])[0].summary == "Changed."


@pytest.mark.django_db
def test_will_not_lose_what_would_be_prefetched() -> None:
    query = KeptQuery(lambda *, ids: Product.objects.filter(pk__in=ids).prefetch_related("codes"))
    with pytest.raises(AssertionError, match="prefetched"):
        query.rows(ids=[1])


def test_will_not_let_a_moment_stand_still() -> None:
    query = KeptQuery(lambda *, ids: Product.objects.filter(pk__in=ids, created_at__lte=timezone.now()))
    with pytest.raises(AssertionError, match="stand still"):
        query.rows(ids=[1])


@pytest.mark.django_db(transaction=True)
def test_a_migration_under_a_prepared_question_costs_no_answer() -> None:
    product, query = make_product("One"), of_products()
    query.rows(ids=[product.pk])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_product ALTER COLUMN created_at TYPE timestamptz(3)")
        try:
            assert query.rows(ids=[product.pk]) == [product]
        finally:
            cursor.execute("ALTER TABLE catalog_product ALTER COLUMN created_at TYPE timestamptz")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_planned_once_for_any_number_of_ids() -> None:
    products, query = [make_product(f"No {number}") for number in range(4)], of_products()
    one, first = asked(query, products[0].pk)
    all_four, second = asked(query, *(row.pk for row in products))
    assert (one, all_four) == (products[:1], products)
    assert [sql.split("(")[0] for sql in first] == [sql.split("(")[0] for sql in second]
    assert first[0].startswith("EXECUTE kept_")
    assert len(first) == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_forgot_its_statements_is_asked_in_full() -> None:
    product, query = make_product("One"), of_products()
    query.rows(ids=[product.pk])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    for _ in range(2):
        found, asking = asked(query, product.pk)
        assert found == [product]
        assert asking[-1].startswith("SELECT")
    assert len(asking) == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_knows_the_statement_from_somebody_else_is_asked_in_full() -> None:
    product, query = make_product("One"), of_products()
    query.rows(ids=[product.pk])
    del kept_query._prepared[connection.connection]
    assert query.rows(ids=[product.pk]) == [product]


@pytest.mark.django_db(transaction=True)
def test_an_error_that_says_something_else_is_raised() -> None:
    query = KeptQuery(lambda *, ids: Product.objects.filter(pk__in=ids).extra(where=["1/0 = 1"]))
    with pytest.raises(Exception, match="division by zero"):
        query.rows(ids=[1])


IN_SQL = "SELECT slug, %(number)s::int + 1, %(number)s::int FROM catalog_product WHERE slug = %(slug)s"


@pytest.mark.django_db(transaction=True)
def test_a_question_in_sql_is_planned_once_too() -> None:
    product, query = make_product("One"), KeptSql(IN_SQL)
    query.rows(slug=product.slug, number=1)
    with CaptureQueriesContext(connection) as captured:
        assert query.rows(slug=product.slug, number=6) == [(product.slug, 7, 6)]
    assert [one["sql"].split("_")[0] for one in captured] == ["EXECUTE kept"]


@pytest.mark.django_db
def test_in_a_transaction_it_is_asked_in_full() -> None:
    product, query = make_product("One"), KeptSql(IN_SQL)
    with CaptureQueriesContext(connection) as captured:
        assert query.rows(slug=product.slug, number=6) == [(product.slug, 7, 6)]
    assert [one["sql"].split(" ")[0] for one in captured] == ["SELECT"]
