"""What each role may do, permission by permission, and what the admin's pages refuse it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from reviews.roles import ROLES, permissions_of
from reviews.services.roles import RoleError, keep_roles
from tests.factories import make_article, make_colleague, make_merchant, make_product

pytestmark = pytest.mark.django_db

# What a role must never have, whatever else it is given.
NEVER = {
    "Writer": {"publish_article", "review_article", "delete_article", "change_author", "change_product", "change_offer",
               "change_link", "view_click", "view_conversion", "view_user", "change_user", "view_auditline",
               "view_merchant", "change_merchant", "view_reader"},
    "Editor": {"delete_article", "change_merchant", "change_link", "change_linkroute", "view_conversion",
               "change_networkaccount", "view_user", "change_user", "view_reader", "delete_product"},
    "Link manager": {"change_article", "publish_article", "view_article", "change_product", "change_merchant",
                     "view_user", "change_user", "view_reader", "view_auditline"},
    "Moderator": {"change_article", "view_article", "publish_article", "view_click", "view_offer", "view_link",
                  "view_user", "view_reader", "change_product"},
    "Administrator": {"change_auditline", "delete_auditline", "change_logentry", "delete_logentry", "change_price",
                      "delete_price", "change_revision", "delete_revision", "change_click", "delete_click"},
}  # fmt: skip


def test_every_group_has_exactly_the_permissions_of_the_table() -> None:
    keep_roles()
    for role in ROLES:
        found = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
        assert sorted(found) == sorted(permissions_of(role)), role


@pytest.mark.parametrize("role", ROLES)
def test_a_role_lacks_what_it_must_never_have(role: str) -> None:
    assert not NEVER[role] & {codename for _, codename in permissions_of(role)}


def test_every_list_of_the_admin_is_somebodys_to_look_at() -> None:
    """Whoever adds an admin page says in the table who may open it."""
    seen = {f"{app}.{codename}" for role in ROLES for app, codename in permissions_of(role)}
    apps_of_ours = ("reviews", "catalog", "partners", "readers")
    ours = [model for model in admin.site._registry if model._meta.app_label in apps_of_ours]
    everybodys = {"reviews.view_deskpreferences"}
    missing = {f"{model._meta.app_label}.view_{model._meta.model_name}" for model in ours} - seen - everybodys
    assert not missing


def test_the_table_names_only_models_that_there_are() -> None:
    for rights in ROLES.values():
        for name in rights:
            assert apps.get_model(name)


def test_a_right_that_was_added_by_hand_goes_and_other_groups_stay() -> None:
    keep_roles()
    own = Group.objects.create(name="Interns")
    right = Permission.objects.get(codename="delete_product")
    own.permissions.add(right)
    Group.objects.get(name="Writer").permissions.add(right)
    assert keep_roles() == ["Writer"]
    assert keep_roles() == []
    assert list(own.permissions.all()) == [right]
    assert not Group.objects.get(name="Writer").permissions.filter(pk=right.pk).exists()


def test_who_has_a_role_keeps_it() -> None:
    writer = make_colleague("theo", "Writer")
    keep_roles()
    assert list(writer.groups.values_list("name", flat=True)) == ["Writer"]


def test_before_the_migrations_have_run_it_says_so_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Permission.objects.filter(codename="publish_article").delete()
    with pytest.raises(RoleError, match=r"reviews.publish_article. Run `manage.py migrate` first"):
        keep_roles()
    assert not Group.objects.exists()


def test_the_command_says_what_it_changed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("keep_roles")
    call_command("keep_roles")
    said = capsys.readouterr().out
    assert "Changed: Writer, Editor, Link manager, Moderator, Administrator." in said
    assert "The roles are as the table says." in said


LISTS = {
    "reviews_article": {"Writer", "Editor", "Administrator"},
    "reviews_auditline": {"Editor", "Administrator"},
    "reviews_finding": {"Editor", "Administrator"},
    "reviews_revision": {"Writer", "Editor", "Moderator", "Administrator"},
    "catalog_link": {"Editor", "Link manager", "Administrator"},
    "catalog_conversion": {"Link manager", "Administrator"},
    "catalog_networkaccount": {"Link manager", "Administrator"},
    "catalog_merchant": {"Editor", "Link manager", "Administrator"},
    "catalog_clicktally": {"Editor", "Link manager", "Administrator"},
    "catalog_product": {"Writer", "Editor", "Link manager", "Moderator", "Administrator"},
    "readers_reader": {"Administrator"},
    "auth_user": {"Administrator"},
    "auth_group": {"Administrator"},
    "reviews_deskpreferences": set(ROLES),
}


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_whom_they_are_and_for_nobody_else(client: Client, role: str) -> None:
    client.force_login(make_colleague("somebody", role))
    opened = {name for name in LISTS if client.get(reverse(f"admin:{name}_changelist")).status_code == 200}
    assert opened == {name for name, roles in LISTS.items() if role in roles}


@pytest.mark.parametrize("role", ["Writer", "Editor", "Link manager", "Moderator"])
def test_nobody_but_an_administrator_changes_merchants_and_accounts(client: Client, role: str) -> None:
    user = make_colleague("somebody", role)
    client.force_login(user)
    merchant = make_merchant()
    sent = client.post(reverse("admin:catalog_merchant_change", args=[merchant.pk]), {"name": "Mine"})
    assert sent.status_code == 403
    assert client.post(reverse("admin:auth_user_change", args=[user.pk]), {"is_superuser": "on"}).status_code == 403


def test_decisions_about_prices_are_refused_to_a_writer(client: Client) -> None:
    client.force_login(make_colleague("theo", "Writer"))
    assert client.post(reverse("admin:catalog_offer_decide"), {"act": "accept-1"}).status_code == 403
    assert client.get(reverse("admin:catalog_offer_held")).status_code == 403
    make_product()
    assert client.get(reverse("admin:catalog_product_merge")).status_code == 403


def test_an_administrator_cannot_make_somebody_a_superuser_or_change_one(client: Client) -> None:
    boss = make_colleague("boss", "Administrator")
    above = make_colleague("above")
    above.is_superuser = True
    above.save()
    client.force_login(boss)
    url = reverse("admin:auth_user_change", args=[boss.pk])
    html = client.get(url).content.decode()
    assert 'name="is_superuser"' not in html
    assert 'name="groups"' in html
    assert client.post(reverse("admin:auth_user_change", args=[above.pk]), {"username": "x"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[above.pk])).status_code == 403


def test_a_colleague_without_a_role_sees_no_article(client: Client) -> None:
    client.force_login(make_colleague("nobody"))
    article = make_article()
    assert client.get(reverse("admin:reviews_article_changelist")).status_code == 403
    assert client.get(reverse("admin:reviews_article_change", args=[article.pk])).status_code in (302, 403)
