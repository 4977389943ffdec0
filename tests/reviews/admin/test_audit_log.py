"""One list of who did what, which can be filtered and taken home and which nobody rewrites."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product
from reviews.desk import steps
from reviews.desk.publishing import publish_article
from reviews.models import AuditLine
from tests.factories import make_article, make_colleague, make_product

pytestmark = pytest.mark.django_db

URL = "/admin/reviews/auditline/"


@pytest.fixture
def boss(client: Client) -> User:
    user = make_colleague("boss", "Administrator")
    client.force_login(user)
    return user


def in_words() -> QuerySet[AuditLine]:
    """What somebody did, without what triggers saw of rows (`test_rows_are_written_down.py`)."""
    return AuditLine.objects.filter(said__isnull=True)


def logged(user: User, row: Any, message: str = "Edited.") -> None:
    LogEntry.objects.log_actions(user.pk, [row], 2, message, single_object=True)


def test_steps_and_edits_stand_in_one_list_newest_first(client: Client, boss: User) -> None:
    product = make_product()
    logged(boss, product)
    article = make_article()
    publish_article(article=article, by=boss, now=timezone.now() + timedelta(seconds=1))
    assert [(line.who, line.object_name, line.deed) for line in in_words()] == [
        ("boss", "A guide", "Published the article."),
        ("boss", "Acme One", "Edited."),
    ]
    html = client.get(URL).content.decode()
    assert html.index("Published the article.") < html.index("Edited.")


def test_what_the_clock_did_is_done_by_the_timetable(client: Client, boss: User) -> None:
    now = timezone.now()
    steps.schedule_article(article=make_article(), by=boss, at=now + timedelta(hours=1), now=now)
    steps.publish_due(now=now + timedelta(hours=1))
    line = in_words().first()
    assert line is not None
    assert (line.who, line.deed) == ("the timetable", "Published the article as scheduled.")
    assert "Scheduled the article." not in client.get(URL, {"door__exact": "task"}).content.decode()
    assert "Scheduled the article." in client.get(URL, {"door__exact": "admin", "told": "words"}).content.decode()


def test_giving_a_role_says_which(client: Client, boss: User) -> None:
    other = make_colleague("theo")
    page = reverse("admin:auth_user_change", args=[other.pk])
    role = Group.objects.get(name="Writer")
    sent = {
        "username": "theo", "email": other.email, "is_active": "on", "is_staff": "on", "groups": str(role.pk),
        "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00", "first_name": "", "last_name": "",
        "last_login_0": "", "last_login_1": "",
    }  # fmt: skip
    assert client.post(page, sent).status_code == 302
    line = in_words().get()
    assert line.who == "boss"
    assert "Writer" in line.deed


def test_the_list_is_filtered_by_kind_and_taken_home(client: Client, boss: User) -> None:
    logged(boss, make_product(), "=SUM(A1)")
    publish_article(article=make_article(), by=boss)
    answer = client.get(f"{URL}export/", {"what": "catalog.product", "told": "words"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode().lstrip("\ufeff"))))  # type: ignore[attr-defined]
    assert [row["name"] for row in rows] == ["Acme One"]
    assert rows[0]["deed"] != "=SUM(A1)", "a cell must not begin a formula"


def test_nobody_adds_changes_or_deletes_a_line(client: Client, boss: User) -> None:
    logged(boss, make_product())
    assert client.get(f"{URL}add/").status_code == 403
    line = in_words().get()
    assert client.post(f"{URL}{line.pk}/change/", {"message": "x"}).status_code in (302, 403)
    assert client.post(f"{URL}{line.pk}/delete/", {"post": "yes"}).status_code in (302, 403)
    assert in_words().get().message == line.message


def test_the_database_refuses_to_rewrite_the_log(boss: User) -> None:
    logged(boss, make_product())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LogEntry.objects.update(change_message="It was never so")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LogEntry.objects.all().delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        boss.delete()
    assert LogEntry.objects.get().change_message == "Edited."


def test_an_account_that_did_something_is_switched_off_and_not_deleted(client: Client, boss: User) -> None:
    other = make_colleague("theo", "Editor")
    page = reverse("admin:auth_user_delete", args=[other.pk])
    assert client.get(page).status_code == 200
    logged(other, make_product())
    assert client.get(page).status_code == 403
    assert client.post(page, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


def test_nobody_deletes_themselves(client: Client, boss: User) -> None:
    """(Django would write a line of theirs about it, and the line stays.)"""
    page = reverse("admin:auth_user_delete", args=[boss.pk])
    assert client.get(page).status_code == 403
    assert client.post(page, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=boss.pk).exists()


def test_a_price_that_was_decided_is_in_it(client: Client) -> None:
    from catalog.models import Price
    from tests.factories import make_merchant, make_seen_offer

    client.force_login(make_colleague("ines", "Editor"))
    offer = make_seen_offer(make_product(), make_merchant())
    Price.objects.create(
        offer=offer, amount="9.00", currency="USD", availability="in_stock", seen_at=timezone.now(), source="manual",
        verdict="held", reason="Ten times lower.",
    )  # fmt: skip
    type(offer).objects.filter(pk=offer.pk).update(state="held")
    client.post(reverse("admin:catalog_offer_decide"), {"act": f"reject-{offer.pk}"})
    line = in_words().get()
    assert (line.who, line.deed) == ("ines", "Held price rejected.")


def test_the_list_asks_as_many_queries_for_200_lines_as_for_20(client: Client, boss: User) -> None:
    for number in range(20):
        logged(boss, make_product(f"No{number}"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(URL).status_code == 200
        return len(caught)

    queries()
    few = queries()
    for row in Product.objects.all():
        for _ in range(9):
            logged(boss, row)
    assert in_words().count() == 200
    assert queries() == few
