"""A line for every write, whatever the door: who, when, which row, what was in it before and what is in it now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Brand, Link, Merchant, Offer, Price, Product
from reviews.models import AuditLine, Comment, RowChange
from tests.factories import make_article, make_colleague, make_link, make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db

# Lists of the admin where somebody may add, change or delete, and whose rows leave no line by themselves.
NOT_WRITTEN_DOWN = {
    "readers.Reader": "an address that has to be forgotten when its owner says so; consents keep their own proof",
}


def newest() -> RowChange:
    found = RowChange.objects.order_by("-pk").first()
    assert found is not None
    return found


def test_what_was_in_a_row_and_what_is_now_stand_side_by_side() -> None:
    shop = make_merchant()
    before = timezone.now()
    Merchant.objects.filter(pk=shop.pk).update(prices_allowed=False, network_settings={"tag": "ours-21"})
    line = newest()
    assert (line.table_name, line.row_id, line.row_name, line.act) == ("catalog_merchant", str(shop.pk), shop.name, 2)
    assert line.said == {
        "prices_allowed": [True, False],
        "network_settings": [shop.network_settings or None, {"tag": "ours-21"}],
    }
    assert abs(line.happened_at - before) < timedelta(minutes=5)


def test_a_row_that_came_and_one_that_went_say_all_that_was_in_them() -> None:
    brand = Brand.objects.create(name="Acme", slug="acme")
    assert (newest().act, newest().said) == (1, {"name": [None, "Acme"], "slug": [None, "acme"]})
    number = brand.pk
    brand.delete()
    line = newest()
    assert (line.act, line.row_id, line.said) == (3, str(number), {"name": ["Acme", None], "slug": ["acme", None]})


def test_saving_what_is_there_already_leaves_no_line() -> None:
    product = make_product()
    before = RowChange.objects.count()
    product.save()
    Offer.objects.filter(pk=0).delete()
    assert RowChange.objects.count() == before


def test_many_rows_of_one_statement_are_one_line_and_a_hundred_are_not() -> None:
    Brand.objects.bulk_create(Brand(name=f"A {n}", slug=f"a-{n}") for n in range(100))
    assert RowChange.objects.filter(table_name="catalog_brand").count() == 100
    made = Brand.objects.bulk_create(Brand(name=f"B {n}", slug=f"b-{n}") for n in range(101))
    line = newest()
    assert RowChange.objects.filter(table_name="catalog_brand").count() == 101
    numbers = [one.pk for one in made]
    assert line.said == {"rows": [None, 101], "first": [None, min(numbers)], "last": [None, max(numbers)]}
    Brand.objects.filter(pk__in=numbers).delete()
    assert RowChange.objects.filter(table_name="catalog_brand", act=3).count() == 101, "what is gone is named, each"


def test_secrets_and_addresses_are_said_to_have_changed_and_not_copied() -> None:
    user = make_colleague("theo")
    user.set_password("a long and secret word")
    user.email = "theo@elsewhere.example"
    user.is_superuser = True
    user.save()
    assert newest().said == {"password": [], "email": [], "is_superuser": [False, True]}
    written = str([line.said for line in RowChange.objects.all()])
    assert user.password not in written
    assert "elsewhere" not in written
    line = AuditLine.objects.filter(table_name="auth_user").first()
    assert line is not None
    assert "email: changed; what it was and is stays out of this log" in line.deed


def test_a_price_that_was_decided_says_by_whom_and_not_how_much() -> None:
    offer = make_seen_offer(make_product(), make_merchant())
    now = timezone.now()
    seen = {"amount": "9.00", "currency": "USD", "availability": "in_stock"}
    before = RowChange.objects.count()
    Price.objects.create(offer=offer, source="feed", verdict="accepted", seen_at=now, **seen)
    Offer.objects.filter(pk=offer.pk).update(amount="9.00", checked_at=timezone.now(), state="ok")
    assert RowChange.objects.count() == before, "what is read by the thousand is no line"
    later = now + timedelta(minutes=1)
    Price.objects.create(offer=offer, source="manual", verdict="accepted", decided_by="ines", seen_at=later, **seen)
    assert newest().said == {
        "offer_id": [None, offer.pk], "verdict": [None, "accepted"], "source": [None, "manual"],
        "decided_by": [None, "ines"], "amount": [],
    }  # fmt: skip


def test_of_a_comment_stands_only_what_was_decided() -> None:
    article = make_article()
    comment = Comment.objects.create(
        article=article, name="Ada", text="Loud.", html="Loud.", state="held", written_at=timezone.now()
    )
    assert not RowChange.objects.filter(table_name="reviews_comment").exists()
    Comment.objects.filter(pk=comment.pk).update(state="shown", name="Ada L.", text="Very loud.")
    assert newest().said == {"state": ["held", "shown"]}
    before = RowChange.objects.count()
    comment.delete()
    assert RowChange.objects.count() == before, "who takes their words back takes them back"


def test_the_database_refuses_to_rewrite_it() -> None:
    Brand.objects.create(name="Acme", slug="acme")
    for sql in ("UPDATE reviews_rowchange SET name = 'nobody'", "DELETE FROM reviews_rowchange"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    months = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'reviews_rowchange'::regclass"
    with connection.cursor() as cursor:
        cursor.execute(months)
        for (month,) in cursor.fetchall():
            cursor.execute(f"INSERT INTO {month} SELECT * FROM reviews_rowchange WHERE false")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM reviews_rowchange_{timezone.now():%Y_%m}")


def test_giving_a_right_stands_in_the_history_of_who_got_it() -> None:
    user, role = make_colleague("theo"), Group.objects.create(name="Proof-readers")
    user.groups.add(role)
    line = AuditLine.objects.get(table_name="auth_user_groups")
    assert (line.content_type.model, line.object_id) == ("user", str(user.pk))  # type: ignore[union-attr]
    user.groups.clear()
    assert newest().said == {"group_id": [role.pk, None]}


def test_reading_asks_nothing_more_and_says_nobody(client: Client) -> None:
    make_article()
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/products/").status_code == 200
    assert not [query["sql"] for query in asked if "/*by" in query["sql"] or "auth_user" in query["sql"]]


def _with_triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'written_down_%' AND NOT tgisinternal"
        )
        return {table for (table,) in cursor.fetchall()}


def test_every_list_that_can_be_edited_is_written_down_or_says_why_not(admin_user: User, rf: Any) -> None:
    request = rf.get("/")
    request.user = admin_user
    edited = {
        model._meta.label: model._meta.db_table
        for model, page in admin.site._registry.items()
        if model._meta.managed
        and (
            page.has_change_permission(request)
            or page.has_add_permission(request)
            or page.has_delete_permission(request)
        )
    }
    there = _with_triggers()
    assert {label for label, table in edited.items() if table not in there} == set(NOT_WRITTEN_DOWN)


def test_every_column_of_a_table_that_is_written_down_is_there() -> None:
    """A column that was renamed would leave its trigger silent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, encode(tgargs, 'escape') FROM pg_trigger"
            " WHERE tgname LIKE 'written_down_%' AND NOT tgisinternal"
        )
        for table, name, told in cursor.fetchall():
            *_, key, columns = told.removesuffix("\\000").split("\\000")
            cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table])
            there = {column for (column,) in cursor.fetchall()}
            assert {key, *(one.lstrip("!") for one in columns.split(","))} <= there, (table, name)


def test_a_link_that_leads_elsewhere_is_a_line() -> None:
    offer = make_seen_offer(make_product(), make_merchant())
    link = make_link(offer, "acme-one")
    Link.objects.filter(pk=link.pk).update(is_active=False)
    assert (newest().row_name, newest().said) == ("acme-one", {"is_active": [True, False]})
    Offer.objects.filter(pk=offer.pk).update(url="https://elsewhere.example/x")
    assert newest().said["url"][1] == "https://elsewhere.example/x"
    assert Product.objects.count() == 1
