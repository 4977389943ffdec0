"""Who stands behind a write, by each door: admin, API, a command, a task, a reader's form, the database itself."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from catalog.models import Brand
from config.acting import Actor, acting
from config.acting_doors import of_request
from config.celery import app
from config.embedded import PROJECT
from reviews.desk import steps
from reviews.models import Article, AuditLine, Revision, RowChange
from reviews.tasks import publish_due_articles
from tests.factories import make_article, make_colleague, make_product
from tests.partners.keys import make_key, shown
from tests.site_processes import environment

pytestmark = pytest.mark.django_db


def newest() -> RowChange:
    found = RowChange.objects.order_by("-pk").first()
    assert found is not None
    return found


def test_the_admin_is_named_by_its_user(client: Client) -> None:
    boss = make_colleague("boss", "Administrator")
    client.force_login(boss)
    brand = Brand.objects.create(name="Acme", slug="acme")
    sent = {"name": "Acme Audio", "slug": "acme", "homepage": ""}
    assert client.post(reverse("admin:catalog_brand_change", args=[brand.pk]), sent).status_code == 302
    line = AuditLine.objects.get(table_name="catalog_brand", action_flag=2)
    assert (line.door, line.who, line.user, line.actor) == ("admin", "boss", boss, "boss")
    assert line.deed == "Changed. name: Acme → Acme Audio"


def test_the_api_is_named_by_the_beginning_of_its_key(client: Client) -> None:
    product = make_product("One")
    key, secret = make_key("products:write")
    address = f"/api/v1/products/{product.slug}/"
    headers = {**shown(secret), "If-Match": str(client.get(address)["ETag"])}
    sent = {"summary": "Light headphones."}
    assert client.patch(address, sent, content_type="application/json", headers=headers).status_code == 200
    line = AuditLine.objects.get(table_name="catalog_product", action_flag=2)
    assert (line.door, line.who, line.user) == ("api", f"API key {key.prefix}…", None)
    assert line.said == {"summary": [None, "Light headphones."]}
    assert secret not in str(list(RowChange.objects.values()))
    assert key.digest not in str(list(RowChange.objects.values()))


def test_a_reader_at_a_form_is_nobody() -> None:
    """Where the address is not the desk's, who asks is not even looked up."""
    request = RequestFactory().post("/reviews/one/comments/")
    request.user = SimpleLazyObject(lambda: pytest.fail("asked who it is"))  # type: ignore[assignment]
    assert of_request(request) == Actor("site")


@pytest.mark.django_db(transaction=True)
def test_a_command_is_named() -> None:
    role = make_colleague("wim", "Writer").groups.get()
    role.permissions.clear()
    done = subprocess.run(
        [sys.executable, "manage.py", "keep_roles"], env=environment(), capture_output=True, cwd=PROJECT, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = AuditLine.objects.filter(table_name="auth_group_permissions", door="command", action_flag=1)
    assert {(line.who, line.user) for line in lines} == {("manage.py keep_roles", None)}
    assert str(role.pk) in {line.object_id for line in lines}, "it stands in the history of its role"


def due_article(by: User) -> Article:
    now = timezone.now()
    article = make_article()
    steps.schedule_article(article=article, by=by, at=now + timedelta(hours=1), now=now)
    Article.objects.filter(pk=article.pk).update(publish_at=now - timedelta(minutes=1))
    return article


def test_a_task_is_named_only_while_it_runs() -> None:
    due_article(make_colleague("boss", "Administrator"))
    with acting(lambda: Actor("command", "try")):
        publish_due_articles.apply()
        assert newest().door == "task"
        Brand.objects.create(name="Acme", slug="acme")
        assert (newest().door, newest().name) == ("command", "try")


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_knows_who_had_it_done() -> None:
    boss = make_colleague("boss", "Administrator")
    article = due_article(boss)
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        with acting(lambda: Actor("admin", "boss", boss.pk)):
            publish_due_articles.delay()
        deadline = time.monotonic() + 30
        while not Revision.objects.filter(article=article).exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    lines = AuditLine.objects.filter(table_name="reviews_article", door="task")
    assert {line.who for line in lines} == {"boss, by reviews.tasks.publish_due_articles"}
    assert any("status: draft → published" in line.deed for line in lines)


def test_whoever_asks_the_database_by_itself_is_named_by_its_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO catalog_brand (name, slug, homepage) VALUES ('Acme', 'acme', '')")
        cursor.execute("SELECT session_user")
        (role,) = cursor.fetchone()
    line = AuditLine.objects.get(table_name="catalog_brand")
    assert line.door == "database"
    assert line.who.startswith(f"the database: {role}")


@pytest.mark.parametrize("name", ["*/ DROP", "100 %s", "O'Neill", "Zoë 東京", "x" * 300, ""])
def test_any_name_arrives_as_it_is(name: str) -> None:
    with acting(lambda: Actor("command", name)):
        brand = Brand.objects.create(name="Acme", slug="acme")
        assert newest().name == name[:60]
        Brand.objects.filter(pk=brand.pk).update(name=" /*by admin 1 61*/")
        assert (newest().door, newest().name) == ("command", name[:60])


def test_a_mark_in_what_somebody_typed_is_not_believed() -> None:
    Brand.objects.create(name="/*by admin 1 61*/", slug="acme")
    assert newest().door == "database"


def test_a_part_that_was_taken_back_takes_its_lines_along_and_forgets_nobody() -> None:
    with acting(lambda: Actor("command", "try")):
        with transaction.atomic():
            Brand.objects.create(name="One", slug="one")
            transaction.set_rollback(True)
        Brand.objects.create(name="Two", slug="two")
    assert [(line.row_name, line.door) for line in RowChange.objects.filter(table_name="catalog_brand")] == [
        ("Two", "command")
    ]
