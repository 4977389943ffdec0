"""Every list of the admin, whoever registered it: as many questions to the database for many rows as for few."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.admin import readonly
from tests.factories import make_product
from tests.made_rows import Rows

pytestmark = pytest.mark.django_db

LISTS = sorted(model._meta.label for model in admin.site._registry)
# The lists that grow longest are asked with more rows; all with as many would take minutes and say the same.
LONGEST = {"catalog.Product", "catalog.Offer", "catalog.Link", "reviews.Article"}
FEW, MANY = 10, 60
FEW_OF_THE_LONGEST, MANY_OF_THE_LONGEST = 20, 200
# Reports over all rows, the rules of the version in force, and what everybody sees only of themselves.
NOT_ROWS = {"catalog.ClickTally", "recommender.RuleSetVersion", "recommender.StepTally", "reviews.DeskPreferences"}


def _list_of(label: str) -> tuple[type[models.Model], str]:
    model = next(model for model in admin.site._registry if model._meta.label == label)
    return model, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def questions(client: Client, address: str) -> tuple[list[str], str]:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, follow=True)  # a list may open filtered
    assert answer.status_code == 200, (address, answer.status_code)
    return [query["sql"] for query in asked], answer.content.decode()


@pytest.fixture
def all_on_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of the usual length would hide what many rows cost."""
    for listed in admin.site._registry.values():
        monkeypatch.setattr(listed, "list_per_page", MANY_OF_THE_LONGEST * 2)


def _size(label: str) -> tuple[int, int]:
    return (FEW_OF_THE_LONGEST, MANY_OF_THE_LONGEST) if label in LONGEST else (FEW, MANY)


def _fill(rows: Rows, label: str, numbers: range) -> None:
    for number in numbers:
        rows.one(label, number)
    # As the database does by itself where rows are not taken back: without it a join of some tables takes minutes.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize("label", LISTS)
def test_many_rows_ask_no_more_than_few(label: str, admin_client: Client, all_on_one_page: None) -> None:
    model, address = _list_of(label)
    rows, (few_rows, many_rows) = Rows(), _size(label)
    _fill(rows, label, range(few_rows))
    questions(admin_client, address)  # what is asked once for the whole process
    few, page = questions(admin_client, address)
    _fill(rows, label, range(few_rows, many_rows))
    assert model._default_manager.count() >= many_rows
    many, longer = questions(admin_client, address)
    assert len(many) <= len(few), [sql[:300] for sql in many if many.count(sql) > 1 or sql not in few][:6]
    if label not in NOT_ROWS:
        assert len(longer) > len(page) + 100 * (many_rows - few_rows), "the list does not show the test's rows"


def test_every_list_that_grows_longest_is_registered() -> None:
    assert set(LISTS) >= LONGEST


def test_a_list_that_was_not_counted_to_its_end_says_so(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("One", "Two", "Three"):
        make_product(name)
    address = reverse("admin:catalog_product_changelist")
    assert "3 products" in " ".join(admin_client.get(address).content.decode().split())
    monkeypatch.setattr(readonly, "COUNTED_AT_MOST", 2)
    assert "2 or more products" in " ".join(admin_client.get(address).content.decode().split())


def test_what_a_list_says_of_its_length_is_asked_once(admin_client: Client) -> None:
    asked, _ = questions(admin_client, reverse("admin:catalog_product_changelist"))
    assert sum("COUNT(" in sql for sql in asked) == 1
